"""What a network in the plane is worth at a moment of its training, measured with the weights of that moment."""

import numpy as np

from ann_core.data.points import Points
from ann_core.maths.inputs.features import features
from ann_core.maths.learning.losses import both_classes, cross_entropy, squared_error
from ann_core.maths.networks import dense
from ann_core.specs import PointsSpec
from ann_core.training.records import Checkpoint


@np.errstate(all="ignore")  # an exploded network has no finite scores
def scores(spec: PointsSpec, points: Points, training: int, checkpoint: Checkpoint) -> tuple[float, float, float, float]:
    """Loss and score on the points trained on, the first ones, then on those held out; the loss with its penalties."""
    x, y = points
    network = dense.layers(checkpoint.weights, spec.activations, spec.bias)
    last = dense.forward(network, features(x.astype(float), spec.features))[-1]
    losses, right = _losses(spec, y, last) + _penalty(spec, network), _right(spec, y, last.outputs)
    parts = slice(0, training), slice(training, None)
    return tuple(float(values[part].mean()) for part in parts for values in (losses, right))


def _losses(spec: PointsSpec, y: np.ndarray, last: dense.Step) -> np.ndarray:
    if spec.classes and spec.loss == "cross_entropy":
        return cross_entropy(y, last.sums)
    return squared_error(np.eye(spec.classes)[y] if spec.classes > 2 else np.reshape(y, (-1, 1)), last.outputs)


def _penalty(spec: PointsSpec, network: list[dense.Layer]) -> float:
    """What the weights themselves add to the loss, wherever it is measured."""
    weights = np.concatenate([layer.kernel.ravel() for layer in network])
    return float(spec.l1 * np.abs(weights).sum() + spec.l2 * (weights**2).sum())


def _right(spec: PointsSpec, y: np.ndarray, outputs: np.ndarray) -> np.ndarray:
    return both_classes(outputs).argmax(axis=1) == y if spec.classes else np.abs(outputs - y).mean(axis=1)
