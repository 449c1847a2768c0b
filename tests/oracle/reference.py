"""What a .neuron file means, a second time: written from docs/language.md alone, short before fast.

A network becomes a dictionary of neurons, each with the list of its synapses. Numbers are doubles; every operation is
rounded once, elementary functions are the doubles nearest to their true values. Standard library only.
"""

import json
import math
import re
import struct
from pathlib import Path

import formulas

TOKEN = re.compile(
    r"""[ \t]+ | \#[^\n]* | (?P<end>\n)
    | (?P<number>\d[\d_]*(?:\.\d[\d_]*)?(?:[eE][+-]?\d+)?) | (?P<text>"(?:\\.|[^"\\])*")
    | (?P<path>[^\W\d]\w*(?:\.\w+)*) | (?P<mark>\.\.|->|=>|<=|>=|==|!=|[-+*/^<>=:,()\[\]{}])""",
    re.VERBOSE,
)
OPEN_ENDED = set(", = : -> => + - * / ^ < <= > >= == !=".split())
DECLARED = ["input", "weight", "bias", "const", "neuron"]
GENERATORS = ["uniform", "normal", "xavier_uniform", "xavier_normal", "he_uniform", "he_normal"]


def tokens(source):
    """Names, numbers, texts and marks; line ends only where they separate."""
    found, brackets, place = [], [], 0
    source = source.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    while place < len(source):
        match = TOKEN.match(source, place)
        if not match:
            raise SyntaxError(f"unexpected {source[place]!r} at {place}")
        place = match.end()
        kind, text = match.lastgroup, match.group()
        if (
            kind is None
            or kind == "end"
            and (brackets and brackets[-1] != "{" or found and found[-1][1] in OPEN_ENDED)
        ):
            continue
        if kind == "mark" and text in "([{":
            brackets.append(text)
        elif kind == "mark" and text in ")]}":
            brackets.pop()
        found.append((kind, text))
    return [*found, ("end", "\n")]


class Parser:
    """A statement is a tuple of its keyword and its parts; an expression a tuple of its kind and its parts."""

    def __init__(self, source):
        self.tokens, self.place = tokens(source), 0

    def peek(self):
        return self.tokens[self.place][1] if self.place < len(self.tokens) else None

    def next(self):
        self.place += 1
        return self.tokens[self.place - 1][1]

    def takes(self, *texts):
        return self.next() if self.peek() in texts else None

    def needs(self, text):
        if self.next() != text:
            raise SyntaxError(f"{text!r} is missing before {self.tokens[self.place - 1]}")

    def file(self, closing=None):
        statements = []
        while self.peek() != closing:
            if not self.takes("\n"):
                statements += self.statement()
        return statements

    def many(self, item, closing=None):
        """Items with commas between them, the last of which may be followed by one."""
        items = []
        while closing is None or self.peek() != closing:
            items.append(item())
            if not self.takes(",") or closing is None and self.peek() in ("\n", "}"):
                break
        if closing:
            self.needs(closing)
        return items

    def statement(self):
        keyword = self.next()
        if keyword == "network":
            name = self.next()
            if self.takes("{"):
                inside = self.file("}")
                self.needs("}")
                return [("template", name, inside)]
            return [("network", name)]
        if keyword == "import":
            path = json.loads(self.next())
            return [("import", path, self.next() if self.takes("as") else None)]
        if keyword in ("input", "weight", "bias", "const", "neuron"):
            return [(keyword, *item) for item in self.many(self.item)]
        if keyword == "instance":
            name, _, network = self.next(), self.needs("="), self.next()
            return [("instance", name, network, self.block())]
        if keyword == "activation":
            name, _ = self.next(), self.needs("(")
            parameters = self.many(lambda: (self.next(), self.expression() if self.takes("=") else None), ")")
            self.needs("=")
            return [("activation", name, parameters, self.expression())]
        if keyword == "output":
            given = lambda: ("output", self.next(), self.expression() if self.takes("=") else None, self.block())
            return self.many(given)
        if keyword == "expect":
            while self.peek() != "\n":
                self.next()
            return []
        self.place -= 1
        sources, _ = self.expression(), self.needs("->")
        targets, _ = self.expression(), self.needs(":")
        return [("connection", sources, targets, self.expression(), self.block())]

    def item(self):
        name = self.next()
        size = self.many(self.expression, "]") if self.takes("[") else None
        value = self.expression() if self.takes("=") else None
        return name, size, value, self.block()

    def block(self):
        found = {}
        if self.takes("{"):
            while not self.takes("}"):
                if not self.takes(",", "\n"):
                    name, _ = self.next(), self.needs("=")
                    found[name] = self.expression()
        return found

    def expression(self):
        left = self.left("+-", lambda: self.left("*/", self.signed))
        operator = self.takes("<", "<=", ">", ">=", "==", "!=")
        return (operator, left, self.left("+-", lambda: self.left("*/", self.signed))) if operator else left

    def left(self, operators, operand):
        value = operand()
        while operator := self.takes(*operators):
            value = (operator, value, operand())
        return value

    def signed(self):
        if operator := self.takes("+", "-"):
            return ("sign", operator, self.signed())
        base = self.operand()
        return ("^", base, self.signed()) if self.takes("^") else base

    def operand(self):
        kind, text = self.tokens[self.place][0], self.next()
        if kind == "number":
            return ("number", float(text))
        if kind == "text":
            return ("text", json.loads(text))
        if text == "(":
            return self.many(self.expression, ")")[0]
        if text == "[":
            return ("list", self.many(self.expression, "]"))
        if text == "pi":
            return ("number", math.pi)
        if text in ("true", "false"):
            return ("truth", text == "true")
        if self.takes("("):
            return ("call", text, self.many(self.argument, ")"))
        first = last = None
        if self.takes("["):
            first = self.expression()
            last = self.expression() if self.takes("..") else None
            self.needs("]")
        return ("reference", text, first, last)

    def argument(self):
        is_named = self.tokens[self.place][0] == "path" and self.tokens[self.place + 1][1] == "="
        name, _ = (self.next(), self.next()) if is_named else (None, None)
        return name, self.expression()


def elementwise(function, *operands):
    """The function of numbers, or of each element where there are lists."""
    count = next((len(operand) for operand in operands if isinstance(operand, list)), None)
    if count is None:
        return function(*operands)
    at = lambda operand, place: operand[place] if isinstance(operand, list) else operand
    return [elementwise(function, *(at(operand, place) for operand in operands)) for place in range(count)]


def divided(x, y):
    if y:
        return x / y
    return math.nan if x == 0 or math.isnan(x) else math.copysign(math.inf, x) * math.copysign(1, y)


OPERATORS = {
    "+": lambda x, y: x + y,
    "-": lambda x, y: x - y,
    "*": lambda x, y: x * y,
    "/": divided,
    "<": lambda x, y: float(x < y),
    "<=": lambda x, y: float(x <= y),
    ">": lambda x, y: float(x > y),
    ">=": lambda x, y: float(x >= y),
    "==": lambda x, y: float(x == y),
    "!=": lambda x, y: float(x != y),
}
EXACT_FUNCTIONS = {
    "sqrt": lambda x: math.sqrt(x) if x >= 0 else math.nan,
    "min": lambda x, y: min((x, y), key=ordered),
    "max": lambda x, y: max((x, y), key=ordered),
    "clamp": lambda x, lo, hi: max(min(x, hi, key=ordered), lo, key=ordered),
    "floor": lambda x: math.copysign(float(math.floor(x)), x),
    "ceil": lambda x: math.copysign(float(math.ceil(x)), x),
    "if": lambda c, a, b: math.nan if math.isnan(c) else a if c else b,
}


def ordered(x):
    """NaN wins, and -0 is below +0."""
    return (math.isnan(x), x, math.copysign(1, x))


class Rounded:
    """What expressions were computed with: an elementary function, whose last bit may differ, or one at infinity, whose
    limit is not looked for."""

    elementary = False
    infinite = False


def call(name, arguments, scope):
    """A function, or an activation with the net input first."""
    if declared := scope.activation(name):
        return declared(*arguments)
    if name in EXACT_FUNCTIONS:
        return EXACT_FUNCTIONS[name](*(argument for argument in arguments if argument is not None))
    if not all(math.isfinite(argument) for argument in arguments if argument is not None):
        Rounded.infinite = True
        return math.nan
    Rounded.elementary = True
    if name in formulas.FUNCTIONS:
        return formulas.nearest(formulas.value(formulas.FUNCTIONS[name], *arguments))
    parameters, formula = formulas.ACTIVATIONS[name]
    given = [*arguments[1:], *[None] * len(parameters)]
    filled = [default if value is None else value for value, default in zip(given, parameters.values())]
    return formulas.nearest(formulas.value(formula, arguments[0], *filled))


class Scope:
    """The names of a file, or of a network in it."""

    def __init__(self, statements, outer=None, folder=None):
        self.statements, self.outer, self.folder = statements, outer, folder or outer.folder
        self.named = {statement[1]: statement for statement in statements if statement[0] in DECLARED}
        self.activations = {statement[1]: statement for statement in statements if statement[0] == "activation"}
        self.templates = {statement[1]: statement[2] for statement in statements if statement[0] == "template"}
        self.imports = {}
        for _, path, name in (statement for statement in statements if statement[0] == "import"):
            file = load_file(self.folder / path)
            stated = next(
                (statement[1] for statement in file.statements if statement[0] == "network"), Path(path).stem
            )
            self.imports[name or stated] = file

    def template(self, name):
        """The statements of a network and the file around them."""
        first, _, rest = name.partition(".")
        if first in self.imports:
            file = self.imports[first]
            return file.template(rest) if rest else (file.statements, file)
        return (self.templates[name], self) if name in self.templates else self.outer.template(name)

    def parameters(self, name):
        """What the activation takes beside the net input."""
        _, _, parameters, _ = self.declared(name)[0]
        return [parameter for parameter, _ in parameters[1:]]

    def declared(self, name):
        first, _, rest = name.partition(".")
        if rest and first in self.imports:
            return self.imports[first].declared(rest)
        if name in self.activations:
            return self.activations[name], self
        return self.outer.declared(name) if self.outer else None

    def activation(self, name):
        """A declared activation as a function; none if it is built in."""
        found = self.declared(name)
        if not found:
            return None
        (_, _, parameters, body), home = found

        def function(z, *given):
            values = {parameters[0][0]: z}
            for place, (parameter, default) in enumerate(parameters[1:]):
                is_given = place < len(given) and given[place] is not None
                values[parameter] = given[place] if is_given else home.value(default)
            return home.value(body, values)

        return function

    def arguments(self, name, given, values=None):
        """The arguments of a call in the order of the parameters, None for those that are left out."""
        by_place = [self.value(expression, values) for parameter, expression in given if parameter is None]
        by_name = {parameter: self.value(expression, values) for parameter, expression in given if parameter}
        if not by_name:
            return by_place
        names = self.parameters(name) if self.declared(name) else list(formulas.ACTIVATIONS[name][0])
        rest = [*by_place[1:], *[None] * len(names)][: len(names)]
        return [*by_place[:1], *(by_name.get(parameter, value) for parameter, value in zip(names, rest))]

    def value(self, expression, values=None):
        """A number, a list or a matrix."""
        kind, *parts = expression
        if kind in ("number", "text", "truth"):
            return parts[0]
        if kind == "list":
            return [self.value(part, values) for part in parts[0]]
        if kind == "sign":
            inner = self.value(parts[1], values)
            return elementwise(lambda x: -x, inner) if parts[0] == "-" else inner
        if kind == "call":
            arguments = self.arguments(parts[0], parts[1], values)
            return elementwise(lambda *numbers: call(parts[0], numbers, self), *arguments)
        if kind == "^":
            base, exponent = (self.value(part, values) for part in parts)
            return elementwise(lambda x, y: call("^", (x, y), self), base, exponent)
        if kind in OPERATORS:
            return elementwise(OPERATORS[kind], *(self.value(part, values) for part in parts))
        path, first, last = parts
        found = values[path] if values and path in values else self.lookup(path)
        if first is None:
            return found
        first = int(self.value(first))
        return found[first] if last is None else found[first : int(self.value(last))]

    def lookup(self, name):
        if name in self.named and self.named[name][0] == "const":
            return self.value(self.named[name][3])
        return self.outer.lookup(name)


def load_file(path):
    return Scope(Parser(path.read_text(encoding="utf-8")).file(), folder=path.parent)


def tensor(path, name=None):
    """The numbers of a file of weights, as lists."""
    content = path.read_bytes()
    if path.suffix == ".csv":
        rows = [[float(cell) for cell in line.split(",")] for line in content.decode().splitlines() if line.strip()]
        return rows if len(rows) > 1 else rows[0]
    if path.suffix != ".safetensors":
        raise NotImplementedError(path.suffix)
    length = struct.unpack("<Q", content[:8])[0]
    entry = json.loads(content[8 : 8 + length])[name]
    code, width = {"F64": ("d", 8), "F32": ("f", 4)}[entry["dtype"]]
    start, end = (8 + length + offset for offset in entry["data_offsets"])
    flat = list(struct.unpack(f"<{(end - start) // width}{code}", content[start:end]))
    return flat if len(entry["shape"]) == 1 else rows_of(flat, entry["shape"][1])


def rows_of(flat, columns):
    return [flat[start : start + columns] for start in range(0, len(flat), columns)]
