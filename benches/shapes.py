"""How work and memory grow with a file: many shapes of input, each at n, 2n and 4n, for memory with a larger n.

Usage: shapes.py PROGRAM [SHAPE…], where PROGRAM is the built `neuronc`. Needs GNU time, and valgrind, which counts
instructions. Both numbers are less those of a small file; memory is the
peak. Twice the input may take 2.3 times of either; what takes more is told at the end. A peak jumps where a list
doubles its room, so that memory is held over both steps: 2.3² times from n to 4n.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

MOST = 2.3
# Below these differences from a small file a ratio says nothing.
LEAST_INSTRUCTIONS, LEAST_BYTES = 200_000, 8 * 2**20
# How many times larger files may be for their memory to tell; some shapes have limits.
MORE = 32
LIMITED = ["imports", "nested networks", "chain of activations", "long formula", "one long cell"]
# What grows faster, and what bounds it.
BOUNDED = {
    "chain of activations": "an activation holds the operations of those that it calls, 10,000 at the most",
    "nested networks": "each copy holds the names of all that is in it, and what instances copy is limited",
    "picture": "lines are as long as the picture is high, of up to 1,000 nodes",
    "page": "as a picture",
}


def each(count, line):
    return "".join(f"{line(number)}\n" for number in range(count))


def named(first, **files):
    """The files of a run: the first, and those beside it."""
    return {"model.neuron": first, **{name.replace("__", "."): text for name, text in files.items()}}


def check(text, **files):
    return ["check", "model.neuron"], named(text, **files)


def run(text, *arguments, **files):
    return ["run", "model.neuron", *arguments], named(text, **files)


def listed(count, item):
    return ", ".join(item(number) for number in range(count))


ONE = "input x = 0\nneuron y\nx -> y : 1\noutput y\n"
# On one thread: how much of two threads' work lies in memory at one time is chance.
OUT = ["--out", "o.csv", "--threads", "1"]
ROWS = ["--data", "rows.csv", *OUT]
PART = "network part {\ninput a = 0\nneuron b { activation = relu }\na -> b : 1\noutput b\n}\n"


def neurons(count, source):
    """So many neurons with names of their own, each fed by the one before it whose number `source` gives."""
    return run(
        "input n0 = 1\n"
        + each(count, lambda i: f"neuron n{i + 1}")
        + each(count, lambda i: f"n{source(i)} -> n{i + 1} : 0.5")
        + f"output n{count}\n"
    )


def rows(count, form):
    text = "".join(
        "0.1234567,0.7654321\n" if form == "csv" else '{"a":0.1234567,"b":0.7654321}\n' for _ in range(count)
    )
    head = "a,b\n" if form == "csv" else ""
    return run(
        "input a, b\nneuron y { activation = tanh }\n[a, b] -> y : 1\noutput y\n",
        "--data",
        f"rows.{form}",
        *OUT,
        **{f"rows__{form}": head + text},
    )


# A name, the smallest n, and what n makes: arguments and files.
SHAPES = {
    "inputs": (1_000, lambda n: check(each(n, lambda i: f"input x{i} = {i}") + "output x0\n")),
    "inputs in one line": (1_000, lambda n: check("input " + listed(n, lambda i: f"x{i} = {i}") + "\noutput x0\n")),
    "sources in one list": (
        400,
        lambda n: run(
            each(n, lambda i: f"input x{i} = {i}")
            + f"neuron y\n[{listed(n, lambda i: f'x{i}')}] -> y : 1\noutput y\n"
        ),
    ),
    "plain connections": (
        4_000,
        lambda n: run(
            "input x[100] = 0\nneuron y[100]\n"
            + each(n, lambda i: f"x[{i % 100}] -> y[{i // 100 % 100}] : 0.{i}")
            + "output y\n"
        ),
    ),
    "named connections": (
        400,
        lambda n: neurons(n, lambda i: i * 7 % (i + 1)),
    ),
    "matrix": (
        60,
        lambda n: run(
            f"input x[100] = 0\nneuron y[{n}]\nx -> y : [\n"
            + each(n, lambda i: f"[{listed(100, lambda j: f'0.{i}{j}')}],")
            + "]\noutput y\n"
        ),
    ),
    "matrix in one line": (
        60,
        lambda n: run(
            f"input x[100] = 0\nneuron y[{n}]\nx -> y : ["
            + listed(n, lambda i: f"[{listed(100, lambda j: f'0.{i}{j}')}]")
            + "]\noutput y\n"
        ),
    ),
    "deep parentheses": (10, lambda n: check(each(n, lambda i: f"const c{i} = {'(' * 250}1{')' * 250}") + ONE)),
    "chain of consts": (
        400,
        lambda n: check("const c0 = 1\n" + each(n, lambda i: f"const c{i + 1} = c{i} + 1") + ONE),
    ),
    "chain of consts, last first": (
        400,
        lambda n: check(each(n, lambda i: f"const c{n - i} = c{n - i - 1} + 1") + "const c0 = 1\n" + ONE),
    ),
    "chain of weights": (
        200,
        lambda n: check(
            "weight w0 = 1\n"
            + each(n, lambda i: f"weight w{i + 1} = w{i} / 2")
            + f"input x = 0\nneuron y\nx -> y : w{n}\noutput y\n"
        ),
    ),
    "chain of neurons": (
        400,
        lambda n: neurons(n, lambda i: i),
    ),
    "chain in an array": (
        4_000,
        lambda n: run(
            f"input x = 1\nneuron c[{n}]\nx -> c[0] : 1\n"
            f"c[0..{n - 1}] -> c[1..{n}] : 0.5 {{ rule = one_to_one }}\noutput y = c[{n - 1}]\n"
        ),
    ),
    "ring": (
        400,
        lambda n: check(
            each(n, lambda i: f"neuron n{i}") + each(n, lambda i: f"n{i} -> n{(i + 1) % n} : 0.5") + "output n0\n"
        ),
    ),
    "rings": (
        100,
        lambda n: check(each(n, lambda i: f"neuron a{i}, b{i}\na{i} -> b{i} : 1\nb{i} -> a{i} : 1") + "output a0\n"),
    ),
    "ring of arrays": (
        400,
        lambda n: check(
            f"neuron a[{n}], b[{n}]\na -> b : 1 {{ rule = one_to_one }}\n"
            f"b[0..{n - 1}] -> a[1..{n}] : 1 {{ rule = one_to_one }}\noutput a\n"
        ),
    ),
    "networks": (
        100,
        lambda n: check(
            "input x = 0\n"
            + each(n, lambda i: PART.replace("part", f"part{i}") + f"instance i{i} = part{i} {{ a = x }}")
            + "output y = i0.b\n"
        ),
    ),
    "instances": (
        200,
        lambda n: run(
            "input x = 0\n"
            + PART
            + each(n, lambda i: f"instance i{i} = part {{ a = x }}")
            + f"output y = [{listed(n, lambda i: f'i{i}.b')}]\n"
        ),
    ),
    "chain of instances": (
        100,
        lambda n: run(
            "input x = 0\n"
            + PART
            + "instance i0 = part { a = x }\n"
            + each(n, lambda i: f"instance i{i + 1} = part {{ a = i{i}.b }}")
            + f"output y = i{n}.b\n"
        ),
    ),
    "nested networks": (
        50,
        lambda n: check(
            PART.replace("part", "p0")
            + each(
                n, lambda i: f"network p{i + 1} {{\ninput a = 0\ninstance i = p{i} {{ a = a }}\noutput b = i.b\n}}"
            )
            + f"input x = 0\ninstance i = p{n} {{ a = x }}\noutput y = i.b\n"
        ),
    ),
    "imports": (
        15,
        lambda n: check(
            each(n, lambda i: f'import "f{i}.neuron"')
            + "input x = 0\n"
            + each(n, lambda i: f"instance i{i} = f{i} {{ x = x }}")
            + "output y = i0.y\n",
            **{f"f{i}__neuron": ONE for i in range(n)},
        ),
    ),
    "long comment": (100_000, lambda n: check(f"# {'c' * n}\n" + ONE)),
    "comments": (4_000, lambda n: check(each(n, lambda i: f"# comment {i}") + ONE)),
    "documentation": (2_000, lambda n: check(each(n, lambda i: f"## About {i}.") + ONE)),
    "documented inputs": (400, lambda n: check(each(n, lambda i: f"## About {i}.\ninput x{i} = 0") + "output x0\n")),
    "blank lines": (40_000, lambda n: check("\n" * n + ONE)),
    "long text": (
        40_000,
        lambda n: check(f'input x = 0 {{ column = "{"t" * n}" }}\nneuron y\nx -> y : 1\noutput y\n'),
    ),
    "long name": (40_000, lambda n: check(f"input {'x' * n} = 0\noutput {'x' * n}\n")),
    "unknown activations": (
        400,
        lambda n: check(each(n, lambda i: f"neuron y{i} {{ activation = rleu }}") + "output y0\n"),
    ),
    "unknown names": (
        1_000,
        lambda n: check(
            each(n, lambda i: f"input name{i} = 0")
            + "neuron y\n"
            + each(n, lambda i: f"nmae{i} -> y : 1")
            + "output y\n"
        ),
    ),
    "broken lines": (400, lambda n: check(each(n, lambda i: f"neuron y{i} {{ bias = = 1 }}") + ONE)),
    "duplicates": (400, lambda n: check(each(n, lambda i: "input x = 0") + "output x\n")),
    "names that look alike": (
        400,
        lambda n: check(each(n, lambda i: f"input x{i} = 0, \u0445{i} = 0") + "output x0\n"),
    ),
    "synapses twice": (
        400,
        lambda n: check("input x = 0\nneuron y\n" + each(n, lambda i: "x -> y : 1") + "output y\n"),
    ),
    "unused": (400, lambda n: check(each(n, lambda i: f"neuron y{i} {{ bias = 1 }}") + ONE)),
    "expectations": (
        200,
        lambda n: (["test", "model.neuron"], named(ONE + each(n, lambda i: f"expect x = {i} => y = {i}"))),
    ),
    "expectations that fail": (
        100,
        lambda n: (["test", "model.neuron"], named(ONE + each(n, lambda i: f"expect x = {i} => y = {i + 1}"))),
    ),
    "activations": (200, lambda n: check(each(n, lambda i: f"activation f{i}(z, p = {i}) = max(z, p) * 2") + ONE)),
    "chain of activations": (
        100,
        lambda n: check("activation f0(z) = z\n" + each(n, lambda i: f"activation f{i + 1}(z) = f{i}(z) + 1") + ONE),
    ),
    "long formula": (400, lambda n: check(f"activation f(z) = {' + '.join(['z'] * n)}\n" + ONE)),
    "outputs": (
        400,
        lambda n: run(
            "input x[10] = 0\nneuron y[10]\nx -> y : 1\n" + each(n, lambda i: f"output o{i} = y[{i % 10}]")
        ),
    ),
    "random pairs": (
        40,
        lambda n: run(f"input x[500] = 0\nneuron y[{n}]\nx -> y : 1 {{ rule = random(0.5, seed = 1) }}\noutput y\n"),
    ),
    "random values": (
        40,
        lambda n: run(f"input x[200] = 0\nneuron y[{n}]\nx -> y : normal(0, 1, seed = 1)\noutput y\n"),
    ),
    "weights in CSV": (
        60,
        lambda n: run(
            f'input x[100] = 0\nneuron y[{n}]\nx -> y : load("w.csv")\noutput y\n',
            w__csv=each(n, lambda i: listed(100, lambda j: f"0.{i}{j}")),
        ),
    ),
    "layout": (
        400,
        lambda n: (
            ["fmt", "--check", "model.neuron"],
            named(each(n, lambda i: f"input   x{i}=0   # c") + "output x0\n"),
        ),
    ),
    "trace": (40, lambda n: run(f"input x[20] = 0\nneuron y[{n}]\nx -> y : 1\noutput y\n", "--trace=json")),
    "account": (
        400,
        lambda n: (
            ["explain", "model.neuron"],
            named("input x = 0\n" + each(n, lambda i: f"neuron y{i}\nx -> y{i} : 1\noutput y{i}")),
        ),
    ),
    "picture": (
        200,
        lambda n: (
            ["draw", "model.neuron"],
            named("input x = 0\n" + each(n, lambda i: f"neuron y{i}\nx -> y{i} : 1\noutput y{i}")),
        ),
    ),
    "picture of a chain": (
        100,
        lambda n: (
            ["draw", "model.neuron"],
            named(
                "input n0 = 1\n" + each(n, lambda i: f"neuron n{i + 1}\nn{i} -> n{i + 1} : 0.5") + f"output n{n}\n"
            ),
        ),
    ),
    "page": (
        100,
        lambda n: (
            ["draw", "--format", "html", "model.neuron"],
            named("input x = 0\n" + each(n, lambda i: f"neuron y{i}\nx -> y{i} : 1\noutput y{i}")),
        ),
    ),
    "long rows, CSV": (4_000, lambda n: rows(n, "csv")),
    "long rows, JSON Lines": (4_000, lambda n: rows(n, "jsonl")),
    "wide rows": (
        1_000,
        lambda n: run(
            f"input x[{n}] = 0\nneuron y\nx -> y : 1\noutput y\n",
            *ROWS,
            rows__csv=listed(n, lambda i: f"x[{i}]").replace(" ", "") + "\n" + (",".join(["0.5"] * n) + "\n") * 3,
        ),
    ),
    "columns that nobody reads": (
        1_000,
        lambda n: run(
            ONE,
            *ROWS,
            rows__csv="x," + ",".join(f"c{i}" for i in range(n)) + "\n" + ",".join(["0.5"] * (n + 1)) + "\n",
        ),
    ),
    "columns by name": (
        200,
        lambda n: run(
            each(n, lambda i: f'input x{i} = 0 {{ column = "c {i}" }}') + "output x0\n",
            *ROWS,
            rows__csv=",".join(f"c {i}" for i in range(n)) + "\n" + ",".join(["0.5"] * n) + "\n",
        ),
    ),
    "one long cell": (
        20_000,
        lambda n: run(ONE, *ROWS, "--keep", "t", rows__csv=f'x,t\n1,"{"c" * n}"\n'),
    ),
    "bad rows": (
        1_000,
        lambda n: run(ONE, *ROWS, "--on-bad-row", "skip", rows__csv="x\n" + "abc\n" * n),
    ),
}


def started(program, arguments, files, count):
    """Runs a program in a folder of the files; `count` takes the folder and the command."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file, text in files.items():
            (folder / file).write_text(text, encoding="utf-8")
        return count(folder, [str(program), *arguments])


def instructions(folder, command):
    counting = ["valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null", *command]
    said = subprocess.run(counting, cwd=folder, capture_output=True, check=False).stderr.decode(errors="replace")
    return int(re.search(r"I\s+refs:\s+([\d,]+)", said)[1].replace(",", ""))


def peak(folder, command):
    # A child of this process would begin with its peak.
    said = subprocess.run(
        ["/usr/bin/time", "-f", "%x %M", *command], cwd=folder, capture_output=True, check=False
    ).stderr
    code, kibibytes = map(int, said.split(b"\n")[-2].split())
    assert code in (0, 1), f"{' '.join(command)} ended with {code}"
    return kibibytes * 1024


def main():
    program, *wanted = sys.argv[1:] or sys.exit(__doc__)
    program = Path(program).resolve()
    if not program.is_file():
        sys.exit(f"{program} is not there: build it with `cargo build --release`")
    if unknown := [name for name in wanted if name not in SHAPES]:
        sys.exit(f"no shape is called {unknown[0]!r}; there are {', '.join(SHAPES)}")
    base, slow = {}, []
    print("| shape | n | instructions at n, 2n, 4n, millions | ratios | n of memory | peak, MiB | ratios |")
    print("|---|---|---|---|---|---|---|")
    for name, (first, make) in SHAPES.items():
        if wanted and name not in wanted:
            continue
        command = make(2)[0][0]
        if command not in base:
            empty = [command, "model.neuron"], {"model.neuron": ONE}
            base[command] = [started(program, *empty, count) for count in (instructions, peak)]
        work_base, peak_base = base[command]
        large = first
        if name not in LIMITED:
            while large < first * MORE and started(program, *make(large), peak) - peak_base < LEAST_BYTES:
                large *= 2
        columns = [
            [started(program, *make(first * factor), instructions) - work_base for factor in (1, 2, 4)],
            [started(program, *make(large * factor), peak) - peak_base for factor in (1, 2, 4)],
        ]
        ratios = [
            [two / one if one >= least else None for one, two in zip(values, values[1:])]
            for values, least in zip(columns, (LEAST_INSTRUCTIONS, LEAST_BYTES))
        ]
        work, memory = ratios
        whole = columns[1][2] / columns[1][0] if columns[1][0] >= LEAST_BYTES else 0
        if any(ratio and ratio > MOST for ratio in work) or whole > MOST**2:
            slow.append(name)
        shown = [", ".join("–" if ratio is None else f"{ratio:.2f}" for ratio in ratios) for ratios in (work, memory)]
        millions = ", ".join(f"{value / 1e6:.1f}" for value in columns[0])
        mebibytes = ", ".join(f"{value / 2**20:.1f}" for value in columns[1])
        print(f"| {name} | {first:,} | {millions} | {shown[0]} | {large:,} | {mebibytes} | {shown[1]} |", flush=True)
    for name in slow:
        print(f"{name}: more than {MOST} times for twice the input, {BOUNDED.get(name, 'without a bound')}")
    sys.exit(1 if any(name not in BOUNDED for name in slow) else 0)


if __name__ == "__main__":
    main()
