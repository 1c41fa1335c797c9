"""One step of training of a dense network, taken apart: the batch, the way forward, the loss, the way back, the new weights."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ann_core.maths.learning.activations import derivative
from ann_core.maths.learning.losses import cross_entropy, squared_error
from ann_core.maths.learning.optimisers import OPTIMISERS
from ann_core.maths.networks import dense
from ann_core.maths.networks.dense import Layer, Step
from ann_core.specs import FeedForwardSpec, PointsSpec
from ann_core.training.examples import Examples
from ann_core.training.moments import Moment, epoch_order
from ann_core.training.records import Checkpoint

Dense = PointsSpec | FeedForwardSpec
"""The specs of dense networks."""


class Batch(NamedTuple):
    """A step of training: which examples, `rows` (n,); the layers' steps; what each example loses, `losses` (n,).

    `deltas` are ∂L/∂z of each example and layer, `gradients` the slopes of the batch's mean loss with its penalties, `network` and
    `after` the layers before and after the step; all with the input side first. `losses_after` (n,) are those of the same examples then.
    """

    rows: np.ndarray
    steps: Sequence[Step]
    losses: np.ndarray
    deltas: Sequence[np.ndarray]
    gradients: Sequence[Layer]
    network: Sequence[Layer]
    after: Sequence[Layer]
    losses_after: np.ndarray


def can_be_taken_apart(spec: Dense, moment: Moment) -> bool:
    """Whether the step after a moment follows from the weights alone.

    An optimiser that remembers does so from its second step on, and which neurons dropout silences is not kept.
    """
    return not spec.dropout and (spec.optimiser == "sgd" or moment == Moment(0)) and moment.epoch < spec.epochs


@np.errstate(all="ignore")  # an exploded network has no finite numbers, and that is seen
def taken_apart(spec: Dense, examples: Examples, checkpoint: Checkpoint) -> Batch:
    """The step of training that follows a checkpoint, in double precision."""
    epoch, number = checkpoint.moment
    pace = next(leg for last, leg in spec.in_legs() if last > epoch)
    rows = epoch_order(spec.seed, epoch, len(examples.x))[number * pace.batch_size : (number + 1) * pace.batch_size]
    inputs, targets = _inputs(examples, rows), examples.y[rows]
    network = dense.layers([weight.astype(float) for weight in checkpoint.weights], spec.activations, _biased(spec))
    steps = dense.forward(network, inputs)
    deltas = _deltas(spec, network, steps, targets)
    coming = [inputs, *(step.outputs for step in steps[:-1])]
    gradients = [_gradient(pace, *parts) for parts in zip(network, coming, deltas, strict=True)]
    after = [_moved(pace, *parts) for parts in zip(network, gradients, strict=True)]
    losses_after = _losses(spec, targets, dense.forward(after, inputs)[-1])
    return Batch(rows, steps, _losses(spec, targets, steps[-1]), deltas, gradients, network, after, losses_after)


@np.errstate(all="ignore")
def losses(spec: Dense, examples: Examples, network: Sequence[Layer]) -> np.ndarray:
    """What each of the examples trained on loses, (n,), without penalties."""
    return _losses(spec, examples.y, dense.forward(network, _inputs(examples, np.arange(len(examples.x))))[-1])


def _inputs(examples: Examples, rows: np.ndarray) -> np.ndarray:
    """These examples as the network sees them: (n, inputs)."""
    return examples.x[rows].reshape(len(rows), -1) / float(examples.divisor)


def _biased(spec: Dense) -> bool:
    return getattr(spec, "bias", True)


def _losses(spec: Dense, targets: np.ndarray, last: Step) -> np.ndarray:
    """What each example loses, (n,)."""
    if _by_cross_entropy(spec):
        return cross_entropy(targets, last.sums)
    return squared_error(_wanted(spec, targets), last.outputs)


def _by_cross_entropy(spec: Dense) -> bool:
    return bool(spec.classes) and getattr(spec, "loss", "cross_entropy") == "cross_entropy"


def _wanted(spec: Dense, targets: np.ndarray) -> np.ndarray:
    """The outputs that would be right: (n, outputs)."""
    return np.eye(spec.classes)[targets] if spec.classes > 2 else np.reshape(targets, (-1, 1)).astype(float)


def _deltas(spec: Dense, network: Sequence[Layer], steps: Sequence[Step], targets: np.ndarray) -> list[np.ndarray]:
    """∂L/∂z of each example, layer by layer from the back; of cross-entropy the last is output - target."""
    outputs = steps[-1].outputs
    errors = outputs - _wanted(spec, targets)
    slope = 2 * errors / errors.shape[1]
    if _by_cross_entropy(spec):
        last = errors
    elif spec.classes > 2:
        last = _through_softmax(outputs, slope)
    else:
        last = slope * derivative(steps[-1].sums, network[-1].activation)
    found = [last]
    for layer, step in zip(reversed(network[1:]), reversed(steps[:-1]), strict=True):
        before = network[len(network) - len(found) - 1]
        found.append(found[-1] @ layer.kernel.T * derivative(step.sums, before.activation))
    return found[::-1]


def _through_softmax(shares: np.ndarray, slope: np.ndarray) -> np.ndarray:
    """∂L/∂z from ∂L/∂p, where p = softmax(z): p (slope - Σ p · slope)."""
    return shares * (slope - (shares * slope).sum(axis=1, keepdims=True))


def _gradient(pace: Dense, layer: Layer, coming: np.ndarray, delta: np.ndarray) -> Layer:
    """The slope of the batch's mean loss along each weight of a layer, (inputs, units), and each bias, (units,)."""
    penalty = getattr(pace, "l1", 0.0) * np.sign(layer.kernel) + 2 * pace.l2 * layer.kernel
    return Layer(coming.T @ delta / len(delta) + penalty, delta.mean(axis=0) * _biased(pace), layer.activation)


def _moved(pace: Dense, layer: Layer, gradient: Layer) -> Layer:
    step = OPTIMISERS[pace.optimiser].step
    parts = (layer.kernel, gradient.kernel), (layer.bias, gradient.bias)
    return Layer(*(part + step(part, slope, None, pace.learning_rate)[0] for part, slope in parts), layer.activation)
