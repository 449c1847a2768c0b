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
         "tanh_shrink pow gaussian sigmoid_scaled tanh_scaled softplus_scaled").split()


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


TRUE = {
    "ln": gmpy2.log, "sigmoid": sigmoid, "softplus": softplus, "gelu": gelu, "gelu_tanh": gelu_tanh, "mish": mish,
    "tanh_shrink": tanh_shrink, "pow": lambda a, x: a**x, "gaussian": lambda k, x: gmpy2.exp(-k * x * x),
    "sigmoid_scaled": lambda a, x: sigmoid(a * x), "tanh_scaled": lambda a, x: gmpy2.tanh(a * x),
    "softplus_scaled": lambda b, x: softplus(b * x) / b,
}


def number(bits):
    return struct.unpack("<d", struct.pack("<Q", int(bits, 16)))[0]


def measure(job):
    binary, points, name = job
    gmpy2.get_context().precision = PRECISION
    gmpy2.get_context().emin = gmpy2.get_emin_min()
    gmpy2.get_context().emax = gmpy2.get_emax_max()
    true = TRUE.get(name) or getattr(gmpy2, name)
    worst, where, lines = mpfr(-1), None, 0
    normal, normal_where = mpfr(-1), None
    output = subprocess.run([binary, str(points), name], capture_output=True, text=True, check=True).stdout
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
