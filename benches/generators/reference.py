"""Random numbers as docs/generators.md specifies them, written from that page alone.

    python3 benches/generators/reference.py pairs PROBABILITY SEED TARGETS SOURCES
    python3 benches/generators/reference.py uniform LO HI SEED COUNT
    python3 benches/generators/reference.py normal MEAN STD SEED COUNT

`pairs` and `uniform` give the bits of neuronc. `normal` uses this machine's logarithm, sine and cosine, whose last
digits may be other ones.
"""

import math
import sys

WORD = 2**32


def philox(counter, key):
    """Philox4x32-10: four words of 32 bits from four others, for a key of two."""
    a, b, c, d = counter
    k, l = key
    for _ in range(10):
        left, right = 0xD2511F53 * a, 0xCD9E8D57 * c
        a, b, c, d = (right // WORD) ^ b ^ k, right % WORD, (left // WORD) ^ d ^ l, left % WORD
        k, l = (k + 0x9E3779B9) % WORD, (l + 0xBB67AE85) % WORD
    return a, b, c, d


def fractions(seed, purpose, place):
    """The two numbers u and v of a place."""
    a, b, c, d = philox((place % WORD, place // WORD, purpose, 0), (seed % WORD, seed // WORD))
    return ((b * WORD + a) >> 11) / 2**53, ((d * WORD + c) >> 11) / 2**53


def is_drawn(probability, seed, pair):
    return fractions(seed, 1, pair)[0] < probability


def uniform(lo, hi, seed, place):
    value = lo + (hi - lo) * fractions(seed, 0, place)[0]
    return value if value < hi else math.nextafter(hi, -math.inf)


def normal(mean, std, seed, place):
    u, v = fractions(seed, 0, place)
    return mean + std * (math.sqrt(-2 * math.log(1 - u)) * math.cos(2 * math.pi * v))


def known_answers():
    """Those that Philox's authors publish."""
    pi = (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344), (0xA4093822, 0x299F31D0)
    assert philox((0, 0, 0, 0), (0, 0)) == (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)
    assert philox((WORD - 1,) * 4, (WORD - 1,) * 2) == (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)
    assert philox(*pi) == (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1)


def main():
    known_answers()
    what, *arguments = sys.argv[1:]
    if what == "pairs":
        probability, seed, targets, sources = float(arguments[0]), *map(int, arguments[1:])
        for target in range(targets):
            print(*(int(is_drawn(probability, seed, target * sources + source)) for source in range(sources)))
    else:
        generator = {"uniform": uniform, "normal": normal}[what]
        first, second, seed, count = float(arguments[0]), float(arguments[1]), *map(int, arguments[2:])
        for place in range(count):
            print(repr(generator(first, second, seed, place)))


if __name__ == "__main__":
    main()
