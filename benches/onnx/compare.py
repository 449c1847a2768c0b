"""Compares neuronc's activations, at their defaults, with the reference implementation of ONNX.

Usage: compare.py PROGRAM, where PROGRAM is the built `neuronc`. Needs the packages `onnx` and `numpy`.
Prints a line an operator and ends with 1 if one disagrees. ONNX keeps attributes in single precision, and its
reference computes in numpy: where an attribute or a constant (as in Gelu) takes part, 1e-6 is as close as they come.
"""

import json
import subprocess
import sys
import tempfile

import numpy as np
import onnx
from onnx import TensorProto, helper
from onnx.reference import ReferenceEvaluator

# neuronc's name, ONNX's operator, its attributes, the tolerance relative to max(1, |value|).
OPERATORS = [
    ("relu", "Relu", {}, 0),
    ("leaky_relu", "LeakyRelu", {}, 1e-6),
    ("thresholded_relu", "ThresholdedRelu", {}, 0),
    ("elu", "Elu", {}, 1e-15),
    ("selu", "Selu", {}, 1e-6),
    ("celu", "Celu", {}, 1e-15),
    ("sigmoid", "Sigmoid", {}, 1e-15),
    ("hard_sigmoid", "HardSigmoid", {}, 1e-6),
    ("tanh", "Tanh", {}, 1e-15),
    ("softplus", "Softplus", {}, 1e-15),
    ("softsign", "Softsign", {}, 1e-15),
    ("gelu", "Gelu", {}, 1e-6),
    ("gelu_tanh", "Gelu", {"approximate": "tanh"}, 1e-6),
    ("silu", "Swish", {}, 1e-15),
    ("mish", "Mish", {}, 1e-14),
    ("hard_swish", "HardSwish", {}, 1e-6),
    ("hard_shrink", "Shrink", {}, 0),
    ("soft_shrink", "Shrink", {"bias": 0.5}, 0),
    ("exp", "Exp", {}, 1e-15),
    ("sin", "Sin", {}, 1e-15),
    ("cos", "Cos", {}, 1e-15),
    ("abs", "Abs", {}, 0),
    ("sign", "Sign", {}, 0),
    ("reciprocal", "Reciprocal", {}, 1e-15),
    ("softmax", "Softmax", {}, 1e-15),
    ("log_softmax", "LogSoftmax", {}, 1e-14),
    ("hardmax", "Hardmax", {}, 0),
]

POINTS = np.array([-9.5, -4.0, -3.0, -2.5, -1.0, -0.75, -0.5, -0.1, -1e-3, 1e-9, 0.25, 0.5, 0.6, 1.0, 1.5, 2.5, 3.0, 6.5, 9.0])


def onnx_values(operator, attributes):
    """The operator's values at the points."""
    shape = [len(POINTS)]
    node = helper.make_node(operator, ["x"], ["y"], **attributes)
    graph = helper.make_graph(
        [node],
        "one",
        [helper.make_tensor_value_info("x", TensorProto.DOUBLE, shape)],
        [helper.make_tensor_value_info("y", TensorProto.DOUBLE, shape)],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", onnx.defs.onnx_opset_version())])
    return ReferenceEvaluator(model).run(None, {"x": POINTS})[0]


def neuronc_values(program, activation):
    """The activation's values at the points: an array of neurons, each fed by its own input."""
    count = len(POINTS)
    rows = ", ".join("[" + ", ".join("1" if i == j else "0" for j in range(count)) + "]" for i in range(count))
    values = ", ".join(repr(float(point)) for point in POINTS)
    text = (
        f"input x = [{values}]\nneuron y[{count}] {{ activation = {activation} }}\nx -> y : [{rows}]\noutput y\n"
    )
    with tempfile.NamedTemporaryFile("w", suffix=".neuron") as file:
        file.write(text)
        file.flush()
        printed = subprocess.run([program, "run", file.name, "--format", "json"], capture_output=True, check=True)
    return np.array(json.loads(printed.stdout)["y"])


def main():
    disagreements = 0
    for activation, operator, attributes, tolerance in OPERATORS:
        ours, theirs = neuronc_values(sys.argv[1], activation), onnx_values(operator, attributes)
        error = np.max(np.abs(ours - theirs) / np.maximum(1, np.abs(theirs)))
        agrees = error <= tolerance
        disagreements += not agrees
        print(f"{activation:18}{operator:18}{error:10.2e}  {'agrees' if agrees else 'DISAGREES'}")
    print(f"{len(OPERATORS) - disagreements} of {len(OPERATORS)} agree, onnx {onnx.__version__}")
    sys.exit(disagreements > 0)


main()
