"""Images as they are trained on: as many as are asked for, their labels or pixels shuffled where that is wanted."""

import numpy as np

from ann_core.data import images
from ann_core.specs import ConvolutionalSpec, FeedForwardSpec
from ann_core.training.examples import Examples
from ann_core.training.records import DataSource

WHITE = 255.0


def find(spec: FeedForwardSpec | ConvolutionalSpec, own: None = None) -> tuple[Examples, DataSource]:
    found = images.load_or_digits(spec.dataset)
    examples = as_asked(spec, found.x_train, found.y_train, found.x_test, found.y_test)
    problem = found.problem.code if found.problem else None
    source = DataSource(spec.dataset, found.name, found.source, found.fingerprint, len(examples.x), len(found.x_test), problem)
    return examples, source


def as_asked(spec: FeedForwardSpec | ConvolutionalSpec, x: np.ndarray, y: np.ndarray, x_val: np.ndarray, y_val: np.ndarray) -> Examples:
    """Images, uint8 (n, height, width), and labels as a spec wants them: so many at most, shuffled where it says so."""
    count = min(spec.training_images, len(x))
    x, y = x[:count], y[:count]
    if getattr(spec, "shuffled_labels", False):
        y = shuffled(y, spec.seed)
    if spec.shuffled_pixels:
        x, x_val = (pixels_shuffled(part, spec.seed) for part in (x, x_val))
    return Examples(x, y, x_val, y_val, WHITE if spec.scale_pixels else 1.0)


def seen(spec: FeedForwardSpec | ConvolutionalSpec, images: np.ndarray) -> np.ndarray:
    """Images, uint8 (n, height, width), as the network of a spec sees them: float32, scaled and shuffled as its data are."""
    x = pixels_shuffled(images, spec.seed) if spec.shuffled_pixels else images
    return x.astype(np.float32) / (WHITE if spec.scale_pixels else 1.0)


def shuffled(labels: np.ndarray, seed: int) -> np.ndarray:
    """The same labels, each at another's place."""
    return np.random.default_rng([seed, 1]).permutation(labels)


def pixels_shuffled(images: np.ndarray, seed: int) -> np.ndarray:
    """All images (n, height, width) with their pixels in another order, the same for all."""
    return images.reshape(len(images), -1)[:, _order(seed, images[0].size)].reshape(images.shape)


def in_place(images: np.ndarray, seed: int) -> np.ndarray:
    """What belongs to shuffled pixels, (n, height, width), at the places where these come from: `pixels_shuffled` undone."""
    return images.reshape(len(images), -1)[:, np.argsort(_order(seed, images[0].size))].reshape(images.shape)


def _order(seed: int, pixels: int) -> np.ndarray:
    return np.random.default_rng([seed, 2]).permutation(pixels)
