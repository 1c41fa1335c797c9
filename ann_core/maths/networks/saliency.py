"""What in an image a convolutional network's answer hangs on: slopes along its pixels, and squares that hide them."""

from collections.abc import Sequence

import numpy as np

from ann_core.maths.networks.convolution import Layer, forward, output_size, with_channels

BATCH = 32  # images at once: the patches of one fill up to three megabytes


def input_slope(layers: Sequence[Layer], images: np.ndarray, outputs: Sequence[np.ndarray], slope: np.ndarray) -> np.ndarray:
    """∂L/∂pixels (n, rows, columns, channels) from ∂L/∂a of the last outputs (n, classes), and the outputs of every layer."""
    inputs = [with_channels(images), *outputs[:-1]]
    slope = np.asarray(slope, outputs[-1].dtype)
    with np.errstate(all="ignore"):  # an exploded network has no finite slopes either
        for layer, coming, made in reversed(list(zip(layers, inputs, outputs, strict=True))):
            slope = layer.backward(coming, made, slope)
    return slope


def loss_slopes(layers: Sequence[Layer], images: np.ndarray, outputs: Sequence[np.ndarray], wanted: int) -> list[np.ndarray]:
    """∂L/∂a of the outputs of every layer but the last, where L is the cross-entropy of a class that is `wanted`; of one image."""
    delta = outputs[-1].copy()
    delta[0, wanted] -= 1
    slopes = [delta @ layers[-1].kernel.T]
    between = list(zip(layers[1:-1], outputs[:-2], outputs[1:-1], strict=True))
    with np.errstate(all="ignore"):  # an exploded network has no finite slopes either
        for layer, coming, made in reversed(between):
            slopes.insert(0, layer.backward(coming, made, slopes[0]))
    return slopes


def occlusion(layers: Sequence[Layer], image: np.ndarray, side: int, stride: int, fill: float = 0.0) -> np.ndarray:
    """The network's answer to an image (height, width) with a square of `fill` before it: (rows, columns, classes).

    The square of `side` pixels is moved by `stride` to every place where it lies inside the image.
    """
    image = np.asarray(image, np.result_type(image, layers[-1].kernel))
    rows, columns = (output_size(size, side, stride) for size in image.shape)
    corners = stride * np.indices((rows, columns)).reshape(2, -1).T  # (places, 2)
    answers = np.empty((len(corners), len(layers[-1].bias)), image.dtype)
    for start in range(0, len(corners), BATCH):
        part = slice(start, start + BATCH)
        answers[part] = forward(layers, _hidden(image, corners[part], side, fill))[-1]
    return answers.reshape(rows, columns, answers.shape[-1])


def _hidden(image: np.ndarray, corners: np.ndarray, side: int, fill: float) -> np.ndarray:
    images = np.repeat(image[None], len(corners), axis=0)
    for hidden, (top, left) in zip(images, corners, strict=True):
        hidden[top : top + side, left : left + side] = fill
    return images
