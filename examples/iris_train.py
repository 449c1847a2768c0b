"""Train the classifier of iris.neuron and print that file.

How to run it, from the folder above this one:
    python -m pip install scikit-learn numpy
    python examples/iris_train.py > examples/iris.neuron

The data (150 flowers, Fisher 1936) come with scikit-learn. All seeds are fixed: the same versions
on the same kind of computer print the same file. Others may end at slightly different weights.

A network learns best from standardised inputs, (x - mean) / deviation. That step is linear, so it
is folded into the first layer, and the finished network takes raw centimetres:
    W ((x - mean) / deviation) + b  =  (W / deviation) x + (b - (W / deviation) mean)
"""

import numpy as np
import sklearn
from sklearn.datasets import load_iris
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import StandardScaler

SEED, HIDDEN = 0, 8
TEST_ROWS = 50  # stratified: each species has its share
PENALTY = 1.0  # keeps weights small; 0.3 and 1.0 did best in cross-validation on the training rows
SPECIES = ["setosa", "versicolor", "virginica"]


def train(x, y):
    """Return the weights and biases of both layers, for raw centimetres."""
    scaler = StandardScaler().fit(x)
    settings = dict(activation="relu", solver="lbfgs", alpha=PENALTY, max_iter=5000)
    model = MLPClassifier((HIDDEN,), random_state=SEED, **settings).fit(scaler.transform(x), y)
    first, second = (w.T for w in model.coefs_)  # a row for each target, as in the language
    b1, b2 = model.intercepts_
    w1 = first / scaler.scale_
    return w1, b1 - w1 @ scaler.mean_, second, b2


def evaluate(x, w1, b1, w2, b2):
    """The finished network: probabilities for every row of x."""
    z = np.maximum(x @ w1.T + b1, 0.0) @ w2.T + b2
    e = np.exp(z - z.max(axis=1, keepdims=True))  # softmax
    return e / e.sum(axis=1, keepdims=True)


def numbers(values, form=repr):
    """A list; `repr` gives the shortest decimal that reads back to the same double."""
    return "[" + ", ".join(form(float(v)) for v in values) + "]"


def lines(items):
    """A list with one item a line and a trailing comma."""
    return "[\n" + "".join(f"    {item},\n" for item in items) + "]"


def expectation(x, p, truth):
    guess, note = p.argmax(), f"# {SPECIES[truth]}"
    if guess != truth:
        note += f": the network is wrong here, it says {SPECIES[guess]}"
    p = numbers(p, "{:.12f}".format)
    return f"{note}\nexpect measure = {numbers(x)} =>\n    species = {p} within 1e-9\n"


def main():
    x, y = load_iris(return_X_y=True)
    split = train_test_split(x, y, test_size=TEST_ROWS, stratify=y, random_state=SEED)
    x_train, x_test, y_train, y_test = split
    w1, b1, w2, b2 = train(x_train, y_train)
    p = evaluate(x_test, w1, b1, w2, b2)
    right = p.argmax(axis=1) == y_test

    # Three flowers of every species, then one it gets wrong (or, if there is none, one more).
    shown = [i for s in range(3) for i in np.flatnonzero(right & (y_test == s))[:3]]
    shown += [i for i in np.argsort(right, kind="stable") if i not in shown][:1]
    tests = "\n".join(expectation(x_test[i], p[i], y_test[i]) for i in shown)

    print(f"""\
## Iris: which of three species is this flower? Four inputs, {HIDDEN} hidden neurons, three outputs.
## Right for {right.sum()} of {len(p)} flowers it was not trained on (accuracy {right.mean():.1%}).
## Shows arrays and matrices: a layer is one line, however many neurons it has.

network iris

# Written by iris_train.py with scikit-learn {sklearn.__version__}, numpy {np.__version__}.

## Raw centimetres: sepal length, sepal width, petal length, petal width.
input measure[4] = {numbers(x[0])}

## Row i holds the synapses into hidden[i], one for each measure. The script standardises the data
## to train and folds that step into these weights and into b1.
weight W1[{HIDDEN}, 4] = {lines(map(numbers, w1))}

bias b1[{HIDDEN}] = {lines(map(repr, map(float, b1)))}

## Row 0 leads into {SPECIES[0]}, row 1 into {SPECIES[1]}, row 2 into {SPECIES[2]}.
weight W2[3, {HIDDEN}] = {lines(map(numbers, w2))}

bias b2[3] = {lines(map(repr, map(float, b2)))}

## Every hidden neuron has four dendrites, one for each measure, and fires above its own threshold.
neuron hidden[{HIDDEN}] {{ activation = relu, bias = b1 }}

## species[0] is {SPECIES[0]}, species[1] {SPECIES[1]}, species[2] {SPECIES[2]}.
## `softmax` makes probabilities of the three totals: all positive, together 1.
neuron species[3] {{ activation = softmax, bias = b2 }}

measure -> hidden  : W1
hidden  -> species : W2

output species

# Ten of those flowers; each comment names the true species. The probabilities were computed by
# numpy from the weights above, and rounded to 12 decimals.

{tests}""", end="")


if __name__ == "__main__":
    main()
