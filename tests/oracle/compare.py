#!/usr/bin/env python3
"""Holds neuronc to the reference: every neuron of every example, and of random files.

    python3 tests/oracle/compare.py target/release/neuronc [--random N] [--first SEED] [FILE …]

A trace names each neuron's synapses. They must be those of the reference, in its order, with its weights; the sums,
made again from the trace alone, must have the trace's bits; an output must be as near to the true value of its
activation as docs/activations.md says. Python 3.9 with its standard library is enough.
"""

import argparse
import json
import math
import random
import re
import struct
import subprocess
import sys
import tempfile
from decimal import Decimal
from pathlib import Path

import files
import formulas
from network import ROOT, network
from reference import Rounded, call, ordered

TABLE = re.compile(r"\| \[`(\w+)`\].*\| ([^|]*) \|$", re.MULTILINE)


def bounds():
    """What docs/activations.md says of each activation, in ulps of double precision."""
    found = {}
    for name, said in TABLE.findall((ROOT / "docs" / "activations.md").read_text(encoding="utf-8")):
        words = said.split()
        if words[0] == "exact":
            found[name] = 0
        elif words[1].startswith("rounding"):
            # Half an ulp each, of a number that the next step may halve.
            found[name] = 0.5 if words[0] == "1" else float(words[0])
        else:
            found[name] = float(words[0].strip(",")) + 0.005
    return found


BOUNDS = bounds()
# Parameters that are no defaults are not measured: elementary formulas with one rounding more.
WITH_PARAMETERS = 4


class Difference(Exception):
    """What neuronc has and the reference has not."""


def needs(holds, *what):
    if not holds:
        raise Difference(" ".join(str(part) for part in what))


def same(one, other):
    """Equal bits, where all NaN are one."""
    return math.isnan(one) and math.isnan(other) or struct.pack("<d", one) == struct.pack("<d", other)


def number(value):
    """A number of JSON, which has texts for those that are not finite: inf, -inf and NaN."""
    return float(value)


def combined(combine, synapses):
    """What is made of the synapses before the bias is added."""
    if combine == "sum":
        total = 0.0
        for value, weight in synapses:
            total = formulas.fused(weight, value, total)
        return total
    products = [weight * value for value, weight in synapses]
    if any(math.isnan(product) for product in products):
        return math.nan
    by_size = sorted(products, key=ordered)
    middle = len(products) // 2
    if combine == "product":
        return math.prod(products, start=1.0)
    if combine == "mean":
        total = 0.0
        for product in products:
            total += product
        return total / len(products)
    if combine == "max_abs":
        return max(products, key=abs)
    if combine == "median":
        return by_size[middle] if len(products) % 2 else (by_size[middle - 1] + by_size[middle]) / 2
    return by_size[0 if combine == "min" else -1]


class Worst(dict):
    """The largest error of each activation, in ulps."""

    def holds(self, name, got, true, bound, unit=None):
        nearest = formulas.nearest(true)
        if math.isinf(nearest):
            return needs(got == nearest, name, "gives", got, "not", nearest)
        ulp = Decimal(math.ulp(unit if unit is not None else nearest))
        error = float(abs(Decimal(got) - true) / ulp) if math.isfinite(got) else math.inf
        self[name] = max(self.get(name, 0), error)
        needs(error <= bound, f"{name} gives {got!r}, {error:.3f} ulp from {nearest!r}")


WORST = Worst()


def activated(neuron, net_input, got):
    """Whether an output is near enough to the true one."""
    name, arguments, scope = neuron["activation"]
    if scope and scope.activation(name):
        Rounded.elementary = Rounded.infinite = False
        want = call(name, [net_input, *arguments], scope)
        # An elementary function inside may be wrong in its last bit, which the rest of the formula may enlarge.
        near = Rounded.infinite or Rounded.elementary and math.isclose(got, want, rel_tol=1e-12, abs_tol=1e-300)
        return needs(same(got, want) or near, name, "gives", got, "not", want)
    if not math.isfinite(net_input):
        return None
    parameters, formula = formulas.ACTIVATIONS[name]
    given = [*arguments, *[None] * len(parameters)]
    filled = [default if value is None else value for value, default in zip(given, parameters.values())]
    is_default = all(value is None for value in arguments)
    bound = BOUNDS[name] if is_default or BOUNDS[name] in (0, 0.5) else max(BOUNDS[name], WITH_PARAMETERS)
    if name == "reciprocal" and net_input == 0:
        return needs(math.isinf(got), name, "of 0 gives", got)
    return WORST.holds(name, got, formulas.value(formula, net_input, *filled), bound)


def compare(program, path, given=()):
    """Holds one run of a file; gives the number of neurons and of synapses."""
    Rounded.elementary = False
    whole, neurons = network(path)
    weights_are_exact = not Rounded.elementary
    command = [program, "run", str(path), *given, "--format", "json", "--trace=json"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    needs(run.returncode == 0, run.stderr)
    lines = [json.loads(line) for line in run.stdout.splitlines()]
    traced = {line["neuron"]: line for line in lines if "neuron" in line}
    outputs = next((line for line in lines if "neuron" not in line), None)
    values = {}
    for part in (part for part in whole.statements if part[0] == "input"):
        stated = next((text.split("=")[1].split(",") for text in given if text.startswith(f"{part[1]}=")), None)
        found = [float(value) for value in stated] if stated else whole.defaults(part[1])
        values.update(zip(whole.population(part[1]), found))
    values.update({name: number(line["output"]) for name, line in traced.items()})

    def close(one, other):
        # Generators and expressions with elementary functions may differ in the last bits.
        return same(one, other) or not weights_are_exact and math.isclose(one, other, rel_tol=1e-14)

    synapses = 0
    for name, line in traced.items():
        neuron = neurons[name]
        try:
            sources = [(synapse["from"], number(synapse["weight"])) for synapse in line["synapses"]]
            needs([source for source, _ in sources] == [source for source, _ in neuron["synapses"]], "other sources")
            for (source, weight), (_, wanted) in zip(sources, neuron["synapses"]):
                needs(close(weight, wanted), "the weight from", source, "is", weight, "not", wanted)
            pairs = [(values[source], weight) for source, weight in sources]
            for synapse, (value, weight) in zip(line["synapses"], pairs):
                needs(same(number(synapse["value"]), value), "reads another value of", synapse["from"])
                needs(same(number(synapse["contribution"]), weight * value), "another contribution")
            for count, synapse in enumerate(line["synapses"], 1):
                needs(
                    same(number(synapse["sum"]), combined(neuron["combine"], pairs[:count])),
                    "another sum after",
                    count,
                )
            needs(close(number(line["bias"]), neuron["bias"]), "the bias is", line["bias"], "not", neuron["bias"])
            net_input = combined(neuron["combine"], pairs) + number(line["bias"])
            needs(same(number(line["net_input"]), net_input), "net input", line["net_input"], "not", net_input)
            if neuron["activation"][0] not in ("softmax", "log_softmax", "hardmax"):
                activated(neuron, net_input, values[name])
            elif name == neuron["array"][0]:
                inputs = [number(traced[unit]["net_input"]) for unit in neuron["array"]]
                if all(math.isfinite(value) for value in inputs):
                    true = formulas.whole(neuron["activation"][0], inputs)
                    largest = max((formulas.nearest(value) for value in true), key=abs)
                    for unit, value in zip(neuron["array"], true):
                        WORST.holds(
                            neuron["activation"][0], values[unit], value, BOUNDS[neuron["activation"][0]], largest
                        )
        except Difference as difference:
            raise Difference(f"{path}: {name}: {difference}") from None
        synapses += len(sources)
    for part in (part for part in whole.statements if part[0] == "output"):
        got = outputs[part[1]]
        for unit, value in zip(whole.output(part[1]), got if isinstance(got, list) else [got]):
            needs(same(values[unit], number(value)), f"{path}: the output {part[1]} is not {unit}")
    return len(traced), synapses


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("program")
    arguments.add_argument("files", nargs="*", type=Path)
    arguments.add_argument("--random", type=int, default=0, metavar="N", help="so many random files")
    arguments.add_argument("--first", type=int, default=0, metavar="SEED", help="the seed of the first of them")
    given = arguments.parse_args()
    if not Path(given.program).is_file():
        arguments.error(f"{given.program} is not there: build it with `cargo build --release`")
    counts = []
    try:
        for path in given.files or sorted((ROOT / "examples").glob("*.neuron")):
            # A file of networks alone has nothing to run.
            if path.name != "gates.neuron":
                counts.append(compare(given.program, path))
        with tempfile.TemporaryDirectory() as folder:
            for seed in range(given.first, given.first + given.random):
                path = Path(folder) / f"random{seed}.neuron"
                path.write_text(files.made(random.Random(seed)), encoding="utf-8")
                try:
                    counts.append(compare(given.program, path))
                except Difference:
                    print(path.read_text(encoding="utf-8"))
                    raise
    except Difference as difference:
        sys.exit(f"a difference: {difference}")
    neurons, synapses = (sum(count[part] for count in counts) for part in (0, 1))
    print(f"{len(counts)} files, {neurons} neurons, {synapses} synapses: all equal")
    print(
        "largest errors, ulp: " + ", ".join(f"{name} {error:.2f}" for name, error in sorted(WORST.items()) if error)
    )


if __name__ == "__main__":
    main()
