#!/usr/bin/env python3
"""neuronc beside NumPy and scikit-learn, in double precision.

    pip install numpy==2.4.6 scikit-learn==1.9.1
    python3 benches/oracle/compare.py target/release/neuronc dense [NETWORKS]
    python3 benches/oracle/compare.py target/release/neuronc trained

`dense` makes random layers of every activation that NumPy can express, and holds each output to a bound of what two
orders of summation may differ by. `trained` trains scikit-learn's networks on its own data sets: of every row the class
must be the same.
"""

import argparse
import math
import subprocess
import tempfile
import warnings
from pathlib import Path

import numpy as np

UNIT = 2.0**-53

# The output, and how fast it changes at the most: a difference of net inputs becomes so much larger.
SMOOTH = {
    "identity": (lambda z: z, 1),
    "relu": (lambda z: np.maximum(z, 0), 1),
    "leaky_relu": (lambda z: np.where(z >= 0, z, 0.01 * z), 1),
    "sigmoid": (lambda z: 1 / (1 + np.exp(-z)), 0.25),
    "tanh": (np.tanh, 1),
    "softplus": (lambda z: np.logaddexp(0, z), 1),
    "gelu": (lambda z: z * np.vectorize(math.erfc)(-z / math.sqrt(2)) / 2, 1.13),
    "silu": (lambda z: z / (1 + np.exp(-z)), 1.1),
    "elu": (lambda z: np.where(z >= 0, z, np.expm1(z)), 1),
    "softsign": (lambda z: z / (1 + np.abs(z)), 1),
    "relu6": (lambda z: np.clip(z, 0, 6), 1),
    "selu": (lambda z: 1.0507009873554805 * np.where(z >= 0, z, 1.6732632423543772 * np.expm1(z)), 1.76),
    "hard_sigmoid": (lambda z: np.clip(0.2 * z + 0.5, 0, 1), 0.2),
    "log_sigmoid": (lambda z: -np.logaddexp(0, -z), 1),
    "hard_tanh": (lambda z: np.clip(z, -1, 1), 1),
    "scaled_tanh(1.7, 0.6)": (lambda z: 1.7 * np.tanh(0.6 * z), 1.02),
    "gelu_tanh": (lambda z: z / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (z + 0.044715 * z**3))), 1.13),
    "mish": (lambda z: z * np.tanh(np.logaddexp(0, z)), 1.1),
    "hard_swish": (lambda z: z * np.clip(z + 3, 0, 6) / 6, 1.5),
    "soft_shrink": (lambda z: np.sign(z) * np.maximum(np.abs(z) - 0.5, 0), 1),
    "tanh_shrink": (lambda z: z - np.tanh(z), 1),
    "sin": (np.sin, 1),
    "cos": (np.cos, 1),
    "abs": (np.abs, 1),
    "gaussian": (lambda z: np.exp(-z * z), 0.86),
}
# A softmax's output changes by half of the largest change of a net input at the most, its logarithm by twice of it.
OF_ARRAYS = {"softmax": 0.5, "log_softmax": 2}


def softmax(z):
    shares = np.exp(z - z.max(axis=1, keepdims=True))
    return shares / shares.sum(axis=1, keepdims=True)


def log_softmax(z):
    lowered = z - z.max(axis=1, keepdims=True)
    return lowered - np.log(np.exp(lowered).sum(axis=1, keepdims=True))


def neuronc(program, layers, rows):
    """The outputs of layers of weights (targets × sources), biases and activations."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        text = f"input l0[{rows.shape[1]}]\n"
        for number, (weights, biases, activation) in enumerate(layers, 1):
            np.save(folder / f"w{number}.npy", np.ascontiguousarray(weights))
            np.save(folder / f"b{number}.npy", biases)
            text += f'weight w{number}[{len(biases)}, {weights.shape[1]}] = load("w{number}.npy")\n'
            text += f'bias b{number}[{len(biases)}] = load("b{number}.npy")\n'
            text += f"neuron l{number}[{len(biases)}] {{ activation = {activation}, bias = b{number} }}\n"
            text += f"l{number - 1} -> l{number} : w{number}\n"
        (folder / "model.neuron").write_text(text + f"output l{len(layers)}\n")
        heading = ",".join(f"l0[{column}]" for column in range(rows.shape[1]))
        lines = [",".join(map(repr, row)) for row in rows.tolist()]
        (folder / "rows.csv").write_text("\n".join([heading, *lines]) + "\n")
        command = [program, "run", "model.neuron", "--data", "rows.csv", "--out", "outputs.csv", "--threads", "1"]
        subprocess.run([Path(program).resolve(), *command[1:]], cwd=folder, check=True, capture_output=True)
        return np.loadtxt(folder / "outputs.csv", delimiter=",", skiprows=1, ndmin=2)


def dense(program, count):
    """Random layers. The bound follows the network: a sum of n products, in whatever order and however fused, is within
    (n + 1) units of the sum of their magnitudes; twice of that lies between two such sums. What the layer before differs
    by comes in through the weights, and goes out as much larger as the activation is steep. The last term is what two
    libraries' formulas may differ by."""
    random, worst, largest, values = np.random.default_rng(1), 0.0, {}, 0
    for _ in range(count):
        sizes = [int(size) for size in random.integers(1, 200, random.integers(2, 6))]
        rows = random.standard_normal((100, sizes[0]))
        layers, outputs, differs = [], rows, np.zeros_like(rows)
        for place, (sources, targets) in enumerate(zip(sizes, sizes[1:])):
            is_last = place == len(sizes) - 2
            names = [*SMOOTH, *(OF_ARRAYS if is_last else {})]
            name = "softmax" if is_last and random.random() < 0.3 else str(random.choice(names))
            weights, biases = random.standard_normal((targets, sources)) / np.sqrt(sources), random.standard_normal(
                targets
            )
            layers.append((weights, biases, name))
            z = outputs @ weights.T + biases
            differs = differs @ np.abs(weights).T + 2 * (sources + 2) * UNIT * (
                np.abs(outputs) @ np.abs(weights).T + np.abs(biases)
            )
            if name in OF_ARRAYS:
                outputs = (softmax if name == "softmax" else log_softmax)(z)
                differs = OF_ARRAYS[name] * differs.max(axis=1, keepdims=True) + np.zeros_like(z)
                formula = len(biases) * UNIT * (1 + np.abs(outputs))
            else:
                outputs, differs = SMOOTH[name][0](z), SMOOTH[name][1] * differs
                formula = np.zeros_like(z)
            differs += formula + 8 * UNIT * (np.abs(outputs) + np.abs(z) + 1)
        difference = np.abs(neuronc(program, layers, rows) - outputs)
        assert (
            difference <= differs
        ).all(), f"{[name for *_, name in layers]}: {(difference / differs).max()} of the bound"
        worst = max(worst, (difference / differs).max())
        relative = (difference / np.abs(outputs).max(axis=1, keepdims=True)).max()
        largest[name] = max(largest.get(name, 0), relative)
        values += outputs.size
    print(f"dense: {count} networks, {values} outputs: all within the bound, {worst:.3f} of it at the most")
    print(f"largest difference, relative to the row's largest output: {max(largest.values()):.2e}")


def trained(program):
    """Every activation of scikit-learn on every data set that comes with it."""
    from sklearn import datasets, neural_network, preprocessing

    warnings.simplefilter("ignore")
    known = {"identity": "identity", "logistic": "sigmoid", "tanh": "tanh", "relu": "relu", "softmax": "softmax"}
    print(
        "| data | task | activation | rows | equal classes | largest difference, relative |\n|---|---|---|---|---|---|"
    )
    for name in ["iris", "wine", "breast_cancer", "digits", "diabetes"]:
        data = getattr(datasets, f"load_{name}")()
        rows = preprocessing.StandardScaler().fit_transform(data.data)
        is_regression = name == "diabetes"
        for activation in ["identity", "logistic", "tanh", "relu"]:
            kind = neural_network.MLPRegressor if is_regression else neural_network.MLPClassifier
            model = kind(hidden_layer_sizes=(16, 8), activation=activation, max_iter=200, random_state=1).fit(
                rows, data.target
            )
            functions = [known[activation]] * 2 + [known[model.out_activation_]]
            layers = [
                (weights.T, biases, function)
                for weights, biases, function in zip(model.coefs_, model.intercepts_, functions)
            ]
            got = neuronc(program, layers, rows)
            if is_regression:
                wanted, equal = model.predict(rows).reshape(-1, 1), "–"
            else:
                wanted = model.predict_proba(rows)
                # Of two classes there is one output, that of the second; the other is computed from it.
                is_pair = got.shape[1] == 1
                wanted = wanted[:, 1:] if is_pair else wanted
                classes = model.classes_[(got[:, 0] > 0.5).astype(int) if is_pair else got.argmax(axis=1)]
                equal = int((classes == model.predict(rows)).sum())
                assert equal == len(rows), f"{name}, {activation}: {len(rows) - equal} rows have another class"
            scale = np.abs(wanted).max() if is_regression else np.abs(wanted)
            relative = (np.abs(got - wanted) / scale).max()
            assert relative < 1e-9, f"{name}, {activation}: {relative}"
            task = "regression" if is_regression else "classes"
            print(f"| {name} | {task} | {activation} | {len(rows)} | {equal} | {relative:.1e} |", flush=True)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("program")
    arguments.add_argument("what", choices=["dense", "trained"])
    arguments.add_argument("networks", nargs="?", type=int, default=200)
    given = arguments.parse_args()
    if given.what == "dense":
        dense(given.program, given.networks)
    else:
        trained(given.program)


if __name__ == "__main__":
    main()
