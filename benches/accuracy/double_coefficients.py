"""Minimax coefficients of the double-precision formulas (Remez exchange, mpmath).

Run without arguments; every polynomial is printed as Rust literals, rounded to double, with the
interval of its variable and the weighted error that the ROUNDED coefficients leave.
"""

import struct
import sys

from mpmath import mp, mpf, atan, cos, cosh, erf, erfc, exp, log, lu_solve, matrix, pi, sin, sinh, sqrt, tanh

mp.prec = 260


def remez(f, weight, lo, hi, degree, rounds=6, grid=2500):
    """Coefficients of the polynomial that minimises max |weight * (f - p)| on [lo, hi]."""
    lo, hi = mpf(lo), mpf(hi)
    n = degree + 2
    nodes = [(lo + hi) / 2 - (hi - lo) / 2 * cos(pi * i / (n - 1)) for i in range(n)]
    points = [(lo + hi) / 2 - (hi - lo) / 2 * cos(pi * i / grid) for i in range(grid + 1)]
    values = [(x, f(x), weight(x)) for x in points]
    coefficients = None
    for _ in range(rounds):
        system, right = matrix(n, n), matrix(n, 1)
        for i, x in enumerate(nodes):
            power = mpf(1)
            for j in range(n - 1):
                system[i, j] = power
                power *= x
            system[i, n - 1] = (-1) ** i / weight(x)
            right[i] = f(x)
        solution = lu_solve(system, right)
        coefficients = [solution[j] for j in range(n - 1)]
        # One extremum of the error per run of equal signs.
        extrema = []
        for x, y, w in values:
            e = w * (y - horner(coefficients, x))
            if extrema and (e > 0) == (extrema[-1][1] > 0):
                if abs(e) > abs(extrema[-1][1]):
                    extrema[-1] = (x, e)
            else:
                extrema.append((x, e))
        if len(extrema) < n:
            break
        while len(extrema) > n:
            extrema.pop(0 if abs(extrema[0][1]) < abs(extrema[-1][1]) else -1)
        nodes = [x for x, _ in extrema]
    return coefficients, values


def horner(coefficients, x):
    total = mpf(0)
    for c in reversed(coefficients):
        total = total * x + c
    return total


def literal(x):
    """A double as the shortest decimal that gives it back."""
    return repr(float(x))


def report(name, f, raw_weight, lo, hi, degree, split=0):
    # A weight of 0 would leave the exchange without a reference point there.
    floor = max(raw_weight(mpf(lo)), raw_weight(mpf(hi))) * mpf("0.01")
    weight = lambda x: max(raw_weight(x), floor)
    coefficients, values = remez(f, weight, lo, hi, degree)
    rounded = []
    print(f"// {name}: variable in [{mp.nstr(mpf(lo), 6)}, {mp.nstr(mpf(hi), 6)}], degree {degree}")
    for i, c in enumerate(coefficients):
        if i < split:  # kept as an unevaluated sum of two doubles
            high = mpf(float(c))
            low = mpf(float(c - high))
            rounded.append(high + low)
            print(f"  {literal(high)}, // + {literal(low)}")
        else:
            rounded.append(mpf(float(c)))
            print(f"  {literal(c)},")
    error = max(abs(w * (y - horner(rounded, x))) for x, y, w in values)
    print(f"// error 2^{mp.nstr(log(error, 2), 5)}\n")


def series(lead, ratio, count=60):
    """Sum of lead * prod(ratio(i)): the functions below lose too much near 0 in closed form."""
    total, term = mpf(0), mpf(lead)
    for i in range(count):
        total += term
        term *= ratio(i)
    return total


EDGE = mpf("0.3470")  # ln(2)/2 and what the rounding of the quotient adds
ATAN_EDGE = mpf(7) / 16 * (1 + mpf(2) ** -40)
SIN_EDGE = pi / 4 * (1 + mpf(2) ** -30)
LOG_EDGE = ((sqrt(mpf(2)) - 1) / (sqrt(mpf(2)) + 1)) ** 2 * (1 + mpf(2) ** -40)


def odd_log(u, first):
    """sum of 2/(2n+1) u^(n-first) for n >= first"""
    return sum(mpf(2) / (2 * n + 1) * u ** (n - first) for n in range(first, first + 60))


def atan_tail(u):
    return sum(mpf(-1) ** n / (2 * n + 1) * u ** (n - 1) for n in range(1, 130))


def tanh_shrink(u):
    if u < mpf("1e-12"):
        return mpf(1) / 3 - 2 * u / 15 + 17 * u * u / 315
    x = sqrt(u)
    return (x - tanh(x)) / (x * u)


def scaled_erfc(t, k):
    """erfc(x) e^(x^2) (1 + 2x) at x = k (1 + t) / (1 - t)"""
    x = k * (1 + t) / (1 - t)
    return erfc(x) * exp(x * x) * (1 + 2 * x)


JOBS = {
    "exp": lambda: report("exp: (e^r - 1 - r)/r^2", lambda r: series(mpf(1) / 2, lambda i: r / (i + 3)), lambda r: r * r, -EDGE, EDGE, 10),
    "exp3": lambda: report("exp: (e^r - 1 - r - r^2/2)/r^3", lambda r: series(mpf(1) / 6, lambda i: r / (i + 4)), lambda r: r * r * abs(r), -EDGE, EDGE, 9),
    "cosh": lambda: report("cosh: (cosh r - 1)/r^2 in r^2", lambda u: series(mpf(1) / 2, lambda i: u / ((2 * i + 3) * (2 * i + 4))), lambda u: u, 0, EDGE**2, 5),
    "sinh": lambda: report("sinh: (sinh r - r)/r^3 in r^2", lambda u: series(mpf(1) / 6, lambda i: u / ((2 * i + 4) * (2 * i + 5))), lambda u: u, 0, EDGE**2, 5),
    "log": lambda: report("ln: (ln((1+s)/(1-s)) - 2s)/s^3 in s^2", lambda u: odd_log(u, 1), lambda u: u, 0, LOG_EDGE, 8),
    "logdd": lambda: report("pow: the same from s^9 on, over s^9", lambda u: odd_log(u, 4), lambda u: u**4, 0, LOG_EDGE, 7),
    "sin": lambda: report("sin: (sin r - r)/r^3 in r^2", lambda u: series(mpf(-1) / 6, lambda i: -u / ((2 * i + 4) * (2 * i + 5))), lambda u: u, 0, SIN_EDGE**2, 6),
    "cos": lambda: report("cos: (cos r - 1 + r^2/2)/r^4 in r^2", lambda u: series(mpf(1) / 24, lambda i: -u / ((2 * i + 5) * (2 * i + 6))), lambda u: u * u, 0, SIN_EDGE**2, 6),
    "atan": lambda: report("atan: (atan t - t)/t^3 in t^2", atan_tail, lambda u: u, 0, ATAN_EDGE**2, 11),
    "erf": lambda: report("erf: (erf x - 2x/sqrt(pi))/x^3 in x^2", lambda u: 2 / sqrt(pi) * sum(mpf(-1) ** n / (mp.factorial(n) * (2 * n + 1)) * u ** (n - 1) for n in range(1, 50)), lambda u: u, 0, mpf("0.2501"), 8),
    "tanh_shrink": lambda: report("tanh_shrink: (x - tanh x)/x^3 in x^2", tanh_shrink, lambda u: 3, 0, mpf("0.2501"), 10),
}


def erfc_job(k, lowest, highest, degree, split):
    t = lambda x: (mpf(x) - k) / (mpf(x) + k)
    report(f"erfc: erfc(x) e^(x^2) (1+2x) in (x-{k})/(x+{k})", lambda v: scaled_erfc(v, k), lambda v: 1, t(lowest), t(highest), degree, split)


JOBS["erfc"] = lambda: erfc_job(mpf(sys.argv[2]) if len(sys.argv) > 2 else mpf(5), 0, mpf("28.3"), int(sys.argv[3]) if len(sys.argv) > 3 else 26, 2)


def erfc_slope(v):
    a = 5 * (1 + v) / (1 - v)
    x = erfc(a) * exp(a * a)
    return (2 * x + (1 + 2 * a) * (2 * a * x - 2 / sqrt(pi))) * (a + 5) ** 2 / 10


JOBS["erfc_slope"] = lambda: report("erfc: derivative of the above in (x-5)/(x+5)", erfc_slope, lambda v: 1, -1, (mpf("28.3") - 5) / (mpf("28.3") + 5), 5)


def tables():
    print("// 2/pi * 2^(16 j) mod 4, four doubles each")
    rows = []
    mp.prec = 1400
    for j in range(64):
        v = 2 / pi * mpf(2) ** (16 * j)
        v = v - 4 * mp.floor(v / 4)
        row = []
        for _ in range(4):
            h = mpf(float(v))
            row.append(h)
            v -= h
        rows.append(row)
    for i in range(4):
        print(f"// part {i}")
        for r in rows:
            print(f"    {literal(r[i])},")
    mp.prec = 260


def constants():
    def split(name, v, parts=2):
        out = []
        for _ in range(parts):
            h = mpf(float(v))
            out.append(literal(h))
            v -= h
        print(f"// {name}: " + ", ".join(out))

    ln2 = log(mpf(2))
    high = mp.floor(ln2 * mpf(2) ** 41) / mpf(2) ** 41
    print("// ln2 in 41 bits, and the rest:", literal(high), literal(ln2 - high))
    for name, v in [("ln2", ln2), ("1/ln2", 1 / ln2), ("pi/2", pi / 2), ("2/sqrt(pi)", 2 / sqrt(pi)),
                    ("1/sqrt2", 1 / sqrt(mpf(2))), ("2/3", mpf(2) / 3), ("2/5", mpf(2) / 5), ("2/7", mpf(2) / 7),
                    ("atan 0.5", atan(mpf(1) / 2)), ("atan 1", pi / 4), ("atan 1.5", atan(mpf(3) / 2)),
                    ("2 sqrt(2/pi)", 2 * sqrt(2 / pi)), ("2 sqrt(2/pi) 0.044715", 2 * sqrt(2 / pi) * mpf("0.044715"))]:
        split(name, v)


if __name__ == "__main__":
    names = sys.argv[1:2] or [*JOBS, "constants", "tables"]
    for name in names:
        {"constants": constants, "tables": tables}.get(name, JOBS.get(name))()
