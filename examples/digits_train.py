"""Train the classifier of digits.neuron; write its weights and print that file.

How to run it, from the folder above this one:
    python -m pip install scikit-learn numpy
    python examples/digits_train.py > examples/digits.neuron

The data come with scikit-learn: 1,797 digits written by hand, pictures of 8 by 8 pixels from 0 to 16
(Alpaydin and Kaynak 1998). All seeds are fixed: the same versions on the same kind of computer print
the same file. Others may end at slightly different weights.

The weights go to digits.safetensors beside this script, as single-precision numbers and under the
names that PyTorch gives the layers of such a network. What the tests in digits.neuron expect is
computed here from these rounded weights, in double precision.
"""

import json
import struct
import sys
from pathlib import Path

import numpy as np
import sklearn
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits

SEED, HIDDEN = 0, 32
TEST_ROWS = 360  # stratified: each digit has its share
PENALTY = 1.0  # keeps weights small; did best in cross-validation on the training rows
BRIGHTEST = 16
SHADES = " ░▒▓█"
FILE = "digits.safetensors"


def train(x, y):
    """Return the weights and biases of both layers, by their names in the file."""
    settings = dict(activation="relu", solver="lbfgs", alpha=PENALTY, max_iter=5000)
    with threadpool_limits(1):  # several threads add in another order, and end at other weights
        model = MLPClassifier((HIDDEN,), random_state=SEED, **settings).fit(x, y)
    first, second = (w.T for w in model.coefs_)  # a row for each target, as in the language
    b1, b2 = model.intercepts_
    layers = {"hidden.weight": first, "hidden.bias": b1, "digit.weight": second, "digit.bias": b2}
    return {name: np.ascontiguousarray(values, dtype="<f4") for name, values in layers.items()}


def safetensors(tensors):
    """The bytes of such a file: the header's length, the header as JSON, then all values."""
    header, end = {}, 0
    for name, values in tensors.items():
        begin, end = end, end + values.nbytes
        header[name] = {"dtype": "F32", "shape": values.shape, "data_offsets": [begin, end]}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)  # so that the values start at a multiple of eight bytes
    return struct.pack("<Q", len(text)) + text + b"".join(values.tobytes() for values in tensors.values())


def evaluate(x, tensors):
    """The finished network: probabilities for every row of x."""
    w1, b1, w2, b2 = (values.astype(np.float64) for values in tensors.values())
    z = np.maximum(x @ w1.T + b1, 0.0) @ w2.T + b2
    e = np.exp(z - z.max(axis=1, keepdims=True))  # softmax
    return e / e.sum(axis=1, keepdims=True)


def picture(pixels, indent="    "):
    """A list of 64 pixels, one row of the picture a line, with a drawing behind it."""
    rows = [[int(value) for value in row] for row in pixels.reshape(8, 8)]
    texts = [", ".join(map(str, row)) + "," for row in rows]
    widest = max(map(len, texts))
    lines = ""
    for text, row in zip(texts, rows):
        drawn = "".join(2 * SHADES[min(value * len(SHADES) // BRIGHTEST, len(SHADES) - 1)] for value in row)
        lines += f"{indent}{text:{widest}} # {drawn}".rstrip() + "\n"
    return f"[\n{lines}{indent[4:]}]"


def expectation(pixels, p, truth):
    first, second = p.argsort(kind="stable")[::-1][:2]
    note = f"# A {truth}." if first == truth else f"# A {truth}, but the network takes it for a {first}."
    shares = ", ".join(f"digit[{i}] = {p[i]:.12f}" for i in (first, second))
    return f"""\
{note}
expect pixel = {picture(pixels)} => answer = {first}, {shares} within 1e-9
"""


def main():
    x, y = load_digits(return_X_y=True)
    split = train_test_split(x, y, test_size=TEST_ROWS, stratify=y, random_state=SEED)
    x_train, x_test, y_train, y_test = split
    tensors = train(x_train / BRIGHTEST, y_train)
    p = evaluate(x_test / BRIGHTEST, tensors)
    right = p.argmax(axis=1) == y_test
    (Path(__file__).parent / FILE).write_bytes(safetensors(tensors))
    print(f"accuracy on {len(p)} digits it was not trained on: {right.mean():.1%}", file=sys.stderr)

    # The first one of five digits, then the one of which it is most wrongly sure.
    shown = [np.flatnonzero(right & (y_test == digit))[0] for digit in (0, 2, 3, 4, 7)]
    shown.append(np.where(right, 0, p.max(axis=1)).argmax())
    tests = "\n".join(expectation(x_test[i], p[i], y_test[i]) for i in shown)

    print(f"""\
## Handwritten digits: which of ten is it? 64 pixels, {HIDDEN} hidden neurons, ten outputs.
## Right for {right.sum()} of {len(p)} digits it was not trained on (accuracy {right.mean():.1%}).
## Shows weights from a file: a trained network is short to read, however many numbers it has.

network digits

# {FILE} was written by digits_train.py with scikit-learn {sklearn.__version__}, numpy {np.__version__}.

## How bright each of 8 × 8 pixels is, row after row: 0 is paper, 16 is ink all over.
input pixel[64] = {picture(x_test[shown[0]])} {{ range = [0, {BRIGHTEST}] }}

## Row i holds the synapses into hidden[i], one from each pixel.
weight W1[{HIDDEN}, 64] = load("{FILE}", "hidden.weight")
bias   b1[{HIDDEN}]     = load("{FILE}", "hidden.bias")

## Row i holds the synapses into digit[i].
weight W2[10, {HIDDEN}] = load("{FILE}", "digit.weight")
bias   b2[10]     = load("{FILE}", "digit.bias")

## The brightness from 0 to 1, as the network was trained with. Each pixel has its own neuron here.
neuron light[64]

## Each of these looks at the whole picture and fires at some pattern of strokes.
neuron hidden[{HIDDEN}] {{ activation = relu, bias = b1 }}

## How probable each digit is: digit[7] that it is a 7. `softmax` makes them all positive, together 1.
neuron digit[10] {{ activation = softmax, bias = b2 }}

## 1 for the most probable digit, 0 for the others.
neuron winner[10] {{ activation = hardmax }}

## The most probable digit itself: the winner's weight is its number.
neuron answer

pixel  -> light  : 1 / {BRIGHTEST} {{ rule = one_to_one }}
light  -> hidden : W1
hidden -> digit  : W2
digit  -> winner : 1      {{ rule = one_to_one }}
winner -> answer : [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]

output answer, digit

# Six of those digits, each with the two that are most probable. The probabilities were computed by
# numpy from the same file, and rounded to 12 decimals.

{tests}""", end="")


if __name__ == "__main__":
    main()
