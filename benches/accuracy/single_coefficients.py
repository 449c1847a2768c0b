"""Lawson-weighted least squares for polynomials and rationals, rounded to f32 one coefficient at a time."""
import numpy as np, mpmath as mp
mp.mp.dps = 40
def cheb(a, b, n=600):
    t = np.cos(np.pi * (np.arange(n) + .5) / n)
    return a + (b - a) * (t + 1) / 2
def ev(g, xs): return np.array([float(g(mp.mpf(float(x)))) for x in xs])
def lawson(A, y, w, it=60):
    l = np.ones(len(y)); best = None
    for _ in range(it):
        s = np.sqrt(l) * w
        c = np.linalg.lstsq(A * s[:, None], y * s, rcond=None)[0]
        e = np.abs((A @ c - y) * w); m = e.max()
        if best is None or m < best[0]: best = (m, c)
        l *= e / m + 1e-9; l /= l.mean()
    return best
def poly(name, g, w, a, b, deg, step=1, fixed=()):
    """g(x) ~ sum c_i x^(i*step); error weighted by w; `fixed` gives leading coefficients."""
    xs = cheb(a, b); y = ev(g, xs); ww = ev(w, xs)
    V = np.stack([xs ** (i * step) for i in range(deg + 1)], 1)
    c = list(map(float, fixed)); y0 = y - V[:, :len(c)] @ np.array(c) if c else y.copy()
    first = None
    while len(c) < deg + 1:
        m, s = lawson(V[:, len(c):], y0, ww, 60 if first is None else 25)
        if first is None: first = m
        r = float(np.float32(s[0])); y0 = y0 - r * V[:, len(c)]; c.append(r)
    err = np.abs((V @ np.array(c) - y) * ww).max()
    print(f"// {name}: [{a},{b}] deg {deg} minimax 2^{np.log2(first):.1f} rounded 2^{np.log2(err):.1f}")
    print("[" + ", ".join(repr(float(np.float32(v))) if False else str(np.float32(v)) for v in c) + "]", flush=True)
    return c
def rat(name, g, a, b, n, m):
    """relative-error rational P_n/Q_m with q_0 = 1; then P and Q rounded, P refitted."""
    xs = cheb(a, b, 1500); y = ev(g, xs); l = np.ones(len(xs)); Q = np.ones(len(xs)); best = None
    for _ in range(200):
        s = np.sqrt(l) / (Q * y)
        A = np.concatenate([np.stack([xs ** i for i in range(n + 1)], 1), -y[:, None] * np.stack([xs ** i for i in range(1, m + 1)], 1)], 1)
        As = A * s[:, None]; cs = np.linalg.norm(As, axis=0)
        c = np.linalg.lstsq(As / cs, y * s, rcond=None)[0] / cs
        p, q = c[:n + 1], np.concatenate([[1], c[n + 1:]])
        Q = np.polyval(q[::-1], xs); e = np.abs(np.polyval(p[::-1], xs) / Q / y - 1); mm = e.max()
        if best is None or mm < best[0]: best = (mm, p, q)
        l *= e / mm + 1e-9; l /= l.mean()
    mm, p, q = best
    # round Q's coefficients one at a time, refitting the rest together with P, then P.
    kp, kq = [], [1.0]
    order = [('q', i) for i in range(1, m + 1)] + [('p', i) for i in range(n + 1)]
    Qw = np.polyval(q[::-1], xs)
    fp, fq = {}, {0: 1.0}
    for kind, i in order:
        cols, rhs, idx = [], np.zeros(len(xs)), []
        for j in range(m + 1):
            if j in fq: rhs = rhs + y * fq[j] * xs ** j
            else: cols.append(-y * xs ** j); idx.append(('q', j))
        for j in range(n + 1):
            if j in fp: rhs = rhs - fp[j] * xs ** j
            else: cols.append(xs ** j); idx.append(('p', j))
        A = np.stack(cols, 1); sc = np.linalg.norm(A / (Qw * y)[:, None], axis=0)
        _, s = lawson(A / sc, rhs, 1 / (Qw * y), 40); s = s / sc
        v = float(np.float32(s[idx.index((kind, i))]))
        (fp if kind == 'p' else fq)[i] = v
    p = [fp[i] for i in range(n + 1)]; q = [fq[i] for i in range(m + 1)]
    err = np.abs(np.polyval(p[::-1], xs) / np.polyval(q[::-1], xs) / y - 1).max()
    print(f"// {name}: [{a},{b}] ({n},{m}) minimax 2^{np.log2(mm):.1f} rounded 2^{np.log2(err):.1f}")
    for t, v in (("P", p), ("Q", q)): print(t, "[" + ", ".join(str(np.float32(u)) for u in v) + "]", flush=True)
L2 = float(mp.log(2)) / 2 * 1.0005
S = lambda x: x * x
one = lambda x: mp.mpf(1)
# exp(r) = 1 + r + r^2 q(r); relative error of expm1
def q_exp(x): return (mp.expm1(x) - x) / x**2
poly("exp q", q_exp, lambda x: x * x / mp.exp(x), -L2, L2, 4)
poly("expm1 q", q_exp, lambda x: x * x / mp.expm1(x), -L2, L2, 4)
poly("expm1 q5", q_exp, lambda x: x * x / mp.expm1(x), -L2, L2, 5)
poly("(expm1(2s)/2 - s)/s^2", lambda x: (mp.expm1(2 * x) / 2 - x) / x**2, lambda x: x * x / (mp.expm1(2 * x) / 2), -L2 / 2, L2 / 2, 5)
a, b = float(mp.sqrt(.5)) - 1, float(mp.sqrt(2)) - 1
def q_log(x): return (mp.log1p(x) - x + x * x / 2) / x**3
for d in (6, 7, 8): poly("ln q", q_log, lambda x: x**3 / mp.log1p(x), a, b, d)
for d in (8, 9, 10): poly("log1p/E on [0,1]", lambda x: mp.log1p(x) / x, lambda x: x / mp.log1p(x), 0, 1, d, fixed=(1,))
for d in (3, 4): poly("sinh (sinh x - x)/x^3 in x^2", lambda x: (mp.sinh(x) - x) / x**3, lambda x: x**3 / mp.sinh(x), 1e-3, 1, d, 2)
for d in (6, 7, 8): poly("(x-tanh)/x^3 in x^2", lambda x: (x - mp.tanh(x)) / x**3, lambda x: x**3 / (x - mp.tanh(x)), 1e-3, 1, d, 2)
pio4 = float(mp.pi / 4) * 1.0001
for d in (2, 3): poly("(sin-x)/x^3", lambda x: (mp.sin(x) - x) / x**3, lambda x: x**3 / mp.sin(x), 1e-3, pio4, d, 2)
for d in (2, 3): poly("(cos-1+x2/2)/x^4", lambda x: (mp.cos(x) - 1 + x * x / 2) / x**4, lambda x: x**4 / mp.cos(x), 1e-2, pio4, d, 2)
for d in (8, 9, 10): poly("(atan-x)/x^3", lambda x: (mp.atan(x) - x) / x**3, lambda x: x**3 / mp.atan(x), 1e-3, 1, d, 2)
for d in (6, 7): poly("erf/x - 2/sqrtpi hi", lambda x: mp.erf(x) / x - 1, lambda x: x / mp.erf(x), 1e-4, 1, d, 2)
Q = lambda x: mp.exp(x * x / 2) * mp.erfc(x / mp.sqrt(2)) / 2
X = lambda x: mp.exp(x * x) * mp.erfc(x)
for n, m in ((4, 5), (5, 6)):
    rat("mills half-erfcx(y/sqrt2)", Q, 0, 14.6, n, m)
    rat("erfcx", X, 0, 10.1, n, m)
def poly64(name, g, a, b, deg):
    xs = cheb(a, b); y = ev(g, xs); V = np.stack([xs ** i for i in range(deg + 1)], 1)
    m, c = lawson(V, y, 1 / y)
    print(f"// {name} [{a},{b}] deg {deg} 2^{np.log2(m):.1f}"); print([float(v) for v in c])
s = float((mp.sqrt(2) - 1) / (mp.sqrt(2) + 1)) ** 2 * 1.0001
for d in (4, 5): poly64("log2 in s^2", lambda z: 2 * mp.atanh(mp.sqrt(z)) / mp.sqrt(z) / mp.log(2), 1e-9, s, d)
for d in (6, 7): poly64("2^r", lambda r: mp.mpf(2) ** r, -.5, .5, d)
mp.mp.dps = 120
def chunks(v, n=3):
    out = []
    for _ in range(n):
        f = float(v); out.append(f); v -= mp.mpf(f)
    return out
t = 2 / mp.pi
print([repr(f) for f in chunks(t)], [f.hex() for f in chunks(t)])
u = t - mp.floor(t * mp.mpf(2) ** 55) / mp.mpf(2) ** 55
print([repr(f) for f in chunks(u)], [f.hex() for f in chunks(u)])
l2 = mp.log(2)
hi = mp.floor(l2 * 2**16) / 2**16; print("ln2 hi", repr(float(hi)), np.float32(float(l2 - hi)))
L = 1 / l2; h = float(np.float32(float(L))); print("log2e", np.float32(h), np.float32(float(L - h)))
for nm, v in (("c1", 2 * mp.sqrt(2 / mp.pi)), ("c3", 2 * mp.sqrt(2 / mp.pi) * mp.mpf('0.044715')), ("pi/2", mp.pi / 2)):
    h = float(np.float32(float(v))); print(nm, np.float32(h), np.float32(float(v - h)))
X = lambda y: mp.exp(y * y) * mp.erfc(y)
for p, ymax, nm, Y in ((1, 10.1, "erfcx", X), (.5, 10.1, "erfcx", X), (.5, 14.6, "half erfcx(y/sqrt2)", lambda y: X(y / mp.sqrt(2)) / 2), (.25, 14.6, "half erfcx(y/sqrt2)", lambda y: X(y / mp.sqrt(2)) / 2)):
    a = 1 / (1 + p * ymax) * .999
    G = lambda u: Y((1 / u - 1) / p) / u
    for d in (7, 8, 9, 10): 
        print(p); poly(nm, G, lambda u: 1 / G(u), a, 1, d)
def ratd(name, g, a, b, n, m):
    """1 + g ~ 1 + sum_{1..n} p x^i / (1 + sum q x^i); error relative to 1 + g."""
    t = (np.cos(np.pi * (np.arange(1500) + .5) / 1500) + 1) / 2
    xs = a + (b - a) * t ** 2; y = ev(g, xs); l = np.ones(len(xs)); Q = np.ones(len(xs)); best = None
    P = np.stack([xs ** i for i in range(1, n + 1)], 1); D = -y[:, None] * np.stack([xs ** i for i in range(1, m + 1)], 1)
    for _ in range(300):
        s = np.sqrt(l) / Q / (1 + y)
        A = np.concatenate([P, D], 1) * s[:, None]; cs = np.linalg.norm(A, axis=0)
        c = np.linalg.lstsq(A / cs, y * s, rcond=None)[0] / cs
        p, q = c[:n], c[n:]
        Q = 1 + np.stack([xs ** i for i in range(1, m + 1)], 1) @ q
        e = np.abs((P @ p / Q - y) / (1 + y)); mm = e.max()
        if best is None or mm < best[0]: best = (mm, p, q)
        l *= e / mm + 1e-9; l /= l.mean()
    mm, p, q = best
    p = p.astype(np.float32).astype(float); q = q.astype(np.float32).astype(float)
    Q = 1 + np.stack([xs ** i for i in range(1, m + 1)], 1) @ q
    err = np.abs((P @ p / Q - y) / (1 + y)).max()
    print(f"// {name}: [{a},{b}] ({n},{m}) minimax 2^{np.log2(mm):.1f} rounded 2^{np.log2(err):.1f} max {y.max():.3f} min {y.min():.3f}")
    print("A", [str(np.float32(v)) for v in p]); print("B", [1.0] + [str(np.float32(v)) for v in q], flush=True)
X = lambda y: mp.exp(y * y) * mp.erfc(y)
sp = float(np.float32(float(mp.sqrt(mp.pi)))); print("sqrt pi", np.float32(sp))
for n, m in ((2, 4), (3, 4), (3, 5), (4, 5)): ratd("erfcx*(1+sqrtpi y)-1", lambda y: X(y) * (1 + sp * y) - 1, 0, 10.2, n, m)
s2 = float(np.float32(float(mp.sqrt(2 * mp.pi)))); print("sqrt 2pi", np.float32(s2))
for n, m in ((2, 4), (3, 4), (3, 5), (4, 5)): ratd("gelu", lambda y: X(y / mp.sqrt(2)) / 2 * (2 + s2 * y) - 1, 0, 14.7, n, m)
