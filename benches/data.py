"""How long files of rows take from CSV to CSV, and how much memory, on files of growing length.

Usage: data.py PROGRAM [LARGEST [NETWORK…]], where PROGRAM is the built `neuronc`, LARGEST the most rows (10^6), and
NETWORK xor, iris or digits (all).
The time is that of the whole process, the best of five with one and with two threads in turn, with the output written
to a file, synced and moved; memory is its peak.
"""

import os
import random
import subprocess
import sys
import tempfile
import time

NETWORKS = {
    "xor": (2, 2_000_000, "h[2] { activation = tanh }", "y { activation = sigmoid }"),
    "iris": (4, 500_000, "g[16] { activation = relu }", "h[8] { activation = relu }", "y[3]"),
    "digits": (64, 200_000, "h[32] { activation = relu }", "y[10]"),
}


def network(inputs, layers):
    """Dense layers."""
    text, before = f"input x[{inputs}]\n", "x"
    for seed, layer in enumerate(layers):
        name = layer.split("[")[0].split(" ")[0]
        text += f"neuron {layer}\n{before} -> {name} : normal(0, 0.5, seed = {seed})\n"
        before = name
    return text + f"output {before}\n"


def rows(inputs, count, path):
    """Standard normal numbers with seven decimals."""
    pool = [f"{random.gauss(0, 1):.7f}" for _ in range(1 << 16)]
    with open(path, "w") as out:
        out.write(",".join(f"x[{place}]" for place in range(inputs)) + "\n")
        for _ in range(count):
            start = random.randrange(len(pool) - inputs)
            out.write(",".join(pool[start : start + inputs]) + "\n")


def measured(program, folder, threads):
    """Seconds, seconds of all processors, and peak bytes of one process. GNU time starts it: what a process of Python
    starts has the peak of Python at the least."""
    arguments = ["run", "n.neuron", "--data", "r.csv", "--out", "o.csv", "--threads", str(threads), "--quiet"]
    command = ["/usr/bin/time", "--format", "%U %S %M", program, *arguments]
    start = time.perf_counter()
    process = subprocess.run(command, cwd=folder, stderr=subprocess.PIPE, check=True)
    seconds = time.perf_counter() - start
    user, system, peak = process.stderr.split()
    return seconds, float(user) + float(system), int(peak) * 1024


def main():
    program, largest = os.path.abspath(sys.argv[1]), int(float(sys.argv[2])) if len(sys.argv) > 2 else 10**6
    random.seed(1)
    print(f"{'network':8}{'rows':>10}{'MB':>8}{'threads':>9}{'seconds':>9}{'cpu s':>7}{'rows/s':>13}{'MB/s':>7}{'peak MiB':>10}")
    for name in sys.argv[3:] or NETWORKS:
        inputs, usual, *layers = NETWORKS[name]
        for count in [10**power for power in range(4, 9) if 10**power <= largest] + [usual]:
            with tempfile.TemporaryDirectory() as folder:
                with open(os.path.join(folder, "n.neuron"), "w") as out:
                    out.write(network(inputs, layers))
                path = os.path.join(folder, "r.csv")
                rows(inputs, count, path)
                size = os.path.getsize(path)
                runs = [[measured(program, folder, threads) for threads in (1, 2)] for _ in range(5)]
                for threads in (1, 2):
                    seconds = min(run[threads - 1][0] for run in runs)
                    processors = min(run[threads - 1][1] for run in runs)
                    peak = max(run[threads - 1][2] for run in runs) / (1 << 20)
                    rates = f"{count / seconds:13,.0f}{size / seconds / 1e6:7.0f}"
                    print(f"{name:8}{count:10}{size / 1e6:8.1f}{threads:9}{seconds:9.3f}{processors:7.2f}{rates}{peak:10.1f}")


main()
