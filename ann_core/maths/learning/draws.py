"""Random numbers that depend on a seed alone: those of TensorFlow's stateless operations on a CPU, with Keras' use of them.

The generator is Philox 4×32 with ten rounds: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3" (2011).
It has no state: each block of four numbers is made of a counter and a key.
"""

from collections.abc import Sequence
from math import prod

import numpy as np

ROUNDS = 10
MULTIPLIERS = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
ADDED_TO_KEY = 0x9E3779B9, 0xBB67AE85
HALF, LOW = np.uint64(32), np.uint64(0xFFFFFFFF)

SCRAMBLING_KEY = 0x3EC8F720, 0x02461E29
MOST_SEEDS = 2**31 - 2
FRACTION_BITS = 23
LEAST_FOR_LOGARITHM = 1e-7
TRUNCATED_AT = 2.0
AT_ONCE = 16_384  # so many counters stay in a processor's cache
BLOCKS_RESERVED, BLOCKS_TRIED = 256, 8  # for four numbers of a truncated normal; of 32 tried, four lie within


def philox(counters: np.ndarray, key: tuple[int, int]) -> np.ndarray:
    """A block of four random numbers for each counter: uint32 (n, 4) from uint32 (n, 4) and a key of two numbers below 2³²."""
    a, b, c, d = counters.T.astype(np.uint64)
    for turn in range(ROUNDS):
        first, second = ((part + turn * added) % 2**32 for part, added in zip(key, ADDED_TO_KEY, strict=True))
        left, right = MULTIPLIERS[0] * a, MULTIPLIERS[1] * c
        a, b, c, d = (right >> HALF) ^ b ^ np.uint64(first), right & LOW, (left >> HALF) ^ d ^ np.uint64(second), left & LOW
    return np.stack([a, b, c, d], axis=1).astype(np.uint32)


def uniform(seed: int, shape: Sequence[int]) -> np.ndarray:
    """Numbers from 0 to below 1, float32: the last 23 bits of each number are its fraction."""
    count = prod(shape)
    return _fractions(_blocks(seed, np.arange(-(-count // 4)))).ravel()[:count].reshape(shape)


def normal(seed: int, shape: Sequence[int]) -> np.ndarray:
    """Numbers with mean 0 and deviation 1, float32."""
    count = prod(shape)
    return _normals(_blocks(seed, np.arange(-(-count // 4)))).ravel()[:count].reshape(shape)


def truncated_normal(seed: int, shape: Sequence[int]) -> np.ndarray:
    """The same without those beyond two deviations, float32: the first four that lie within, of each run of blocks."""
    count = prod(shape)
    starts = BLOCKS_RESERVED * np.arange(-(-count // 4))
    tried = _normals(_blocks(seed, (starts[:, None] + np.arange(BLOCKS_TRIED)).ravel())).reshape(len(starts), 4 * BLOCKS_TRIED)
    first_within = np.argsort(np.abs(tried) >= TRUNCATED_AT, axis=1, kind="stable")[:, :4]
    return np.take_along_axis(tried, first_within, axis=1).ravel()[:count].reshape(shape)


def _blocks(seed: int, places: np.ndarray) -> np.ndarray:
    """The blocks (n, 4) at these places of a seed's sequence. The seed is scrambled first: near ones have nothing in common."""
    scrambled = philox(np.array([[seed % MOST_SEEDS, 0, 0, 0]], np.uint32), SCRAMBLING_KEY)[0]
    counters = np.empty((len(places), 4), np.uint32)
    counters[:, 0], counters[:, 1], counters[:, 2:] = places, 0, scrambled[2:]
    key = tuple(map(int, scrambled[:2]))
    return np.concatenate([philox(counters[first : first + AT_ONCE], key) for first in range(0, len(counters), AT_ONCE)])


def _fractions(numbers: np.ndarray) -> np.ndarray:
    return (numbers % 2**FRACTION_BITS).astype(np.float32) / np.float32(2**FRACTION_BITS)


def _normals(blocks: np.ndarray) -> np.ndarray:
    """Box and Muller (1958): two normal numbers from two even ones u and v, √(-2 ln u) times the sine and the cosine of 2πv.

    Each step is rounded to float32, as TensorFlow does it, but computed in float64: so it is the same on every machine.
    """
    u, v = np.moveaxis(_fractions(blocks).reshape(len(blocks), 2, 2), -1, 0)
    logarithms = np.log(np.maximum(u, np.float32(LEAST_FOR_LOGARITHM)).astype(float)).astype(np.float32)
    lengths, angles = np.sqrt(-2 * logarithms), (2 * np.pi * v.astype(float)).astype(np.float32).astype(float)
    waves = np.stack([np.sin(angles), np.cos(angles)], axis=-1).astype(np.float32)
    return (lengths[..., None] * waves).reshape(len(blocks), 4)
