"""How long the prompt takes to show what a change does, in networks of growing size.

Usage: prompt.py PROGRAM [LARGEST], where PROGRAM is the built `neuronc` and LARGEST the most synapses (10^5).
Each network is 100 inputs, ever more neurons and one neuron at the end, a connection a line. The times are those that
`:time` tells: parsing what is typed, resolving, evaluating, and finding what changed; best and worst of nine.
"""

import random
import subprocess
import sys
import tempfile

ENTRIES = {
    "an input": "x[0] = {}",
    "a connection": "x[0] -> h[3] : {}",
    "a neuron": "neuron y {{ bias = {} }}",
}


def main():
    program = sys.argv[1]
    largest = int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
    random.seed(1)
    count = 1_000
    while count <= largest:
        neurons = count // 100
        with tempfile.NamedTemporaryFile("w", suffix=".neuron") as file:
            file.write(f"input x[100] = 1\nneuron h[{neurons}] {{ activation = tanh }}\nneuron y\n")
            for target in range(neurons):
                for source in range(99):
                    file.write(f"x[{source}] -> h[{target}] : {random.gauss(0, 1)!r}\n")
            for source in range(neurons):
                file.write(f"h[{source}] -> y : {random.gauss(0, 1)!r}\n")
            file.write("output y\n")
            file.flush()
            for what, entry in ENTRIES.items():
                typed = "".join(f":time {entry.format(number)}\n" for number in range(1, 10))
                ran = subprocess.run([program, "repl", file.name], input=typed, capture_output=True, text=True, check=True)
                times = [line.split()[1] for line in ran.stdout.splitlines() if line.startswith("took")]
                units = [line.split()[2] for line in ran.stdout.splitlines() if line.startswith("took")]
                scale = {"s": 1e3, "ms": 1, "µs": 1e-3}
                times = [float(time) * scale[unit] for time, unit in zip(times, units)]
                print(f"{count} synapses, {what}: {min(times):.2f} to {max(times):.2f} ms")
        count *= 10


main()
