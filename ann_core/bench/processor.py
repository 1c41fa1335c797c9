"""On what the times were taken: a ratio holds for a processor."""

import os
import platform
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np
import tensorflow as tf
from tensorflow.python.util import _pywrap_util_port

LINUX, MACOS = Path("/proc/cpuinfo"), ("sysctl", "-n", "machdep.cpu.brand_string")
SIDE = 2_048
ROUNDS = 7


@dataclass(frozen=True)
class Processor:
    """Its name, the vector extensions that NumPy finds, threads, whether TensorFlow uses oneDNN, and its peak in GFLOP/s.

    The peak is that of a product of two matrices of 2,048 × 2,048 in single precision.
    """

    model: str
    extensions: tuple[str, ...]
    threads: int
    onednn: bool
    peak: float

    def told(self) -> str:
        onednn = "oneDNN" if self.onednn else "no oneDNN"
        return f"{self.model}; {', '.join(self.extensions)}; {self.threads} threads; {onednn}; peak {self.peak:.0f} GFLOP/s"


def processor() -> Processor:
    """The one at hand; its peak is measured."""
    extensions = np.show_config(mode="dicts")["SIMD Extensions"]
    found = (*extensions["baseline"], *extensions.get("found", ()))
    return Processor(_model(), found, os.cpu_count() or 1, _pywrap_util_port.IsMklEnabled(), _peak())


def _model() -> str:
    if LINUX.exists():
        names = [line.partition(":")[2].strip() for line in LINUX.read_text().splitlines() if line.startswith(("model name", "Model"))]
        if names:
            return names[0]
    if platform.system() == "Darwin":
        return subprocess.run(MACOS, capture_output=True, text=True, check=False).stdout.strip() or platform.machine()
    return platform.processor() or platform.machine()


def _peak() -> float:
    matrix, seconds = tf.random.normal((SIDE, SIDE)), []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        (matrix @ matrix).numpy()
        seconds.append(time.perf_counter() - began)
    return 2 * SIDE**3 / median(seconds[1:]) / 1e9
