#!/usr/bin/env python3
"""The same networks through neuronc and through what one would take instead, in turn, in one run.

    python3 benches/peers/peers.py [--venv FOLDER] [--rounds N] [--only NAME,…] [--skip-files]

The first run makes a virtual environment in FOLDER (by default target/peers) and installs onnxruntime, OpenVINO, numpy,
onnx and polars from the Python package index. `cargo build --release` comes before. Tables go to standard output.

In memory: one thread, single precision, row-major arrays of more rows than the caches hold; of each peer the best of
several block sizes counts, of each round the best. Whole processes: CSV in, CSV out, two threads, double precision here
and single there; wall time and peak memory.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ["numpy", "onnx", "onnxruntime", "openvino", "polars"]
SINGLE = {name: "1" for name in ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"]}

# Sizes of the layers, their activations, rows in memory.
LAYERED = {
    "xor": ([2, 2, 1], ["tanh", "sigmoid"], 2_000_000),
    "iris": ([4, 16, 8, 3], ["relu", "relu", "identity"], 500_000),
    "digits": ([64, 32, 10], ["relu", "identity"], 200_000),
    "mnist": ([784, 512, 256, 10], ["relu", "relu", "identity"], 8_000),
}
NEAT_ROWS = 20_000
GOALS = {"xor": 5.0, "iris": 2.5, "digits": 1.3, "mnist": 1.05, "neat": 10.0}
# Rows of the files of the whole processes.
FILES = {"xor": 2_000_000, "iris": 500_000, "digits": 200_000}


def environment(folder):
    """Runs this script again inside the virtual environment, which is made first if it is not there."""
    python = folder / "bin" / "python"
    if Path(sys.prefix) == folder.resolve():
        return
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    missing = subprocess.run([python, "-c", "import " + ", ".join(PACKAGES)], capture_output=True).returncode
    if missing:
        subprocess.run([python, "-m", "pip", "install", "-q", *PACKAGES], check=True)
    os.execve(python, [str(python), __file__, *sys.argv[1:]], {**os.environ, **SINGLE})


def layers(name):
    """Weights (targets × sources) and biases of each layer."""
    import numpy as np

    random = np.random.default_rng(1)
    sizes = LAYERED[name][0]
    made = []
    for sources, targets in zip(sizes, sizes[1:]):
        weights = random.standard_normal((targets, sources)) / np.sqrt(sources)
        made.append((weights.astype(np.float32), (0.1 * random.standard_normal(targets)).astype(np.float32)))
    return made


def layered_source(name, folder):
    """Writes the network as text, with its weights beside it."""
    import numpy as np

    sizes, activations, _ = LAYERED[name]
    text = f"input l0[{sizes[0]}]\n"
    for number, ((weights, biases), activation) in enumerate(zip(layers(name), activations), 1):
        np.save(folder / f"{name}_w{number}.npy", weights)
        np.save(folder / f"{name}_b{number}.npy", biases)
        text += f'weight w{number} = load("{name}_w{number}.npy")\nbias b{number} = load("{name}_b{number}.npy")\n'
        text += f"neuron l{number}[{sizes[number]}] {{ activation = {activation}, bias = b{number} }}\n"
        text += f"l{number - 1} -> l{number} : w{number}\n"
    (folder / f"{name}.neuron").write_text(text + f"output l{len(activations)}\n")


def neat():
    """Of each neuron: its sources, weights and bias. Half of the sources are among the last 200 nodes."""
    import numpy as np

    random = np.random.default_rng(1)
    neurons = []
    for neuron in range(20, 1020):
        firsts = [0 if synapse % 2 == 0 else max(0, neuron - 200) for synapse in range(10)]
        sources = [int(random.integers(first, neuron)) for first in firsts]
        weights = (random.standard_normal(10) / np.sqrt(10)).astype(np.float32)
        neurons.append((sources, weights, np.float32(0.1 * random.standard_normal())))
    return neurons


def neat_source(folder):
    text = "".join(f"input n{number}\n" for number in range(20))
    for number, (sources, weights, bias) in enumerate(neat(), 20):
        activation = "tanh" if number % 2 == 0 else "sigmoid"
        text += f"neuron n{number} {{ activation = {activation}, bias = {float(bias)!r} }}\n"
        text += "".join(f"n{source} -> n{number} : {float(weight)!r}\n" for source, weight in zip(sources, weights))
    outputs = ", ".join(f"n{number}" for number in range(1015, 1020))
    (folder / "neat.neuron").write_text(f"{text}output {outputs}\n")


def onnx_model(name):
    from onnx import TensorProto, helper, numpy_helper

    sizes, activations, _ = LAYERED[name]
    nodes, constants, last = [], [], "x"
    for number, ((weights, biases), activation) in enumerate(zip(layers(name), activations)):
        constants += [numpy_helper.from_array(weights, f"w{number}"), numpy_helper.from_array(biases, f"b{number}")]
        nodes.append(helper.make_node("Gemm", [last, f"w{number}", f"b{number}"], [f"s{number}"], transB=1))
        last = f"s{number}"
        if activation != "identity":
            nodes.append(helper.make_node(activation.capitalize(), [last], [f"a{number}"]))
            last = f"a{number}"
    given = helper.make_tensor_value_info("x", TensorProto.FLOAT, ["rows", sizes[0]])
    result = helper.make_tensor_value_info(last, TensorProto.FLOAT, ["rows", sizes[-1]])
    graph = helper.make_graph(nodes, name, [given], [result], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 9
    return model.SerializeToString()


def applied(activation, values):
    import numpy as np

    match activation:
        case "relu":
            return np.maximum(values, 0)
        case "tanh":
            return np.tanh(values)
        case "sigmoid":
            return 1 / (1 + np.exp(-values))
        case _:
            return values


def peers(name, rows):
    """Of each peer: a function of a block of rows, and the sizes of blocks to try."""
    import numpy as np

    if name == "neat":
        neurons = neat()

        def node_by_node(block):
            values = np.empty((1020, len(block)), np.float32)
            values[:20] = block.T
            for number, (sources, weights, bias) in enumerate(neurons, 20):
                values[number] = applied("tanh" if number % 2 == 0 else "sigmoid", weights @ values[sources] + bias)
            return values[1015:].T

        return {"numpy": (node_by_node, [500, 2_000])}
    import onnxruntime
    import openvino

    model, made, activations = onnx_model(name), layers(name), LAYERED[name][1]
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    core = openvino.Core()
    # Single precision, as the others: by itself it takes a shorter one where the machine has it.
    settings = {"INFERENCE_NUM_THREADS": 1, "PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": "f32"}
    request = core.compile_model(core.read_model(model, b""), "CPU", settings).create_infer_request()

    def dense(block):
        for (weights, biases), activation in zip(made, activations):
            block = applied(activation, block @ weights.T + biases)
        return block

    sizes = [size for size in (256, 1_024, 4_096, 16_384) if size <= rows]
    return {
        "onnxruntime": (lambda block: session.run(None, {"x": block})[0], [*sizes, rows]),
        "OpenVINO": (lambda block: request.infer({0: block})[0], sizes),
        "numpy": (dense, sizes),
    }


def seconds(function, rows, size):
    start = time.perf_counter()
    for first in range(0, len(rows), size):
        function(rows[first : first + size])
    return time.perf_counter() - start


def bench(program, folder, name, *options):
    command = [program, "bench", folder / f"{name}.neuron", "--format", "json", *options]
    # numpy asks for huge pages for large arrays, and so the peers' rows are on them: the same for these.
    pages = {**os.environ, "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True, env=pages).stdout)


def agrees(program, folder, name, rows, outputs):
    """Whether neuronc computes of some rows what a peer does, but for rounding."""
    import numpy as np

    header = ",".join(f"l0[{column}]" if name in LAYERED else f"n{column}" for column in range(rows.shape[1]))
    lines = [",".join(repr(float(value)) for value in row) for row in rows]
    (folder / "some.csv").write_text("\n".join([header, *lines]) + "\n")
    command = [program, "run", folder / f"{name}.neuron", "--data", folder / "some.csv"]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    ours = np.array([[float(cell) for cell in line.split(",")] for line in text.splitlines()[1:]])
    return np.allclose(ours, outputs, rtol=1e-3, atol=1e-4)


def in_memory(program, folder, names, rounds):
    import numpy as np

    print("In memory, one thread, single precision, thousand rows a second:\n")
    print("| | neuronc | share of the peak | onnxruntime | OpenVINO | numpy | ratio to the best | goal | f64 to f32 | 2 threads |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for name in names:
        count = LAYERED[name][2] if name in LAYERED else NEAT_ROWS
        width = LAYERED[name][0][0] if name in LAYERED else 20
        rows = np.random.default_rng(2).standard_normal((count, width)).astype(np.float32)
        others = peers(name, count)
        for peer, (function, _) in others.items():
            if not agrees(program, folder, name, rows[:100], function(rows[:100])):
                sys.exit(f"{name}: neuronc and {peer} compute different outputs")
        best = {peer: 0.0 for peer in others}
        ours = {"f32": 0.0, "f64": 0.0, "two": 0.0, "share": 0.0}
        for _ in range(rounds):
            measured = bench(program, folder, name, "--rows", str(count), "--threads", "1", "--precision", "f32")
            ours["f32"] = max(ours["f32"], measured["rows_per_second"])
            ours["share"] = max(ours["share"], measured["share_of_peak"])
            for peer, (function, sizes) in others.items():
                rate = max(count / seconds(function, rows, size) for size in sizes)
                best[peer] = max(best[peer], rate)
            double = bench(program, folder, name, "--rows", str(count), "--threads", "1")
            ours["f64"] = max(ours["f64"], double["rows_per_second"])
            two = bench(program, folder, name, "--rows", str(count), "--threads", "2", "--precision", "f32")
            ours["two"] = max(ours["two"], two["rows_per_second"])
        cells = [f"{best[peer] / 1e3:,.0f}" if peer in best else "" for peer in ("onnxruntime", "OpenVINO", "numpy")]
        ratio = ours["f32"] / max(best.values())
        print(
            f"| {name} | {ours['f32'] / 1e3:,.0f} | {ours['share']:.0%} | {' | '.join(cells)} | {ratio:.2f} × "
            f"| {GOALS[name]} × | {ours['f64'] / ours['f32']:.2f} × | {ours['two'] / ours['f32']:.2f} × |",
            flush=True,
        )


# A process of its own: reads, evaluates and writes a file of rows, with two threads.
PIPELINE = """
import sys
import numpy as np
import onnxruntime, polars
model, data, out, name = sys.argv[1:]
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 2
session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
rows = polars.read_csv(data, schema_overrides=None).to_numpy().astype(np.float32)
outputs = session.run(None, {"x": rows})[0]
polars.DataFrame(outputs, schema=[f"{name}[{column}]" for column in range(outputs.shape[1])]).write_csv(out)
"""


# Starts processes while it is small itself: the peak of a process counts what its parent had when it was started.
STARTER = """
import json, os, sys, time
for line in sys.stdin:
    command, variables = json.loads(line)
    start = time.perf_counter()
    pid = os.posix_spawn(command[0], command, {**os.environ, **variables})
    _, status, usage = os.wait4(pid, 0)
    print(json.dumps([status, time.perf_counter() - start, usage.ru_maxrss / 1024]), flush=True)
"""


class Starter:
    def __init__(self):
        command = [sys.executable, "-S", "-c", STARTER]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def run(self, command, variables):
        """Wall seconds and peak MiB of a process."""
        self.process.stdin.write(json.dumps([[str(part) for part in command], variables]) + "\n")
        self.process.stdin.flush()
        status, seconds, mebibytes = json.loads(self.process.stdout.readline())
        if status:
            sys.exit(f"{command[0]} failed")
        return seconds, mebibytes


def whole_processes(program, starter, folder, names, rounds):
    import numpy as np
    import polars

    print("\nWhole processes, CSV in, CSV out, two threads: seconds and peak MiB, best of the rounds:\n")
    print("| | rows | file, MB | neuronc | polars + onnxruntime | ratio | goal |")
    print("|---|---|---|---|---|---|---|")
    for name in [name for name in names if name in FILES]:
        count, width = FILES[name], LAYERED[name][0][0]
        rows = np.random.default_rng(3).standard_normal((count, width)).round(6)
        data, model, layer = folder / f"{name}.csv", folder / f"{name}.onnx", f"l{len(LAYERED[name][1])}"
        polars.DataFrame(rows, schema=[f"l0[{column}]" for column in range(width)]).write_csv(data)
        model.write_bytes(onnx_model(name))
        script = folder / "pipeline.py"
        script.write_text(PIPELINE)
        ours, theirs = [], []
        for _ in range(rounds):
            command = [program, "run", folder / f"{name}.neuron", "--data", data, "--threads", "2"]
            ours.append(starter.run([*command, "--out", folder / "ours.csv"], {}))
            several = {name: "2" for name in SINGLE} | {"POLARS_MAX_THREADS": "2"}
            theirs.append(starter.run([sys.executable, script, model, data, folder / "theirs.csv", layer], several))
        (us, ours_mib), (them, theirs_mib) = ([min(column) for column in zip(*side)] for side in (ours, theirs))
        print(
            f"| {name} | {count:,} | {data.stat().st_size / 1e6:.0f} | {us:.2f}, {ours_mib:.0f} "
            f"| {them:.2f}, {theirs_mib:.0f} | {them / us:.2f} × | 3 × |",
            flush=True,
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--venv", type=Path, default=ROOT / "target" / "peers")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default=",".join([*LAYERED, "neat"]))
    parser.add_argument("--skip-files", action="store_true")
    arguments = parser.parse_args()
    environment(arguments.venv)
    starter = Starter()
    program, names = ROOT / "target" / "release" / "neuronc", arguments.only.split(",")
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        for name in names:
            neat_source(folder) if name == "neat" else layered_source(name, folder)
        in_memory(program, folder, names, arguments.rounds)
        if not arguments.skip_files:
            whole_processes(program, starter, folder, names, arguments.rounds)


if __name__ == "__main__":
    main()
