// The activations and functions, by the names that the network's table gives them. What is made of + - × ÷ √ and comparisons has the
// bits of `neuronc run`; what needs a series is within a few units of the last place.

const SQRT_HALF = Math.SQRT1_2, SQRT_PI = 1.7724538509055160273;

// Terms that are all positive: nothing cancels.
function erfNear(x) {
  let term = x, sum = x;
  for (let n = 1; n < 200 && Math.abs(term) > 1e-18 * Math.abs(sum); n += 1) {
    term *= 2 * x * x / (2 * n + 1);
    sum += term;
  }
  return 2 / SQRT_PI * Math.exp(-x * x) * sum;
}

// 1 - erf(x) above 2, as a continued fraction from behind.
function erfcFar(x) {
  let fraction = x;
  for (let n = 160; n > 0; n -= 1) fraction = x + n / 2 / fraction;
  return Math.exp(-x * x) / (SQRT_PI * fraction);
}

function erf(x) {
  if (Math.abs(x) <= 2) return erfNear(x);
  return x > 0 ? 1 - erfcFar(x) : x < 0 ? erfcFar(-x) - 1 : x;
}

function erfc(x) {
  if (Math.abs(x) <= 2) return 1 - erfNear(x);
  return x > 0 ? erfcFar(x) : 2 - erfcFar(-x);
}

function sigmoid(x) {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const power = Math.exp(x);
  return power / (1 + power);
}

// x·e^t for a t far below 0, in two halves so that it underflows only at the end.
function farBelow(x, t) {
  const half = Math.exp(t / 2);
  return half === 0 ? -half : x * half * half;
}

function softplus(x) {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

// z - tanh(z), as a series where the difference cancels.
function tanhShrink(z) {
  if (Math.abs(z) > 0.2) return z - Math.tanh(z);
  const square = z * z;
  const terms = [1 / 3, -2 / 15, 17 / 315, -62 / 2835, 1382 / 155925, -21844 / 6081075, 929569 / 638512875];
  return z * square * terms.reduceRight((sum, term) => term + square * sum, -6404582 / 10854718875);
}

function mish(z) {
  if (z > 40) return z;
  if (z < -38) return farBelow(z, z);
  const power = Math.exp(z), size = power * (power + 2);
  return z * (size / (size + 2));
}

function sign(z) {
  return z > 0 ? 1 : z < 0 ? -1 : z === 0 ? 0 : z;
}

function clipped(z, low, high) {
  const raised = z <= low ? low : z;
  return raised > high ? high : raised;
}

// -0 is below +0, NaN spreads.
function smaller(x, y) {
  if (x !== x || y !== y) return NaN;
  return x < y || (x === y && Object.is(x, -0)) ? x : y;
}

function power(x, y) {
  if (y === 2) return x * x;
  if (y === 0 || x === 1 || (x === -1 && Math.abs(y) === Infinity)) return 1;
  return Math.pow(x, y);
}

const truth = (holds) => (holds ? 1 : 0);

// Each takes its operands, then the precision's `fused`. Results are rounded by who calls; steps that round before that do it here.
function functionsOf({ round, fused }) {
  const product = (x, y) => round(x * y);
  return {
    Identity: (z) => z,
    Step: (z, threshold, at) => (z === threshold ? at : z > threshold ? 1 : z < threshold ? 0 : z),
    Sign: sign,
    Relu: (z) => (z <= 0 ? 0 : z),
    LeakyRelu: (z, slope) => (z >= 0 ? z : slope * z),
    Sigmoid: (z, slope) => sigmoid(slope * z),
    Tanh: (z, slope) => Math.tanh(slope * z),
    Softplus: (z, beta) => (beta * z > 40 ? z : softplus(beta * z) / beta),
    Gelu: (z) => (z > 40 ? z : z < -40 ? -0 : z * 0.5 * erfc(-z * SQRT_HALF)),
    Silu: (z, beta) => (product(beta, z) < -38 ? farBelow(z, product(beta, z)) : z * sigmoid(beta * z)),
    Elu: (z, alpha) => (z >= 0 ? z : alpha * round(Math.expm1(z))),
    Softsign: (z) => (Math.abs(z) > 2 ** 60 ? sign(z) : z / round(1 + Math.abs(z))),
    ThresholdedRelu: (z, theta) => (z <= theta ? 0 : z),
    Relu6: (z) => clipped(z, 0, 6),
    Selu: (z) => round(1.0507009873554805) * (z >= 0 ? z : round(round(1.6732632423543772) * round(Math.expm1(z)))),
    Celu: (z, alpha) => (z >= 0 ? z : alpha * round(Math.expm1(round(z / alpha)))),
    HardSigmoid: (z, alpha, beta) => clipped(fused(alpha, z, beta), 0, 1),
    LogSigmoid: (z) => (z < -40 ? z : -softplus(-z)),
    HardTanh: (z, low, high) => clipped(z, low, high),
    ScaledTanh: (z, a, b) => a * round(Math.tanh(b * z)),
    GeluTanh: (z) => {
      const twice = 2 * Math.sqrt(2 / Math.PI) * (z + 0.044715 * z * z * z);
      if (twice > 80) return z;
      return twice < -38 ? farBelow(z, twice) : z * sigmoid(twice);
    },
    Mish: mish,
    HardSwish: (z) => (z <= -3 ? 0 : z * round(clipped(round(z + 3), 0, 6) / 6)),
    HardShrink: (z, lambda) => (Math.abs(z) <= lambda ? 0 : z),
    SoftShrink: (z, lambda) => (Math.abs(z) <= lambda ? 0 : z > 0 ? z - lambda : z + lambda),
    TanhShrink: tanhShrink,
    Exp: Math.exp,
    Sin: Math.sin,
    Cos: Math.cos,
    Square: (z) => z * z,
    Cube: (z) => product(z, z) * z,
    Abs: Math.abs,
    Reciprocal: (z) => 1 / z,
    Gaussian: (z, k) => Math.exp(-k * z * z),

    Add: (x, y) => x + y,
    Subtract: (x, y) => x - y,
    Multiply: (x, y) => x * y,
    Divide: (x, y) => x / y,
    Power: power,
    Negate: (x) => -x,
    Less: (x, y) => truth(x < y),
    LessOrEqual: (x, y) => truth(x <= y),
    Greater: (x, y) => truth(x > y),
    GreaterOrEqual: (x, y) => truth(x >= y),
    Equal: (x, y) => truth(x === y),
    NotEqual: (x, y) => truth(x !== y),
    Ln: Math.log,
    Log2: Math.log2,
    Sqrt: Math.sqrt,
    Min: smaller,
    Max: (x, y) => -smaller(-x, -y),
    Clamp: (x, low, high) => -smaller(-smaller(x, high), -low),
    Floor: Math.floor,
    Ceil: Math.ceil,
    Sinh: Math.sinh,
    Cosh: Math.cosh,
    Atan: Math.atan,
    Erf: erf,
    If: (c, a, b) => (c !== c ? c : c === 0 ? b : a),
  };
}

function firstLargest(values) {
  if (values.some((value) => value !== value)) return -1;
  return values.reduce((best, value, place) => (value > values[best] ? place : best), 0);
}

// Activations of whole arrays: from all net inputs to all outputs.
function wholesOf({ round }) {
  const exp = (x) => round(Math.exp(x));
  const orNothing = (make) => (values) => {
    const place = firstLargest(values);
    return place < 0 ? values.map(() => NaN) : make(values, place);
  };
  return {
    softmax: orNothing((values, place) => {
      let sum = 0, lost = 0;
      const powers = values.map((value) => exp(round(value - values[place])));
      for (const value of powers) {
        const rounded = round(sum + value);
        const addend = round(rounded - sum);
        lost = round(lost + round(round(sum - round(rounded - addend)) + round(value - addend)));
        sum = rounded;
      }
      sum = round(sum + lost);
      return powers.map((value) => round(value / sum));
    }),
    log_softmax: orNothing((values, place) => {
      const less = values.map((value) => round(value - values[place]));
      const others = less.reduce((sum, value, index) => round(sum + (index === place ? 0 : exp(value))), 0);
      const logarithm = round(Math.log1p(others));
      return less.map((value) => round(value - logarithm));
    }),
    hardmax: orNothing((values, place) => values.map((_, index) => (index === place ? 1 : 0))),
  };
}
