"""How a network of attention begins, and what it says."""

from collections.abc import Callable, Sequence

import numpy as np

from ann_core.data.attention import TASKS, longest
from ann_core.maths.learning.initialisers import Weights, glorot_uniform, ones, random_normal, zeros
from ann_core.maths.networks import dense as layers
from ann_core.maths.networks.attention import Block, Heads, Network, forward, waves
from ann_core.specs import AttentionSpec
from ann_core.starts.base import dense, seed_of

EMBEDDING, POSITIONS, QUERIES, READOUT, BLOCK = 0, 1, 2, 3, 10
DEVIATION = 0.5

Take = Callable[[], np.ndarray]


def starting_weights(spec: AttentionSpec) -> Weights:
    """Vectors of tokens and places, blocks, a reader's queries and its block if there is one, the dense layer that answers."""
    task, places = TASKS[spec.task], longest(spec.task, spec.length + spec.longer)
    weights = [_vectors(spec, EMBEDDING, len(task.tokens(spec.letters)))]
    if spec.positions == "waves":
        weights.append(waves(places, spec.model_width).astype(np.float32))
    elif spec.positions == "learned":
        weights.append(_vectors(spec, POSITIONS, places))
    for depth in range(spec.blocks):
        weights += _block(spec, depth)
    if spec.task == "dates":
        weights += [_vectors(spec, QUERIES, task.answers(places)), *_block(spec, spec.blocks)]
    return weights + dense(spec.seed, (spec.model_width, spec.classes), READOUT)


def _vectors(spec: AttentionSpec, part: int, count: int) -> np.ndarray:
    return random_normal(seed_of(spec.seed, part), (count, spec.model_width), DEVIATION)


def _block(spec: AttentionSpec, depth: int) -> Weights:
    """Queries, keys and values, and what puts the heads together, which all begin with the same numbers; then two dense layers."""
    first, width, size = BLOCK * (depth + 1), spec.model_width, spec.model_width // spec.heads
    norm = [ones((width,)), zeros((width,))] if spec.norm else []
    shapes = [(width, spec.heads, size)] * 3 + [(spec.heads, size, width)]
    heads = [glorot_uniform(seed_of(spec.seed, first), (width, width)).reshape(shape) for shape in shapes]
    if not spec.feed_forward:
        return norm + heads
    return norm + heads + norm + dense(spec.seed, (width, spec.feed_forward, width), first + 1)


def network(spec: AttentionSpec, weights: Sequence[np.ndarray]) -> Network:
    """A network from its weights, in the order in which Keras has them. Raises `ValueError` where there are more or fewer of them."""
    left = iter(weights)

    def take() -> np.ndarray:
        if (weight := next(left, None)) is None:
            raise ValueError("weights missing")
        return weight

    embedding = take()
    positions = take() if spec.positions != "none" else None
    blocks = tuple(_block_of(spec, take) for _ in range(spec.blocks))
    queries, reader = (take(), _block_of(spec, take)) if spec.task == "dates" else (None, None)
    readout = layers.Layer(take(), take(), "softmax")
    if unused := len(list(left)):
        raise ValueError(f"{unused} weights too many")
    return Network(embedding, positions, blocks, queries, reader, readout, TASKS[spec.task].answers)


def _block_of(spec: AttentionSpec, take: Take) -> Block:
    norms = [(take(), take())] if spec.norm else []
    heads = Heads(take(), take(), take(), take(), spec.scaled)
    between = ()
    if spec.feed_forward:
        norms += [(take(), take())] if spec.norm else []
        between = layers.Layer(take(), take(), "relu"), layers.Layer(take(), take(), "linear")
    return Block(heads, tuple(norms), between, spec.residual)


def answers(spec: AttentionSpec, weights: Sequence[np.ndarray], tokens: np.ndarray) -> np.ndarray:
    """The probabilities of the symbols, (n, answers, symbols), from tokens (n, length)."""
    return forward(network(spec, weights), tokens).answers
