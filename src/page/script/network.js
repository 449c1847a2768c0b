// The evaluation: what `neuronc run` does, step by step.

// Contributions as they are combined, one after the other; `take` gives the value so far.
function combination(name, round) {
  let soFar = name === "product" ? 1 : 0, count = 0;
  const sorted = [];
  const isBelow = (x, y) => x < y || (x === y && Object.is(x, -0) && Object.is(y, 0));
  const kept = (replaces, next) => (soFar === soFar && (replaces || next !== next) ? next : soFar);
  const median = () => {
    const middle = sorted.length >> 1;
    if (sorted.some((value) => value !== value)) return NaN;
    if (sorted.length % 2 === 1) return sorted[middle];
    if (middle === 0) return 0;
    const [low, high] = [sorted[middle - 1], sorted[middle]], sum = round(low + high);
    return Number.isFinite(sum) ? round(0.5 * sum) : round(round(0.5 * low) + round(0.5 * high));
  };
  const value = () => {
    if (name === "median") return median();
    return name === "mean" && count > 0 ? round(soFar / round(count)) : soFar;
  };
  const ways = {
    mean: (next) => round(soFar + next),
    product: (next) => round(soFar * next),
    min: (next) => kept(count === 0 || isBelow(next, soFar), next),
    max: (next) => kept(count === 0 || isBelow(soFar, next), next),
    max_abs: (next) => kept(count === 0 || Math.abs(next) > Math.abs(soFar), next),
    median: (next) => {
      const place = sorted.findIndex((known) => isBelow(next, known));
      sorted.splice(place < 0 ? sorted.length : place, 0, next);
      return next;
    },
  };
  const take = (next) => {
    soFar = ways[name](next);
    count += 1;
    return value();
  };
  return { take, value };
}

// From a net input to an output.
function activationOf(activation, functions, round) {
  const parameters = (activation.parameters || []).map(round);
  if (activation.kind === "element") return (z) => round(functions[activation.id](z, ...parameters));
  if (activation.kind === "whole") return (z) => z;
  const constants = activation.constants.map((value) => (value === null ? NaN : round(value)));
  return (z) => {
    const values = [z, ...constants];
    for (const [id, ...operands] of activation.operations) {
      values.push(round(functions[id](...operands.map((operand) => values[operand]))));
    }
    return values[values.length - 1];
  };
}

// A network that can be evaluated in a precision, `f64` or `f32`.
function prepared(network, precision) {
  const { round, fused } = PRECISIONS[precision];
  const functions = functionsOf({ round, fused }), wholes = wholesOf({ round });
  const activations = network.activations.map((activation) => activationOf(activation, functions, round));

  // The synapses of one neuron, in order, then what comes of them.
  function computed(neuron, slots, note) {
    const { combine, sources, weights } = neuron;
    const other = combine === "sum" ? null : combination(combine, round);
    let sum = 0;
    for (let place = 0; place < sources.length; place += 1) {
      const value = slots[sources[place]], weight = round(weights[place]);
      sum = other ? other.take(round(weight * value)) : fused(weight, value, sum);
      if (note) note(place, value, weight, round(weight * value), sum);
    }
    const combined = other ? other.value() : sum;
    return round(combined + round(neuron.bias));
  }

  // All values, and the net inputs of neurons, by slot.
  function evaluate(inputs) {
    const slots = new Array(network.slots).fill(0), netInputs = new Array(network.slots).fill(0);
    inputs.forEach((value, place) => { slots[network.inputs[place]] = round(value); });
    for (const step of network.steps) {
      if (step.whole) {
        const { first, count, activation } = step.whole;
        const made = wholes[network.activations[activation].id](slots.slice(first, first + count));
        made.forEach((value, place) => { slots[first + place] = value; });
      } else {
        const netInput = computed(step, slots);
        netInputs[step.slot] = netInput;
        slots[step.slot] = activations[step.activation](netInput);
      }
    }
    return { slots, netInputs };
  }

  // What every synapse of a neuron brought.
  function traced(neuron, { slots, netInputs }) {
    const rows = [];
    computed(neuron, slots, (place, value, weight, contribution, sum) => {
      rows.push({ source: neuron.sources[place], value, weight, contribution, sum });
    });
    return { rows, bias: round(neuron.bias), netInput: netInputs[neuron.slot], output: slots[neuron.slot] };
  }

  return { evaluate, traced };
}

// Whether a neuron with this output fires; null where that means nothing.
function firing(activation, output) {
  return activation.level === null ? null : output > activation.level;
}

if (typeof module !== "undefined") module.exports = { fused64, fused32, prepared, firing };
