"""The true values of formulas, as decimal numbers of as many digits as it takes."""

import decimal
import math
from decimal import Decimal as D
from fractions import Fraction

ONE, TWO = D(1), D(2)


def fused(x, y, z):
    """x·y + z, rounded once."""
    if not (math.isfinite(x) and math.isfinite(y)):
        return x * y + z
    if not math.isfinite(z):
        return z
    exact = Fraction(x) * Fraction(y) + Fraction(z)
    # A zero has the sign that IEEE 754 gives it.
    return nearest(exact) if exact else x * y + z


def nearest(exact):
    """The double nearest to a fraction or decimal number."""
    try:
        return float(exact)
    except OverflowError:
        return math.inf if exact > 0 else -math.inf


def digits_for(*numbers):
    """More digits for what is tiny, whose difference from 1 counts, and for what is huge, of which pi is taken away."""
    return 60 + 2 * max([abs(number.adjusted()) for number in numbers if number] + [0])


def exp(x):
    return (max(D(-1500), min(D(1500), x))).exp()


def pi():
    """Gauss and Legendre: each round doubles the digits."""
    a, b, t, p = ONE, ONE / TWO.sqrt(), ONE / 4, ONE
    for _ in range(decimal.getcontext().prec.bit_length() + 1):
        a, b, t, p = (a + b) / 2, (a * b).sqrt(), t - p * ((a - b) / 2) ** 2, 2 * p
    return (a + b) ** 2 / (4 * t)


def series(first, factor):
    """first · (1 + factor(1) · (1 + factor(2) · …)), until nothing changes."""
    total, term, n = first, first, 0
    while term and term.adjusted() > total.adjusted() - decimal.getcontext().prec - 2 or n < 3:
        n += 1
        term *= factor(n)
        total += term
    return total


def sin(x):
    x = x.remainder_near(2 * pi())
    return series(x, lambda n: -x * x / (2 * n * (2 * n + 1)))


def cos(x):
    x = x.remainder_near(2 * pi())
    return series(ONE, lambda n: -x * x / (2 * n * (2 * n - 1)))


def atan(x):
    for _ in range(4):
        x = x / (1 + (1 + x * x).sqrt())
    total, term, n = x, x, 1
    while term and term.adjusted() > total.adjusted() - decimal.getcontext().prec - 2:
        term, n = -term * x * x, n + 2
        total += term / n
    return 16 * total


def tanh(x):
    with decimal.localcontext() as context:
        context.prec += 2 * abs(x.adjusted())
        x = max(D(-1500), min(D(1500), x))
        return (exp(2 * x) - 1) / (exp(2 * x) + 1)


def erf(x):
    """An alternating series, whose terms grow to e^(x²) before they shrink."""
    if abs(x) > 40:
        return ONE.copy_sign(x)
    with decimal.localcontext() as context:
        context.prec += int(x * x) + 10
        total, term, n = x, x, 0
        while term and (n < x * x or term.adjusted() > total.adjusted() - context.prec):
            n += 1
            term = -term * x * x / n
            total += term / (2 * n + 1)
        return 2 / pi().sqrt() * total


def erfc(x):
    with decimal.localcontext() as context:
        context.prec += int(min(x * x, D(1700)))
        return 1 - erf(x)


def softplus(x):
    with decimal.localcontext() as context:
        context.prec += int(min(abs(x), D(1500)))
        return x if x > 1500 else (1 + exp(x)).ln()


def clipped(x, lo, hi):
    return lo if x <= lo else hi if x > hi else x


def power(x, y):
    if x == 0:
        return D(0) if y > 0 else ONE if y == 0 else D("Infinity")
    return (-ONE if x < 0 and y % 2 else ONE) * exp(y * abs(x).ln())


def sign(z):
    return D(0) if z == 0 else ONE.copy_sign(z)


# docs/activations.md, line by line: parameters with their defaults, and the output for the net input.
ACTIVATIONS = {
    "identity": ({}, lambda z: z),
    "step": (
        {"threshold": 0, "at": 0},
        lambda z, threshold, at: ONE if z > threshold else at if z == threshold else D(0),
    ),
    "sign": ({}, sign),
    "relu": ({}, lambda z: max(z, D(0))),
    "leaky_relu": ({"slope": 0.01}, lambda z, slope: z if z >= 0 else slope * z),
    "sigmoid": ({"slope": 1}, lambda z, slope: 1 / (1 + exp(-slope * z))),
    "tanh": ({"slope": 1}, lambda z, slope: tanh(slope * z)),
    "softplus": ({"beta": 1}, lambda z, beta: softplus(beta * z) / beta),
    "gelu": ({}, lambda z: z * erfc(-z / TWO.sqrt()) / 2),
    "silu": ({"beta": 1}, lambda z, beta: z / (1 + exp(-beta * z))),
    "elu": ({"alpha": 1}, lambda z, alpha: z if z >= 0 else alpha * (exp(z) - 1)),
    "softsign": ({}, lambda z: z / (1 + abs(z))),
    "thresholded_relu": ({"theta": 1}, lambda z, theta: z if z > theta else D(0)),
    "relu6": ({}, lambda z: clipped(z, D(0), D(6))),
    "selu": ({}, lambda z: D(1.0507009873554805) * (z if z >= 0 else D(1.6732632423543772) * (exp(z) - 1))),
    "celu": ({"alpha": 1}, lambda z, alpha: z if z >= 0 else alpha * (exp(z / alpha) - 1)),
    "hard_sigmoid": ({"alpha": 0.2, "beta": 0.5}, lambda z, alpha, beta: clipped(alpha * z + beta, D(0), ONE)),
    "log_sigmoid": ({}, lambda z: -softplus(-z)),
    "hard_tanh": ({"lo": -1, "hi": 1}, clipped),
    "scaled_tanh": ({"a": None, "b": None}, lambda z, a, b: a * tanh(b * z)),
    "gelu_tanh": ({}, lambda z: z / (1 + exp(-2 * (2 / pi()).sqrt() * (z + D("0.044715") * z * z * z)))),
    "mish": ({}, lambda z: z * tanh(softplus(z))),
    "hard_swish": ({}, lambda z: z * clipped(z + 3, D(0), D(6)) / 6),
    "hard_shrink": ({"lambda": 0.5}, lambda z, amount: z if abs(z) > amount else D(0)),
    "soft_shrink": ({"lambda": 0.5}, lambda z, amount: z - sign(z) * amount if abs(z) > amount else D(0)),
    "tanh_shrink": ({}, lambda z: z - tanh(z)),
    "exp": ({}, exp),
    "sin": ({}, sin),
    "cos": ({}, cos),
    "square": ({}, lambda z: z * z),
    "cube": ({}, lambda z: z * z * z),
    "abs": ({}, abs),
    "reciprocal": ({}, lambda z: 1 / z),
    "gaussian": ({"k": 1}, lambda z, k: exp(-k * z * z)),
}

# The functions of expressions that are none of these.
FUNCTIONS = {
    "ln": lambda x: x.ln(),
    "log2": lambda x: x.ln() / TWO.ln(),
    "sinh": lambda x: (exp(x) - exp(-x)) / 2,
    "cosh": lambda x: (exp(x) + exp(-x)) / 2,
    "atan": atan,
    "erf": erf,
    "^": power,
}


def value(formula, *numbers):
    """The true value of a formula for doubles, to many more digits than a double has."""
    exact = [D(number) for number in numbers]
    with decimal.localcontext() as context:
        context.prec, context.Emax, context.Emin = digits_for(*exact), decimal.MAX_EMAX, decimal.MIN_EMIN
        return +formula(*exact)


def whole(name, inputs):
    """The true values of softmax, log_softmax and hardmax."""
    exact = [D(number) for number in inputs]
    with decimal.localcontext() as context:
        context.prec, context.Emax, context.Emin = 800, decimal.MAX_EMAX, decimal.MIN_EMIN
        largest = max(exact)
        if name == "hardmax":
            first = exact.index(largest)
            return [D(int(place == first)) for place in range(len(exact))]
        total = sum(exp(number - largest) for number in exact)
        if name == "softmax":
            return [exp(number - largest) / total for number in exact]
        return [number - largest - total.ln() for number in exact]
