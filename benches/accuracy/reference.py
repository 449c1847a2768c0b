"""Writes `tests/double/reference.txt`: results rounded correctly from MPFR (gmpy2), for the functions
that no correctly rounded Rust library has, and for the arguments of sine and cosine that are
nearest to a multiple of pi/2 for their exponent.

One line `name a x y`, the numbers as the hexadecimal digits of their bits; `a` is 0 where the
function has one argument.
"""

import random
import struct
import sys

import gmpy2
from gmpy2 import mpfr

from measure import PRECISION, TRUE

ONE = {
    "sigmoid": [(-746, 40), (-5, 5)], "softplus": [(-746, 50), (-5, 5), (-0.5, 0.5)],
    "gelu": [(-38.7, 8), (-3, 3), (-0.1, 0.1)], "gelu_tanh": [(-21.7, 8), (-3, 3)], "mish": [(-752, 42), (-5, 5)],
    "tanh_shrink": [(-22, 22), (-1, 1), (0.45, 0.55)],
}
TWO = {
    "gaussian": [((0.01, 4), (-13, 13)), ((1e100, 1e101), (-3e-50, 3e-50))],
    "sigmoid_scaled": [((-3, 3), (-240, 240)), ((0, 2), (-5, 5))],
    "tanh_scaled": [((-3, 3), (-7, 7)), ((1e-3, 1e3), (-0.1, 0.1))],
    "softplus_scaled": [((0.1, 30), (-25, 2)), ((-3, 3), (-5, 5))],
    "pow": [((0, 50), (-180, 180)), ((0.9, 1.1), (-7000, 7000)), ((1e-300, 1e-290), (-1, 1.07))],
}
TINY = [5e-324, 2.5e-320, 3e-308, 1e-200, 1.7e-103, 3e-100, 1e-50, 1.3e-20, 1e-16, 3.3e-9, 1.1e-8, 1e-5, 2e-3]


def bits(x):
    return f"{struct.unpack('<Q', struct.pack('<d', x))[0]:x}"


def rounded(t):
    """The nearest double, subnormal ones too."""
    exponent = gmpy2.get_exp(t) if t != 0 else 0
    unit = max(exponent - 53, -1074)
    scaled = gmpy2.rint(t * mpfr(2) ** -unit)
    return float(gmpy2.mpq(int(scaled)) * gmpy2.mpq(2) ** unit)


def near_multiples():
    """For each exponent, the significands that come nearest to a multiple of pi/2."""
    gmpy2.get_context().precision = 1400
    found = set()
    for exponent in range(0, 971):
        value = mpfr(2) ** exponent * 2 / gmpy2.const_pi()
        before, last = 0, 1
        value -= gmpy2.floor(value)
        while True:
            value = 1 / value
            whole = int(gmpy2.floor(value))
            value -= whole
            following = whole * last + before
            if following >= 2**53:
                break
            before, last = last, following
        found.add(float(last) * 2.0**exponent)
    found.add(6381956970095103.0 * 2.0**797)  # the nearest of all; Muller, "Elementary Functions", 2nd ed., ch. 9
    return sorted(found)


def main(path):
    random.seed(7)
    context = gmpy2.get_context()
    context.precision, context.emin, context.emax = PRECISION, gmpy2.get_emin_min(), gmpy2.get_emax_max()
    lines = []
    for name, spans in ONE.items():
        points = [random.uniform(*spans[i % len(spans)]) for i in range(210)]
        points += [s * t for t in TINY for s in (1, -1)]
        lines += [(name, 0.0, x, rounded(TRUE[name](mpfr(x)))) for x in points]
    for name, spans in TWO.items():
        for i in range(210):
            first, second = spans[i % len(spans)]
            a, x = random.uniform(*first), random.uniform(*second)
            t = TRUE[name](mpfr(a), mpfr(x))
            if abs(t) < mpfr(2) ** 1023:
                lines.append((name, a, x, rounded(t)))
    hard = near_multiples()
    for x in hard[::3]:
        lines.append(("sin", 0.0, x, rounded(gmpy2.sin(mpfr(x)))))
        lines.append(("cos", 0.0, x, rounded(gmpy2.cos(mpfr(x)))))
    with open(path, "w") as file:
        for name, a, x, y in lines:
            print(name, bits(a), bits(x), bits(y), file=file)


if __name__ == "__main__":
    main(sys.argv[1])
