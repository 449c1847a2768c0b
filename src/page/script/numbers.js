// The fused multiply-add in both precisions, in terms of what every browser rounds alike.

const room = new DataView(new ArrayBuffer(8));

// The neighbour of a number on the side of `rest`, where the last bit of its significand is even: rounding to odd keeps a
// second rounding right (Boldo and Melquiond, "Emulation of FMA and correctly rounded sums", 2008).
function roundedToOdd(sum, rest) {
  if (rest === 0 || !Number.isFinite(sum)) return sum;
  room.setFloat64(0, sum);
  const bits = room.getBigInt64(0);
  if (bits & 1n) return sum;
  room.setBigInt64(0, (rest > 0) === (sum > 0) ? bits + 1n : bits - 1n);
  return room.getFloat64(0);
}

// What the rounding of a sum left out, exactly (Knuth's two-sum).
function lostBySum(x, y, sum) {
  const addend = sum - x;
  return (x - (sum - addend)) + (y - addend);
}

function halves(x) {
  const far = 134217729 * x;
  const high = far - (far - x);
  return [high, x - high];
}

// What the rounding of a product left out, exactly (Dekker), where nothing over- or underflows.
function lostByProduct(x, y, product) {
  const [xh, xl] = halves(x), [yh, yl] = halves(y);
  return ((xh * yh - product) + xh * yl + xl * yh) + xl * yl;
}

const LARGE = 2 ** 500, SMALL = 2 ** -900;

// a·b + c, rounded once.
function fused64(a, b, c) {
  const product = a * b;
  if (!Number.isFinite(a) || !Number.isFinite(b) || a === 0 || b === 0) return product + c;
  if (!Number.isFinite(c)) return c;
  if (c === 0) return product;
  const size = Math.abs(product);
  const isPlain = Math.abs(a) < LARGE && Math.abs(b) < LARGE && Math.abs(c) < LARGE && size > SMALL;
  if (!isPlain) return exactly(a, b, c);
  const lost = lostByProduct(a, b, product);
  const low = c + lost, lowest = lostBySum(c, lost, low);
  const high = product + low, rest = lostBySum(product, low, high);
  const small = lowest + rest;
  return high + roundedToOdd(small, lostBySum(lowest, rest, small));
}

// A finite number as a whole number times a power of two.
function whole(x) {
  room.setFloat64(0, x);
  const bits = room.getBigUint64(0);
  const exponent = Number((bits >> 52n) & 2047n);
  const fraction = bits & 0xfffffffffffffn;
  const significand = exponent === 0 ? fraction : fraction | 0x10000000000000n;
  return [bits >> 63n ? -significand : significand, Math.max(exponent, 1) - 1075];
}

// The same in whole numbers of any size.
function exactly(a, b, c) {
  const [x, ex] = whole(a), [y, ey] = whole(b), [z, ez] = whole(c);
  const least = Math.min(ex + ey, ez);
  const sum = ((x * y) << BigInt(ex + ey - least)) + (z << BigInt(ez - least));
  if (sum === 0n) return 0;
  const sign = sum < 0n ? -1 : 1;
  let size = sum < 0n ? -sum : sum;
  const length = size.toString(2).length;
  // The exponent of the last bit that stays.
  const last = Math.max(length - 53 + least, -1074);
  const drop = last - least;
  if (drop > 0) {
    const cut = BigInt(drop);
    const half = 1n << (cut - 1n), rest = size & ((1n << cut) - 1n);
    size >>= cut;
    if (rest > half || (rest === half && size & 1n)) size += 1n;
  } else {
    size <<= BigInt(-drop);
  }
  // In two steps, each exact, so that no power of two leaves the range.
  const step = Math.trunc(last / 2);
  return sign * Number(size) * 2 ** step * 2 ** (last - step);
}

// The same in single precision, of singles: the product is exact in a double.
function fused32(a, b, c) {
  const product = a * b, sum = product + c;
  return Math.fround(roundedToOdd(sum, lostBySum(product, c, sum)));
}

const PRECISIONS = {
  f64: { round: (x) => x, fused: fused64 },
  f32: { round: Math.fround, fused: fused32 },
};
