"""Maximum error of the double-precision formulas, in fractional ulps, against MPFR (gmpy2).

Usage: measure.py BINARY POINTS [name ...], BINARY being the example `double_points`.
The ulp is that of the true value; in the subnormal range it is the smallest subnormal.
"""

import struct
import subprocess
import sys
from multiprocessing import Pool

import gmpy2
from gmpy2 import mpfr

PRECISION = 220
NAMES = ("exp expm1 ln log2 log1p sinh cosh tanh sin cos atan erf erfc sigmoid softplus gelu gelu_tanh mish "
         "tanh_shrink pow gaussian sigmoid_scaled tanh_scaled softplus_scaled silu selu scaled_tanh softmax "
         "log_softmax").split()


def sigmoid(x):
    return 1 / (1 + gmpy2.exp(-x))


def softplus(x):
    return gmpy2.log1p(gmpy2.exp(x)) if x < 0 else x + gmpy2.log1p(gmpy2.exp(-x))


def gelu_tanh(x):
    u = gmpy2.sqrt(2 / gmpy2.const_pi()) * (x + mpfr("0.044715") * x * x * x)
    return x * sigmoid(2 * u)


def mish(x):
    n = gmpy2.exp(-abs(x))
    return x * (1 + 2 * n) / (1 + 2 * n + 2 * n * n) if x > 0 else x * n * (n + 2) / (n * (n + 2) + 2)


def tanh_shrink(x):
    if abs(x) < 1e-9:
        return x * x * x / 3 - 2 * x**5 / 15 + 17 * x**7 / 315
    return x - gmpy2.tanh(x)


def gelu(x):
    return x * gmpy2.erfc(-x / gmpy2.sqrt(mpfr(2))) / 2


def selu(x):
    scale, alpha = mpfr("1.0507009873554805"), mpfr("1.6732632423543772")
    return scale * (x if x >= 0 else alpha * gmpy2.expm1(x))


def softmax(z):
    shares = [gmpy2.exp(x - max(z)) for x in z]
    return [share / sum(shares) for share in shares]


def log_softmax(z):
    first = z.index(max(z))
    rest = gmpy2.log1p(sum(gmpy2.exp(x - z[first]) for i, x in enumerate(z) if i != first))
    return [x - z[first] - rest for x in z]


TRUE = {
    "ln": gmpy2.log, "sigmoid": sigmoid, "softplus": softplus, "gelu": gelu, "gelu_tanh": gelu_tanh, "mish": mish,
    "tanh_shrink": tanh_shrink, "pow": lambda a, x: a**x, "gaussian": lambda k, x: gmpy2.exp(-k * x * x),
    "sigmoid_scaled": lambda a, x: sigmoid(a * x), "tanh_scaled": lambda a, x: gmpy2.tanh(a * x),
    "softplus_scaled": lambda b, x: softplus(b * x) / b,
    "silu": lambda x: x * sigmoid(x), "selu": selu,
    "scaled_tanh": lambda x: mpfr(1.7159) * gmpy2.tanh(mpfr(2 / 3) * x), "softmax": softmax, "log_softmax": log_softmax,
}


def number(bits):
    return struct.unpack("<d", struct.pack("<Q", int(bits, 16)))[0]


def measure_arrays(name, true, lines):
    """The softmax family, in ulps of the array's largest output by magnitude."""
    worst, where, count = mpfr(-1), None, 0
    for line in lines:
        numbers = [number(bits) for bits in line.split()[1:]]
        net_inputs, outputs = numbers[: len(numbers) // 2], numbers[len(numbers) // 2 :]
        truth = true([mpfr(z) for z in net_inputs])
        count += len(outputs)
        ulp = mpfr(2) ** (gmpy2.get_exp(max(abs(t) for t in truth)) - 53)
        for y, t in zip(outputs, truth):
            error = abs(mpfr(y) - t) / ulp
            if error > worst:
                worst, where = error, net_inputs
    return name, count, float(worst), where, float(worst), where


def measure(job):
    binary, points, name = job
    gmpy2.get_context().precision = PRECISION
    gmpy2.get_context().emin = gmpy2.get_emin_min()
    gmpy2.get_context().emax = gmpy2.get_emax_max()
    true = TRUE.get(name) or getattr(gmpy2, name)
    worst, where, lines = mpfr(-1), None, 0
    normal, normal_where = mpfr(-1), None
    output = subprocess.run([binary, str(points), name], capture_output=True, text=True, check=True).stdout
    if name.endswith("softmax"):
        return measure_arrays(name, true, output.splitlines())
    for line in output.splitlines():
        _, *arguments, result = line.split()
        arguments = [number(a) for a in arguments]
        y = number(result)
        lines += 1
        t = true(*(mpfr(a) for a in arguments))
        if t != t or y != y:
            if not (t != t and y != y):
                print(name, "NaN at", arguments, y)
            continue
        if abs(t) >= mpfr(2) ** 1024 * (1 - mpfr(2) ** -54):
            if abs(y) != float("inf"):
                print(name, "no overflow at", arguments, y)
            continue
        if abs(y) == float("inf"):
            print(name, "overflow at", arguments)
            continue
        exponent = gmpy2.get_exp(t) if t != 0 else -1074
        error = abs(mpfr(y) - t) / mpfr(2) ** max(exponent - 53, -1074)
        if error > worst:
            worst, where = error, arguments
        if exponent > -1021 and error > normal:
            normal, normal_where = error, arguments
    return name, lines, float(worst), where, float(normal), normal_where


if __name__ == "__main__":
    names = sys.argv[3:] or NAMES
    with Pool(2) as pool:
        for name, lines, worst, where, normal, normal_where in pool.imap(measure, [(sys.argv[1], sys.argv[2], n) for n in names]):
            print(f"{name:16} {lines:8} points, max {worst:.4f} ulp at {where}; normal results {normal:.4f} at {normal_where}", flush=True)
