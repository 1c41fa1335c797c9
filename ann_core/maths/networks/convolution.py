"""Convolutional networks: windows over an image, filters, pooling, and the way through all layers and back.

Images are (n, rows, columns, channels) and kernels (rows, columns, channels, filters), both as Keras has them.
Every function computes in the precision of what it is given.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import islice
from typing import ClassVar, NamedTuple

import numpy as np
from numpy.lib.stride_tricks import as_strided

from ann_core.maths.learning.activations import ACTIVATIONS, softmax_slopes
from ann_core.maths.networks.dense import activate

POOLINGS = {"max": np.maximum, "average": np.add}


def output_size(size: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1) -> int:
    """How many places a kernel has along a side of so many pixels: ⌊(size + 2p - d (k - 1) - 1) / s⌋ + 1, or 0 where it does not fit."""
    return max(0, (size + 2 * padding - _span(kernel, dilation)) // stride + 1)


def unseen(size: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1) -> int:
    """How many pixels at the end of a padded side no window reaches; all of them where the kernel does not fit."""
    places = output_size(size, kernel, stride, padding, dilation)
    reached = (places - 1) * stride + _span(kernel, dilation) if places else 0
    return size + 2 * padding - reached


def skipped(sides: tuple[int, int], kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1) -> int:
    """How many pixels of an unpadded image no number of the kernel ever lies on."""
    read = []
    for side in sides:
        starts = np.arange(output_size(side, kernel, stride, padding, dilation)) * stride - padding
        under = (starts[:, None] + dilation * np.arange(kernel)).ravel()
        read.append(len(np.unique(under[(under >= 0) & (under < side)])))
    return sides[0] * sides[1] - read[0] * read[1]


def _span(kernel: int, dilation: int) -> int:
    return dilation * (kernel - 1) + 1


def patches(images: np.ndarray, height: int, width: int, stride: int = 1, padding: int = 0, dilation: int = 1) -> np.ndarray:
    """Every window of so many pixels: (n, rows, columns, height, width, channels), a read-only view of the (padded) images."""
    if padding:
        images = np.pad(images, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    n, high, wide, channels = images.shape
    rows, columns = output_size(high, height, stride, 0, dilation), output_size(wide, width, stride, 0, dilation)
    image, down, right, channel = images.strides
    shape = (n, rows, columns, height, width, channels)
    return as_strided(images, shape, (image, stride * down, stride * right, dilation * down, dilation * right, channel), writeable=False)


def convolve(images: np.ndarray, kernel: np.ndarray, stride: int = 1, padding: int = 0, dilation: int = 1) -> np.ndarray:
    """Cross-correlation, one matrix product of all patches with all filters: (n, rows, columns, filters).

    An image that is smaller than the kernel has no rows or no columns left.
    """
    return np.tensordot(patches(images, *kernel.shape[:2], stride, padding, dilation), kernel, axes=3)


def pool(images: np.ndarray, kind: str, size: int, stride: int | None = None) -> np.ndarray:
    """The maximum or average ("max", "average") of every square window: (n, rows, columns, channels); windows touch by default."""
    windows = patches(images, size, size, stride or size)
    pooled = reduce(POOLINGS[kind], (windows[:, :, :, row, column] for row, column in np.ndindex(size, size)))
    return pooled / size**2 if kind == "average" else pooled


class Field(NamedTuple):
    """A rectangle of places, rows from top to before bottom and columns from left to before right."""

    top: int
    bottom: int
    left: int
    right: int


@dataclass(frozen=True)
class Convolution:
    """A convolution without padding: kernel (height, width, channels, filters), bias (filters,), and the name of its activation."""

    kind: ClassVar[str] = "convolution"
    kernel: np.ndarray
    bias: np.ndarray
    activation: str

    def sums(self, inputs: np.ndarray) -> np.ndarray:
        """The weighted sums z of the units, (n, rows, columns, filters)."""
        return convolve(inputs, self.kernel) + self.bias

    def forward(self, inputs: np.ndarray) -> np.ndarray:
        return _activated(self, inputs)

    def backward(self, inputs: np.ndarray, outputs: np.ndarray, slope: np.ndarray) -> np.ndarray:
        """∂L/∂inputs from ∂L/∂outputs: every unit hands δ · kernel back to the pixels of its window."""
        parts = np.tensordot(_delta(self, inputs, outputs, slope), self.kernel, axes=(3, 3))  # (n, rows, columns, height, width, channels)
        rows, columns, height, width = parts.shape[1:5]
        slopes = np.zeros(inputs.shape, parts.dtype)
        for down, right in np.ndindex(height, width):
            slopes[:, down : down + rows, right : right + columns] += parts[:, :, :, down, right]
        return slopes

    def seen(self, field: Field) -> Field:
        """The inputs that the outputs in a field depend on."""
        height, width = self.kernel.shape[:2]
        return Field(field.top, field.bottom + height - 1, field.left, field.right + width - 1)


@dataclass(frozen=True)
class Normalisation:
    """Batch normalisation as it is after training, with its moving mean and variance: all (channels,)."""

    kind: ClassVar[str] = "normalisation"
    scale: np.ndarray
    shift: np.ndarray
    mean: np.ndarray
    variance: np.ndarray
    epsilon: float = 1e-3

    @property
    def factor(self) -> np.ndarray:
        """γ / √(σ² + ε), which the inputs are multiplied by."""
        return self.scale / np.sqrt(self.variance + self.epsilon)

    def forward(self, inputs: np.ndarray) -> np.ndarray:
        return (inputs - self.mean) * self.factor + self.shift

    def backward(self, inputs: np.ndarray, outputs: np.ndarray, slope: np.ndarray) -> np.ndarray:
        return slope * self.factor

    def seen(self, field: Field) -> Field:
        return field


@dataclass(frozen=True)
class Pooling:
    """The "max" or "average" of squares of so many pixels that touch each other."""

    kind: str
    size: int

    def forward(self, inputs: np.ndarray) -> np.ndarray:
        return pool(inputs, self.kind, self.size)

    def backward(self, inputs: np.ndarray, outputs: np.ndarray, slope: np.ndarray) -> np.ndarray:
        """∂L/∂inputs from ∂L/∂outputs: the pixels of a square share it, of a maximum only those that are the largest."""
        rows, columns = self.size * outputs.shape[1], self.size * outputs.shape[2]
        shares = np.zeros(inputs.shape, slope.dtype)
        reached = shares[:, :rows, :columns]
        reached[...] = inputs[:, :rows, :columns] == self._spread(outputs) if self.kind == "max" else 1
        reached *= self._spread(slope / (self.size**2 * pool(reached, "average", self.size)))
        return shares

    def _spread(self, values: np.ndarray) -> np.ndarray:
        return values.repeat(self.size, axis=1).repeat(self.size, axis=2)

    def seen(self, field: Field) -> Field:
        return Field(*(self.size * edge for edge in field))


@dataclass(frozen=True)
class Flatten:
    """All numbers of an image in one row, as a dense layer needs them."""

    kind: ClassVar[str] = "flatten"

    def forward(self, inputs: np.ndarray) -> np.ndarray:
        return inputs.reshape(len(inputs), -1)

    def backward(self, inputs: np.ndarray, outputs: np.ndarray, slope: np.ndarray) -> np.ndarray:
        return slope.reshape(inputs.shape)


@dataclass(frozen=True)
class Dense:
    """A dense layer: kernel (inputs, units), bias (units,), and the name of its activation, `softmax` among them."""

    kind: ClassVar[str] = "dense"
    kernel: np.ndarray
    bias: np.ndarray
    activation: str

    def sums(self, inputs: np.ndarray) -> np.ndarray:
        """The weighted sums z of the units, (n, units)."""
        return inputs @ self.kernel + self.bias

    def forward(self, inputs: np.ndarray) -> np.ndarray:
        return _activated(self, inputs)

    def backward(self, inputs: np.ndarray, outputs: np.ndarray, slope: np.ndarray) -> np.ndarray:
        """∂L/∂inputs from ∂L/∂outputs: δ · Wᵀ."""
        return _delta(self, inputs, outputs, slope) @ self.kernel.T


Layer = Convolution | Normalisation | Pooling | Flatten | Dense
"""A layer computes `forward(inputs)`, and by `backward(inputs, outputs, slope)` ∂L/∂inputs from ∂L/∂outputs."""


def _activated(layer: Convolution | Dense, inputs: np.ndarray) -> np.ndarray:
    sums = layer.sums(inputs)
    return activate(sums, layer.activation).astype(sums.dtype, copy=False)


def _delta(layer: Convolution | Dense, inputs: np.ndarray, outputs: np.ndarray, slope: np.ndarray) -> np.ndarray:
    """∂L/∂z of the sums from ∂L/∂a of the outputs."""
    if layer.activation == "softmax":
        return np.stack([softmax_slopes(shares) @ row for shares, row in zip(outputs, slope, strict=True)])
    return slope * ACTIVATIONS[layer.activation].derivative(layer.sums(inputs)).astype(slope.dtype, copy=False)


def network(weights: Sequence[np.ndarray], convolutions: int, activation: str, pooling: str, normalised: bool, dense: bool) -> list[Layer]:
    """The layers of a convolutional network from its weights, in the order of Keras' `get_weights`.

    `pooling` is "max", "average" or "none", `dense` whether there is a hidden dense layer, of the same activation as the
    convolutions. Raises `TypeError` where there are more or fewer weights than that.
    """
    rest, layers = iter(weights), []
    for _ in range(convolutions):
        layers.append(Convolution(*islice(rest, 2), activation))
        layers += [Normalisation(*islice(rest, 4))] if normalised else []
        layers += [Pooling(pooling, 2)] if pooling != "none" else []
    layers.append(Flatten())
    layers += [Dense(*islice(rest, 2), activation)] if dense else []
    return [*layers, Dense(*rest, "softmax")]


def forward(layers: Sequence[Layer], images: np.ndarray) -> list[np.ndarray]:
    """What every layer makes of images (n, rows, columns) or (n, rows, columns, channels): one array of outputs a layer."""
    outputs, coming = [], with_channels(images)
    with np.errstate(over="ignore", invalid="ignore"):  # an exploded network has no finite outputs, and that is told elsewhere
        for layer in layers:
            coming = layer.forward(coming)
            outputs.append(coming)
    return outputs


def with_channels(images: np.ndarray) -> np.ndarray:
    """Images with an axis of channels: (n, rows, columns, channels)."""
    return images[..., None] if images.ndim == 3 else images


def channel_sums(layer: Convolution | Dense, coming: np.ndarray) -> np.ndarray:
    """What each channel gives to the sums of each unit, (channels, units); to those of a filter, on average over all its places.

    What comes in are maps (rows, columns, channels), laid out in a row before a dense layer, or numbers (channels,).
    """
    if isinstance(layer, Dense):
        maps = coming.reshape(1, 1, -1) if coming.ndim == 1 else coming
        return np.einsum("rcn,rcnu->nu", maps, layer.kernel.reshape(*maps.shape, -1))
    means = patches(coming[None], *layer.kernel.shape[:2]).mean(axis=(0, 1, 2))
    return np.einsum("hwn,hwnu->nu", means, layer.kernel)


def receptive_field(layers: Sequence[Layer], place: int, row: int, column: int) -> Field:
    """The pixels of the input that a unit at a row and column of layer number `place` sees.

    Raises `ValueError` where the units of that layer have no row and column, that is, after flattening.
    """
    field = Field(row, row + 1, column, column + 1)
    for layer in reversed(layers[: place + 1]):
        if isinstance(layer, Flatten | Dense):
            raise ValueError(f"layer {place} has no rows and columns: it comes after flattening")
        field = layer.seen(field)
    return field


def unit_sum(
    layer: Convolution,
    inputs: np.ndarray,
    row: int,
    column: int,
    filter: int,  # noqa: A002
) -> tuple[np.ndarray, np.ndarray, float]:
    """The arithmetic of one unit of a convolution, from inputs (rows, columns, channels).

    Its products (height, width, channels), their sum per channel (channels,), and the sum of all with the bias.
    Raises `IndexError` where there is no such unit.
    """
    window = patches(inputs[None], *layer.kernel.shape[:2])[0, row, column]
    products = window * layer.kernel[..., filter]
    channels = products.sum(axis=(0, 1))
    return products, channels, float(channels.sum() + layer.bias[filter])
