"""How long a network takes to load, and how much memory, on files of growing size.

Usage: load.py PROGRAM [LARGEST [FORM…]], where PROGRAM is the built `neuronc`, LARGEST the most synapses (10^6), and
FORM lines, named, chain, matrix or safetensors (all).
The time is that of the whole process (`run`, so that the network is planned and evaluated once); memory is its peak,
less that of an empty file and the text itself.
"""

import array
import os
import random
import subprocess
import sys
import tempfile
import time


def lines(count, out):
    """A connection a line, between arrays of 1,000."""
    out.write("input x[1000] = 0\nneuron h[1000]\n")
    for number in range(count):
        out.write(f"x[{number * 7 % 1000}] -> h[{number // 1000 % 1000}] : {random.gauss(0, 1)!r}\n")
    out.write("output h\n")


def named(count, out):
    """Ten lines into each neuron, from anywhere before it; every neuron has a name."""
    neurons = max(1, count // 10)
    out.write("input n0 = 0\n")
    for neuron in range(1, neurons + 1):
        out.write(f"neuron n{neuron}\n")
    for neuron in range(1, neurons + 1):
        for _ in range(10):
            out.write(f"n{random.randrange(neuron)} -> n{neuron} : {random.gauss(0, 1)!r}\n")
    out.write(f"output n{neurons}\n")


def chain(count, out):
    """Each neuron of an array feeds the next; with the input they are as many as the limit allows at 10^7."""
    count -= 1
    out.write(f"input x = 0\nneuron h[{count}]\nx -> h[0] : 1\n")
    for element in range(1, count):
        out.write(f"h[{element - 1}] -> h[{element}] : {random.gauss(0, 1)!r}\n")
    out.write(f"output y = h[{count - 1}]\n")


def matrix(count, out):
    """One matrix literal."""
    columns = min(1000, count)
    rows = count // columns
    out.write(f"input x[{columns}] = 0\nneuron h[{rows}]\nx -> h : [\n")
    for _ in range(rows):
        out.write("  [" + ", ".join(repr(random.gauss(0, 1)) for _ in range(columns)) + "],\n")
    out.write("]\noutput h\n")


def safetensors(count, out):
    """One matrix of a binary file, in single precision."""
    columns = min(1000, count)
    rows = count // columns
    header = f'{{"w":{{"dtype":"F32","shape":[{rows},{columns}],"data_offsets":[0,{rows * columns * 4}]}}}}'.encode()
    with open(os.path.join(os.path.dirname(out.name), "w.safetensors"), "wb") as weights:
        weights.write(len(header).to_bytes(8, "little") + header)
        for _ in range(rows):
            weights.write(array.array("f", (random.gauss(0, 1) for _ in range(columns))).tobytes())
    out.write(f'input x[{columns}] = 0\nneuron h[{rows}]\nx -> h : load("w.safetensors", "w")\noutput h\n')


def measured(program, path, command="run"):
    """Seconds and peak bytes of one process."""
    start = time.perf_counter()
    process = subprocess.Popen([program, command, "--quiet", path], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    assert status == 0, path
    return time.perf_counter() - start, usage.ru_maxrss * 1024


def main():
    program, largest = sys.argv[1], int(float(sys.argv[2])) if len(sys.argv) > 2 else 10**6
    random.seed(1)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "empty.neuron")
        open(path, "w").close()
        base = measured(program, path, "check")[1]
        print(f"{'form':12}{'synapses':>10}{'seconds':>9}{'s a million':>13}{'MB/s':>8}{'bytes a synapse':>17}")
        forms = [form for form in (lines, named, chain, matrix, safetensors) if form.__name__ in (sys.argv[3:] or form.__name__)]
        for form in forms:
            count = 1000
            while count <= largest:
                path = os.path.join(folder, "network.neuron")
                with open(path, "w") as out:
                    form(count, out)
                size = os.path.getsize(path)
                runs = [measured(program, path) for _ in range(3)]
                seconds, peak = min(run[0] for run in runs), max(run[1] for run in runs)
                beyond = max(0, peak - base - size) / count
                print(f"{form.__name__:12}{count:10}{seconds:9.3f}{seconds / count * 1e6:13.2f}{size / seconds / 1e6:8.1f}{beyond:17.0f}")
                count *= 10


main()
