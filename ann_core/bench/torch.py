"""The images' examples in PyTorch, where that is installed: a measure for both sides, and no dependency of ours."""

import os
import time
from collections.abc import Iterator
from importlib.util import find_spec
from statistics import median
from typing import Any

import numpy as np

from ann_core.bench.fit import Case
from ann_core.specs import ConvolutionalSpec, FeedForwardSpec
from ann_core.starts import starting_weights
from ann_core.training.examples import Examples

EPOCHS = 2  # timed, after one that warms up
VALIDATED = 100  # at once
ACTIVATIONS = {"relu": "ReLU", "tanh": "Tanh", "sigmoid": "Sigmoid"}
OPTIMISERS = {"adam": "Adam", "sgd": "SGD"}


def can_train(case: Case) -> bool:
    """Whether PyTorch is here, and the example is one of images whose parts have the same name there."""
    spec = case.spec
    images = isinstance(spec, ConvolutionalSpec | FeedForwardSpec)
    return images and bool(find_spec("torch")) and spec.activation in ACTIVATIONS and spec.optimiser in OPTIMISERS


def epoch_seconds(case: Case, examples: Examples) -> float:
    """How long an epoch takes, validation included, with all data in memory as tensors, channels last, and on all threads."""
    import torch

    torch.set_num_threads(os.cpu_count() or 1)
    model = torch.nn.Sequential(*_layers(torch, case.spec)).to(memory_format=torch.channels_last)
    optimiser = getattr(torch.optim, OPTIMISERS[case.spec.optimiser])(model.parameters(), lr=case.spec.learning_rate)
    loss_of = torch.nn.CrossEntropyLoss()
    (x, y), (x_val, y_val) = (_tensors(torch, *part, examples.divisor) for part in _parts(examples))
    seconds = []
    for _ in range(1 + EPOCHS):
        began = time.perf_counter()
        for rows in torch.randperm(len(x)).split(case.spec.batch_size):
            optimiser.zero_grad(set_to_none=True)
            loss_of(model(x[rows]), y[rows]).backward()
            optimiser.step()
        with torch.no_grad():
            for images, labels in zip(x_val.split(VALIDATED), y_val.split(VALIDATED), strict=True):
                loss_of(model(images), labels)
        seconds.append(time.perf_counter() - began)
    return median(seconds[1:])


def _layers(torch: Any, spec: ConvolutionalSpec | FeedForwardSpec) -> Iterator[Any]:
    """The layers of a network, by the shapes of its weights."""
    kernels, flat = [weight.shape for weight in starting_weights(spec) if weight.ndim > 1], False
    for place, shape in enumerate(kernels):
        if len(shape) == 4:
            yield torch.nn.Conv2d(shape[2], shape[3], shape[0])
            yield getattr(torch.nn, ACTIVATIONS[spec.activation])()
            yield torch.nn.MaxPool2d(2)
            continue
        if not flat:
            yield torch.nn.Flatten()
        flat = True
        yield torch.nn.Linear(*shape)
        if place < len(kernels) - 1:
            yield getattr(torch.nn, ACTIVATIONS[spec.activation])()


def _parts(examples: Examples) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    yield examples.x, examples.y
    yield examples.x_val, examples.y_val


def _tensors(torch: Any, x: np.ndarray, y: np.ndarray, divisor: float) -> tuple[Any, Any]:
    images = torch.from_numpy(x.astype(np.float32) / np.float32(divisor))[:, None].to(memory_format=torch.channels_last)
    return images, torch.from_numpy(y.astype(np.int64))
