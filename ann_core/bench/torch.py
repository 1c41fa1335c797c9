"""The images' examples in PyTorch, where that is installed: a measure for both sides, and no dependency of ours.

It runs in an interpreter of its own, for beside TensorFlow it may take the process down with it.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from ann_core.experiments import SPECS, experiment_of
from ann_core.spec import Spec
from ann_core.starts import starting_weights
from ann_core.training.examples import Examples

EPOCHS = 2  # timed, after one that warms up
VALIDATED = 100  # at once
ACTIVATIONS = {"relu": "ReLU", "tanh": "Tanh", "sigmoid": "Sigmoid"}
OPTIMISERS = {"adam": "Adam", "sgd": "SGD"}
ARRAYS = ("x", "y", "x_val", "y_val")


def can_train(spec: Spec) -> bool:
    """Whether PyTorch is here, and the example is one of images whose parts have a name there."""
    images = experiment_of(spec).images
    return images and bool(find_spec("torch")) and spec.activation in ACTIVATIONS and spec.optimiser in OPTIMISERS


def epoch_seconds(spec: Spec, examples: Examples) -> float:
    """How long an epoch takes, validation included. Raises `subprocess.CalledProcessError`."""
    with TemporaryDirectory() as folder:
        kept = Path(folder) / "examples.npz"
        np.savez(kept, divisor=examples.divisor, **{name: getattr(examples, name) for name in ARRAYS})
        command = [sys.executable, "-m", __name__, spec.experiment, spec.model_dump_json(), str(kept)]
        return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def train(spec: Spec, arrays: dict[str, np.ndarray]) -> float:
    """The median seconds of an epoch, with all data in memory as tensors, channels last, and on all threads."""
    import torch

    torch.set_num_threads(os.cpu_count() or 1)
    model = torch.nn.Sequential(*_layers(torch, spec)).to(memory_format=torch.channels_last)
    optimiser = getattr(torch.optim, OPTIMISERS[spec.optimiser])(model.parameters(), lr=spec.learning_rate)
    loss_of = torch.nn.CrossEntropyLoss()
    x, x_val = (_images(torch, arrays[name], arrays["divisor"]) for name in ("x", "x_val"))
    y, y_val = (torch.from_numpy(arrays[name].astype(np.int64)) for name in ("y", "y_val"))
    seconds = []
    for _ in range(1 + EPOCHS):
        began = time.perf_counter()
        for rows in torch.randperm(len(x)).split(spec.batch_size):
            optimiser.zero_grad(set_to_none=True)
            loss_of(model(x[rows]), y[rows]).backward()
            optimiser.step()
        with torch.no_grad():
            for images, labels in zip(x_val.split(VALIDATED), y_val.split(VALIDATED), strict=True):
                loss_of(model(images), labels)
        seconds.append(time.perf_counter() - began)
    return median(seconds[1:])


def _layers(torch: Any, spec: Spec) -> Iterator[Any]:
    """The layers of a network, by the shapes of its weights."""
    shapes = [weight.shape for weight in starting_weights(spec) if weight.ndim > 1]
    activation, dense = getattr(torch.nn, ACTIVATIONS[spec.activation]), [shape for shape in shapes if len(shape) == 2]
    for height, width, channels, filters in (shape for shape in shapes if len(shape) == 4):
        yield from (torch.nn.Conv2d(channels, filters, (height, width)), activation(), torch.nn.MaxPool2d(2))
    yield torch.nn.Flatten()
    for inputs, units in dense[:-1]:
        yield from (torch.nn.Linear(inputs, units), activation())
    yield torch.nn.Linear(*dense[-1])


def _images(torch: Any, x: np.ndarray, divisor: np.ndarray) -> Any:
    return torch.from_numpy(x.astype(np.float32) / np.float32(divisor))[:, None].to(memory_format=torch.channels_last)


if __name__ == "__main__":
    experiment, described, kept = sys.argv[1:]
    with np.load(kept) as arrays:
        sys.stdout.write(json.dumps(train(SPECS[experiment].model_validate_json(described), dict(arrays))))
