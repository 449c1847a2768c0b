"""Random files of what the reference knows: copies of networks, rules, generators, expressions, every activation."""

import formulas

COMBINES = ["sum"] * 5 + ["product", "mean", "min", "max", "max_abs", "median"]
WITH_PARAMETERS = [
    "step(0.25, at = 0.5)",
    "leaky_relu(slope = 0.3)",
    "tanh(0.7)",
    "sigmoid(slope = 2)",
    "celu(alpha = 0.5)",
]
OF_ARRAYS = ["softmax", "log_softmax", "hardmax"]
DECLARED = """activation bent(z, leak = 0.1, top = 6) = min(if(z > 0, z, leak * z), top)
activation wave(z, k = gain) = bent(z, top = k) * k^2 - z / (1 + abs(z))
activation bell(z, wide) = exp(-z^2 / wide) + ln(1 + z^2)
"""
OWN = ["bent", "bent(0.2)", "bent(top = 1, leak = 0.3)", "wave", "wave(k = 0.5)", "bell(2)"]


class File:
    """Statements of a file, or of a network in it."""

    def __init__(self, random, inside=()):
        self.random, self.lines, self.places, self.names = random, [], [], []
        # Networks that can be copied: names, their inputs with sizes, their outputs with sizes.
        self.inside = inside
        self.inputs, self.outputs = [], []

    def number(self):
        pick = self.random.random()
        if pick < 0.3:
            return str(self.random.choice([0, 1, -1, 0.5, -2, 1e-3]))
        if pick < 0.4:
            return self.random.choice(
                ["gain", "-gain / 3", "sqrt(2) * gain", "tanh(0.3)", "2^-3 * gain", "floor(7 / 2) - 3"]
            )
        wide = self.random.random() < 0.1
        return repr(self.random.uniform(-1, 1) * 2.0 ** self.random.randint(*((-40, 40) if wide else (-4, 2))))

    def list(self, count):
        return f"[{', '.join(self.number() for _ in range(count))}]"

    def matrix(self, rows, columns):
        return "[\n" + "".join(f"    {self.list(columns)}, # row {row}\n" for row in range(rows)) + "]"

    def name(self, letter):
        self.names.append(letter)
        return f"{letter}{len(self.names)}"

    def part(self):
        """A reference and its count."""
        name, size = self.random.choice(self.places)
        if not size:
            return name, 1
        pick = self.random.random()
        if pick < 0.5:
            return name, size
        first = self.random.randrange(size)
        last = self.random.randint(first + 1, size)
        return (f"{name}[{first}]", 1) if pick < 0.7 else (f"{name}[{first}..{last}]", last - first)

    def exactly(self, count):
        """A list of so many units."""
        parts = []
        while count:
            name, size = self.random.choice(self.places)
            if size > count:
                name, size = f"{name}[{self.random.randrange(size)}]", 0
            parts.append(name)
            count -= size or 1
        return f"[{', '.join(parts)}]"

    def add_input(self):
        name, size = self.name("x"), self.random.choice([0, 0, 1, 2, 3, 5])
        value = self.list(size) if size and self.random.random() < 0.5 else self.number()
        self.lines.append(f"input {name}{f'[{size}]' if size else ''} = {value}")
        self.places.append((name, size))
        self.inputs.append((name, size))

    def add_neurons(self):
        name, size = self.name("n"), self.random.choice([0, 0, 1, 2, 3, 4])
        functions = [known for known in formulas.ACTIVATIONS if known != "scaled_tanh"]
        function = self.random.choice(
            [*functions, *WITH_PARAMETERS, *OWN, *OF_ARRAYS * 2, "scaled_tanh(1.5, b = 0.5)"]
        )
        function = "relu" if function in OF_ARRAYS and not size else function
        bias = self.list(size) if size and self.random.random() < 0.5 else self.number()
        self.lines.append(
            f"neuron {name}{f'[{size}]' if size else ''} {{ activation = {function}, bias = {bias},\n"
            f"    combine = {self.random.choice(COMBINES)} }}"
        )
        for _ in range(self.random.randint(1, 3)):
            self.join(name, size)
        self.places.append((name, size))

    def join(self, name, size):
        rows, pick = size or 1, self.random.random()
        if pick < 0.15:
            value = self.random.choice([self.number(), self.list(rows), "uniform(-1, 1, seed = 5)"])
            self.lines.append(f"{self.exactly(rows)} -> {name} : {value} {{ rule = one_to_one }}")
            return
        parts = [self.part() for _ in range(self.random.randint(1, 3))]
        columns = sum(count for _, count in parts)
        sources = parts[0][0] if len(parts) == 1 else f"[{', '.join(part for part, _ in parts)}]"
        if pick < 0.25:
            # The connection below gives each element a synapse, which most ways to combine need.
            rule = f"random(0.5, seed = {self.random.randrange(99)})"
            self.lines.append(f"{sources} -> {name} : {self.number()} {{ rule = {rule} }}")
            sources, columns = parts[0]
        value = self.number() if pick < 0.4 else f"uniform(-1, 1, seed = {self.random.randrange(99)})"
        if pick > 0.5:
            value = self.matrix(rows, columns)
        if pick > 0.7:
            weight = self.name("w")
            self.lines.append(f"weight {weight}[{rows}, {columns}] = {value}")
            value = self.random.choice([weight, f"2 * {weight}", f"{weight} - gain / 7", f"max({weight}, -0.1)"])
        self.lines.append(f"{sources} -> {name} :\n    {value}")

    def add_copy(self):
        network, inputs, outputs, bias = self.random.choice(self.inside)
        name = self.name("copy")
        fed = [f"{to} = {self.exactly(size or 1)}" for to, size in inputs if self.random.random() < 0.8]
        fed += [f"{bias} = {self.number()}"] if bias and self.random.random() < 0.5 else []
        self.lines.append(f"instance {name} = {network} {{ {', '.join(fed)} }}")
        self.places += [(f"{name}.{output}", size) for output, size in outputs]

    def finish(self):
        for place in range(3):
            name, size = self.random.choice(self.places)
            part, count = self.part() if self.random.random() < 0.5 else (name, size)
            # An element alone is single; a slice is an array, even of one.
            is_single = (
                part.endswith("]") and ".." not in part or part in dict(self.places) and not dict(self.places)[part]
            )
            self.outputs.append((f"out{place}", 0 if is_single else count))
            self.lines.append(f"output out{place} = {part}")
        self.random.shuffle(self.lines)


def made(random):
    """The text of a random file."""
    text, inside = f"## A random file.\n\nconst gain = {random.randint(1, 9)} / 4\n{DECLARED}", []
    for place in range(random.randint(0, 3)):
        file = File(random, inside)
        file.lines.append("bias own = 0.25")
        file.lines.append("neuron rests { bias = own, activation = tanh }")
        file.places.append(("rests", 0))
        fill(file)
        body = "\n".join(file.lines)
        text += f"\nnetwork part{place} {{\n{body}\n}}\n"
        inside = [*inside, (f"part{place}", file.inputs, file.outputs, "own")]
    file = File(random, inside)
    fill(file)
    return text + "\n" + "\n".join(file.lines) + "\n"


def fill(file):
    for _ in range(file.random.randint(1, 3)):
        file.add_input()
    for _ in range(file.random.randint(1, 5)):
        if file.inside and file.random.random() < 0.4:
            file.add_copy()
        file.add_neurons()
    file.finish()
