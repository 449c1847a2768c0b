"""The network of a file: every neuron with its synapses in their order, all copies written out."""

import importlib.util
import math
from pathlib import Path

from reference import GENERATORS, Parser, Rounded, Scope, rows_of, tensor

ROOT = Path(__file__).resolve().parents[2]


def module(name, path):
    specification = importlib.util.spec_from_file_location(name, path)
    loaded = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(loaded)
    return loaded


generators = module("generators", ROOT / "benches" / "generators" / "reference.py")


def neuron(bias, array, activation=("identity", [], None), combine="sum"):
    return {"bias": bias, "array": array, "activation": activation, "combine": combine, "synapses": []}


class Copy(Scope):
    """A network with its inputs fed, its parameters set, and its names under a prefix: the file itself has none."""

    def __init__(self, statements, outer=None, folder=None, prefix="", parent=None, settings=None):
        super().__init__(statements, outer, folder)
        self.prefix, self.parent, self.settings = prefix, parent, settings or {}
        self.instances = {}
        for _, name, network, block in (statement for statement in statements if statement[0] == "instance"):
            inside, home = self.template(network)
            self.instances[name] = Copy(inside, home, None, f"{prefix}{name}.", self, block)

    # Values

    def lookup(self, name):
        first, _, rest = name.partition(".")
        if rest:
            return self.instances[first].lookup(rest)
        if name in self.named and self.named[name][0] in ("weight", "bias"):
            _, _, size, value, _ = self.named[name]
            home, value = (self.parent, self.settings[name]) if name in self.settings else (self, value)
            return home.shaped(value, self.sizes(size))
        return super().lookup(name)

    def sizes(self, size):
        return [int(self.value(part)) for part in size or []]

    def shaped(self, expression, sizes):
        """A value of the sizes that are declared; none says nothing."""
        made = self.made(expression, sizes)
        if made is None:
            made = self.value(expression)
        if sizes and not isinstance(made, list):
            made = [made] * math.prod(sizes)
            return rows_of(made, sizes[1]) if len(sizes) == 2 else made
        return made

    def made(self, expression, sizes, count=None):
        """What a generator or a file makes, a list or a matrix; none if the expression is another one."""
        if expression[0] != "call" or expression[1] != "load" and expression[1] not in GENERATORS:
            return None
        by_place = [self.value(value) for name, value in expression[2] if name is None]
        by_name = {name: self.value(value) for name, value in expression[2] if name}
        if expression[1] == "load":
            found = tensor(self.folder / by_place[0], *by_place[1:])
            return [list(row) for row in zip(*found)] if by_name.get("transpose") else found
        seed = int(by_name.get("seed", by_place[-1]))
        count = math.prod(sizes) if count is None else count
        kind, (first, second) = expression[1], (*by_place, 0.0, 0.0)[:2]
        first, second = by_name.get("lo", by_name.get("mean", first)), by_name.get("hi", by_name.get("std", second))
        if kind.startswith(("xavier", "he")):
            fans = sizes[1] + sizes[0] if kind.startswith("xavier") else sizes[1]
            spread = math.sqrt((6 if kind.endswith("uniform") else 2) / fans)
            first, second = (-spread, spread) if kind.endswith("uniform") else (0.0, spread)
        Rounded.elementary |= not kind.endswith("uniform")
        generator = generators.uniform if kind.endswith("uniform") else generators.normal
        flat = [generator(first, second, seed, place) for place in range(count)]
        return rows_of(flat, sizes[1]) if len(sizes) == 2 else flat if sizes else flat[0]

    # Units: inputs and neurons, by their full names.

    def population(self, name):
        keyword, _, size, value, _ = self.named[name]
        if keyword == "input" and name in self.settings:
            return self.parent.units(self.settings[name])
        count = self.sizes(size)[0] if size else None
        if count is None and keyword == "input" and value is not None:
            default = self.value(value)
            count = len(default) if isinstance(default, list) else None
        return [self.prefix + name] if count is None else [f"{self.prefix}{name}[{place}]" for place in range(count)]

    def defaults(self, name):
        """The value of an input, one a unit; none where it must be given."""
        _, _, size, value, _ = self.named[name]
        count = len(self.population(name))
        found = None if value is None else self.shaped(value, [count] if size else [])
        return found if isinstance(found, list) or found is None else [found]

    def output(self, name):
        given = next(part for part in self.statements if part[:2] == ("output", name))
        return self.population(name) if given[2] is None else self.units(given[2])

    def units(self, expression):
        if expression[0] == "list":
            return [unit for part in expression[1] for unit in self.units(part)]
        _, path, first, last = expression
        instance, _, rest = path.partition(".")
        found = self.instances[instance].output(rest) if rest else self.population(path)
        if first is None:
            return found
        first = int(self.value(first))
        return found[first : first + 1] if last is None else found[first : int(self.value(last))]

    # Neurons

    def collect(self, neurons):
        """Adds the neurons of this copy and of those in it. Of a copy, an input that is not fed is a constant neuron."""
        for name in (part[1] for part in self.statements if part[0] == "input"):
            if self.parent and name not in self.settings:
                for unit, value in zip(self.population(name), self.defaults(name)):
                    neurons[unit] = neuron(value, [unit])
        for keyword, name, *parts in (part for part in self.statements if part[0] == "neuron"):
            size, _, block = parts
            units = self.population(name)
            bias = self.shaped(block.get("bias", ("number", 0.0)), [len(units)] if size else [])
            function = block.get("activation", ("reference", "identity", None, None))
            arguments = (
                self.arguments(function[1], [(None, ("number", 0.0)), *function[2]])[1:]
                if function[0] == "call"
                else []
            )
            for place, unit in enumerate(units):
                combine = block["combine"][1] if "combine" in block else "sum"
                own = bias[place] if isinstance(bias, list) else bias
                neurons[unit] = neuron(own, units, (function[1], arguments, self), combine)
        for copy in self.instances.values():
            copy.collect(neurons)
        for _, sources, targets, value, block in (part for part in self.statements if part[0] == "connection"):
            sources, targets = self.units(sources), self.units(targets)
            for target, source, weight in self.synapses(sources, targets, value, block.get("rule")):
                neurons[target]["synapses"].append((source, weight))
        return neurons

    def synapses(self, sources, targets, value, rule):
        """Targets, sources and weights of a connection, row by row."""
        columns, rows = len(sources), len(targets)
        pairs = [(row, column) for row in range(rows) for column in range(columns)]
        is_diagonal = rule is not None and rule[1] == "one_to_one"
        if is_diagonal:
            pairs = [(place, place) for place in range(rows)]
        elif rule is not None and rule[0] == "call":
            probability, *rest = [self.value(part) for _, part in rule[2]]
            pairs = [
                (row, column)
                for row, column in pairs
                if generators.is_drawn(probability, int(rest[0]), row * columns + column)
            ]
        is_generator = value[0] == "call" and value[1] in GENERATORS
        if is_generator and value[1].startswith(("xavier", "he")):
            found = self.made(value, [rows, columns])
        elif is_generator:
            found = dict(zip(pairs, self.made(value, [len(pairs)])))
        else:
            found = self.made(value, None) if value[0] == "call" and value[1] == "load" else self.value(value)

        def weight(row, column):
            if isinstance(found, dict):
                return found[row, column]
            if not isinstance(found, list):
                return found
            if is_diagonal:
                return found[row]
            if isinstance(found[0], list):
                return found[row][column]
            return found[column] if rows == 1 else found[row]

        for row, column in pairs:
            yield targets[row], sources[column], weight(row, column)


def network(path):
    """The file as its outermost copy, and all neurons by their full names."""
    statements = Parser(path.read_text(encoding="utf-8")).file()
    whole = Copy(statements, folder=path.parent)
    return whole, whole.collect({})
