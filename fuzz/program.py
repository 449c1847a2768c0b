"""Feeds damaged files, prompts and command lines to the program: python3 fuzz/program.py SECONDS [DOOR…]

Every run must end by itself with an exit code of
the program's own, and what it writes to a terminal must be inert. What breaks that stays in fuzz/artifacts/program.
The program is target/debug/neuronc, or what NEURONC names, built with `cargo build --features parquet`.
"""

import argparse
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROGRAM = os.environ.get("NEURONC", str(ROOT / "target/debug/neuronc"))
DOORS = ["parquet", "arrow", "safetensors", "csv", "prompt", "arguments"]
NETWORK = "input a, b = 1\ninput c[2] = 0\nneuron y\n[a, b] -> y : 1\nc -> y : 1\noutput y\n"
ROWS = "a,b,c[0],c[1],name\n" + "".join(f"{i},{i / 4},{-i},1e{i % 9},row {i}\n" for i in range(40))
HARMFUL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")
WORDS = [b"\x1b[31m", b"\xe2\x80\xae", b"\x00", b"\xff" * 8, b"\x80", b"1e999", b"nan", b"\n", b"\"", b"PAR1", b"-1", b"9" * 40]


def damaged(data, seeds, rng):
    """A seed with a few bytes, pieces or lengths changed."""
    data = bytearray(data)
    for _ in range(rng.choice([1, 1, 2, 4, 16])):
        # Sizes and offsets mostly stand at the two ends.
        near_end = rng.random() < 0.5
        at = rng.randrange(max(0, len(data) - 300), len(data) + 1) if near_end else rng.randrange(len(data) + 1)
        kind = rng.randrange(8)
        if kind == 0 and at < len(data):
            data[at] ^= 1 << rng.randrange(8)
        elif kind == 1 and at < len(data):
            data[at] = rng.randrange(256)
        elif kind == 2:
            del data[at : at + rng.choice([1, 2, 8, 100])]
        elif kind == 3:
            data[at:at] = rng.choice(WORDS)
        elif kind == 4:
            data[at:at] = rng.randbytes(rng.choice([1, 4, 8]))
        elif kind == 5:
            from_ = rng.randrange(len(data) + 1)
            data[at:at] = data[from_ : from_ + rng.choice([4, 30, 300])]
        elif kind == 6:
            other = rng.choice(seeds)
            data[at:] = other[min(at, len(other)) :]
        else:
            data[at : at + 8] = rng.choice([0, 1, 2**31 - 1, 2**32, 2**62, 2**63]).to_bytes(8, "little")
    return bytes(data[: 1 << 16])


def run(arguments, folder, given=b""):
    return subprocess.run([PROGRAM, *arguments], cwd=folder, input=given, capture_output=True, timeout=20)


def seeds_of(door, folder):
    """What is damaged: files that the program wrote, the transcripts' entries, and the commands of the documents."""
    if door == "prompt":
        texts = [path.read_text() for path in sorted((ROOT / "tests/repl").glob("*.txt"))]
        return [("\n".join(re.findall(r"^[^ ]*> (.*)$", text, re.M)) + "\n").encode() for text in texts]
    if door == "arguments":
        pages = (ROOT / "README.md").read_text() + (ROOT / "docs/data.md").read_text()
        lines = [line.split("neuronc ", 1)[1].split("#")[0] for line in pages.splitlines() if line.lstrip("$ ").startswith("neuronc ")]
        return [line.encode() for line in lines]
    if door == "csv":
        return [ROWS.encode()]
    if door == "safetensors":
        header = b'{"w":{"dtype":"F64","shape":[2,3],"data_offsets":[0,48]}}'
        return [len(header).to_bytes(8, "little") + header + bytes(48)]
    made = []
    (folder / "all.neuron").write_text("input a, b\noutput a, b\n")
    for count in (3, 40):
        (folder / "seed.csv").write_text("\n".join(ROWS.split("\n")[: count + 1]) + "\n")
        ran = run(["run", "all.neuron", "--data", "seed.csv", "--out", f"seed.{door}"], folder)
        if ran.returncode:
            sys.exit(f"no seed: {ran.stderr.decode()}")
        made.append((folder / f"seed.{door}").read_bytes())
    return made


def once(door, data, folder, rng):
    """One run, as its arguments and what became of it."""
    if door == "prompt":
        return run(["repl", "net.neuron", "--no-history"], folder, data)
    if door == "arguments":
        words = [word.decode(errors="replace").replace("\0", "") for word in data.split()[:12]]
        return run(words, folder)
    if door == "safetensors":
        (folder / "w.safetensors").write_bytes(data)
        return run(["run", "load.neuron"], folder)
    name = f"rows.{door}"
    (folder / name).write_bytes(data)
    more = rng.choice([[], ["--on-bad-row", "skip"], ["--on-bad-row", "null"], ["--out", "o.csv"], ["--keep", "a"]])
    return run(["run", "net.neuron", "--data", name, *more], folder)


def fuzz(door, seconds):
    rng = random.Random(time.time_ns())
    runs, broken, codes = 0, 0, {}
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "net.neuron").write_text(NETWORK)
        (folder / "load.neuron").write_text('weight w[2, 3] = load("w.safetensors", "w")\ninput x = 1\noutput x\n')
        seeds = seeds_of(door, folder)
        if door not in ("prompt", "arguments") and (ran := once(door, seeds[0], folder, rng)).returncode:
            sys.exit(f"an undamaged file is refused: {ran.stderr.decode()}")
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            (folder / "net.neuron").write_text(NETWORK)
            data = damaged(rng.choice(seeds), seeds, rng)
            runs += 1
            try:
                ran = once(door, data, folder, rng)
                shown = ran.stderr.decode(errors="replace") + (ran.stdout.decode(errors="replace") if door == "prompt" else "")
                fault = None
                if ran.returncode not in (0, 1, 2, 3, 4):
                    fault = f"exit code {ran.returncode}"
                elif HARMFUL.search(shown):
                    fault = f"harmful {HARMFUL.search(shown).group()!r}"
                elif ran.returncode != 0 and not shown.strip():
                    fault = "fails in silence"
                codes[ran.returncode] = codes.get(ran.returncode, 0) + 1
            except subprocess.TimeoutExpired:
                fault = "20 seconds"
            if fault:
                broken += 1
                kept = ROOT / "fuzz/artifacts/program" / f"{door}-{abs(hash(data)):016x}"
                kept.parent.mkdir(parents=True, exist_ok=True)
                kept.write_bytes(data)
                print(f"{door}: {fault}: {kept}", flush=True)
    print(f"{door}: {runs} runs in {seconds} s, exit codes {dict(sorted(codes.items()))}, {broken} broken", flush=True)
    return broken


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("seconds", type=float, help="for each door")
    arguments.add_argument("doors", nargs="*", metavar="door", help=", ".join(DOORS))
    given = arguments.parse_args()
    if unknown := [door for door in given.doors if door not in DOORS]:
        arguments.error(f"no door is called {unknown[0]}; there are {', '.join(DOORS)}")
    if not os.access(PROGRAM, os.X_OK):
        arguments.error(f"{PROGRAM} is not there: build it with `cargo build --features parquet`")
    sys.exit(any([fuzz(door, given.seconds) for door in given.doors or DOORS]))


if __name__ == "__main__":
    main()
