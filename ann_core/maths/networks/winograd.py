"""Convolutions with fewer multiplications, in NumPy: Winograd's way (Lavin and Gray 2016, arXiv 1509.09308)."""

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.polynomial import polynomial

POINTS = (0.0, 1.0, -1.0, 2.0, -0.5)
"""Where polynomials are evaluated, the roundest numbers first. With −2 instead of −½ twice as much would be lost to rounding."""


class Transforms(NamedTuple):
    """Of a kernel (n, taps), of what it reads (n, n), and of the products back to what it makes (outputs, n)."""

    kernel: np.ndarray
    inputs: np.ndarray
    outputs: np.ndarray


@cache
def transforms(outputs: int, taps: int) -> Transforms:
    """For so many neighbouring outputs of a kernel of so many taps: `outputs @ ((kernel @ k) * (inputs @ x))`.

    That takes n = outputs + taps - 1 multiplications instead of outputs · taps: a sliding kernel is the way back through
    a product of polynomials, and such a product is known by its values at n points, one of them infinity.
    """
    points = np.array(POINTS[: outputs + taps - 2])
    others = [np.delete(points, place) for place in range(len(points))]
    scales = np.array([np.prod(point - rest) for point, rest in zip(points, others, strict=True)])
    kernel = np.vander(points, taps, increasing=True) / scales[:, None]
    inputs = [[*polynomial.polyfromroots(rest), 0.0] for rest in others]
    values = np.vander(points, outputs, increasing=True).T
    return Transforms(
        np.vstack([kernel, np.eye(taps)[-1]]),
        np.array([*inputs, polynomial.polyfromroots(points)]),
        np.hstack([values, np.eye(outputs)[:, -1:]]),
    )


def on_squares(one: Transforms) -> Transforms:
    """The same along both sides of a square, whose places stand row after row."""
    return Transforms(*(np.kron(matrix, matrix) for matrix in one))
