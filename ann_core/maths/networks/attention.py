"""Self-attention: who looks at whom, how strongly, and what is handed over.

Sequences are (batch, length, width). Weights are as Keras' MultiHeadAttention has them without biases: W_Q, W_K, W_V
(width, heads, size) and W_O (heads, size, width). Every function computes in the precision of what it is given.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import sqrt

import numpy as np

from ann_core.maths.networks import dense

EPSILON = 1e-3
LONGEST_WAVE = 10_000.0


@dataclass(frozen=True)
class Heads:
    """The weights of one layer of attention with some heads; `scaled`: whether scores are divided by √size."""

    query: np.ndarray
    key: np.ndarray
    value: np.ndarray
    output: np.ndarray
    scaled: bool = True

    @property
    def count(self) -> int:
        return self.query.shape[1]

    @property
    def size(self) -> int:
        return self.query.shape[2]


@dataclass(frozen=True)
class Look:
    """What one layer of attention computed: q (batch, places, heads, size), k and v of all that is looked at.

    `scores` (batch, heads, places, looked at), scaled; `weights`, their softmax; `mixed`, the weighted sums of v, like q;
    `outputs` (batch, places, width).
    """

    q: np.ndarray
    k: np.ndarray
    v: np.ndarray
    scores: np.ndarray
    weights: np.ndarray
    mixed: np.ndarray
    outputs: np.ndarray


def attend(
    heads: Heads,
    x: np.ndarray,
    memory: np.ndarray | None = None,
    allowed: np.ndarray | None = None,
    kept: np.ndarray | None = None,
    temperature: float = 1.0,
) -> Look:
    """softmax(Q Kᵀ / √size) V, head by head, and W_O: attention of x, to itself or to a `memory` (batch, length, width).

    `allowed` says who may look at whom, broadcast to (batch, heads, places, looked at); `kept` (heads,) multiplies what each
    head has found: 0 knocks it out. Vaswani et al. (2017).
    """
    memory = x if memory is None else memory
    q, k, v = (np.tensordot(part, kernel, 1) for part, kernel in ((x, heads.query), (memory, heads.key), (memory, heads.value)))
    scores = q.swapaxes(1, 2) @ k.transpose(0, 2, 3, 1) / (sqrt(heads.size) if heads.scaled else 1)  # (batch, heads, places, looked at)
    weights = masked_softmax(scores / temperature, allowed)
    mixed = (weights @ v.swapaxes(1, 2)).swapaxes(1, 2)  # (batch, places, heads, size)
    if kept is not None:
        mixed = mixed * np.asarray(kept, mixed.dtype)[:, None]
    return Look(q, k, v, scores, weights, mixed, np.tensordot(mixed, heads.output, 2))


def masked_softmax(scores: np.ndarray, allowed: np.ndarray | None = None) -> np.ndarray:
    """Softmax over the last axis among what is allowed: the rest gets exactly zero, and so does a row where nothing is.

    Masking a place is the same as setting its weight to zero and dividing by what is left.
    """
    if allowed is None:
        allowed = np.True_
    open_ = np.where(allowed, scores, -np.inf)
    highest = open_.max(axis=-1, keepdims=True)
    growth = np.exp(open_ - np.where(np.isfinite(highest), highest, 0)).astype(scores.dtype, copy=False)
    total = growth.sum(axis=-1, keepdims=True)
    return np.divide(growth, total, out=np.zeros_like(growth), where=total > 0)


def causal(length: int) -> np.ndarray:
    """Who may look at whom where nobody looks ahead: (length, length)."""
    return np.tril(np.ones((length, length), bool))


def layer_norm(x: np.ndarray, gain: np.ndarray, shift: np.ndarray) -> np.ndarray:
    """Each vector with mean 0 and deviation 1, times a gain, plus a shift. Ba, Kiros, Hinton (2016); ε as in Keras."""
    centred = x - x.mean(axis=-1, keepdims=True)
    variance = np.mean(centred**2, axis=-1, keepdims=True)
    return centred / np.sqrt(variance + np.asarray(EPSILON, x.dtype)) * gain + shift


def waves(length: int, width: int) -> np.ndarray:
    """Sinusoidal positions (length, width): sin and cos in turn, of waves from 2π to 10,000 · 2π places long. Vaswani et al. (2017)."""
    pairs = np.arange(width) // 2 * 2
    angles = np.arange(length)[:, None] / LONGEST_WAVE ** (pairs / width)
    return np.where(np.arange(width) % 2, np.cos(angles), np.sin(angles))


@dataclass(frozen=True)
class Block:
    """Attention, then two dense layers at each place, each with a layer norm before it and a way around it, where there are such.

    `norms` are the gain and the shift before attention, and those before the dense layers; `between` the dense layers.
    """

    heads: Heads
    norms: tuple[tuple[np.ndarray, np.ndarray], ...]
    between: tuple[dense.Layer, ...]
    residual: bool


@dataclass(frozen=True)
class Network:
    """Tokens become vectors, positions are added, blocks attend; the last places answer, or a reader's own queries (answers, width).

    embedding (tokens, width), positions (length, width) or None; `reader` is the block with which `queries` look at the sequence;
    `answers` says how many answers there are to a sequence of some length.
    """

    embedding: np.ndarray
    positions: np.ndarray | None
    blocks: tuple[Block, ...]
    queries: np.ndarray | None
    reader: Block | None
    readout: dense.Layer
    answers: Callable[[int], int]


@dataclass(frozen=True)
class KnockedOut:
    """What is taken out of a network. `allowed` and `kept` are as in `attend`, by the number of the layer; a reader's is the last.

    `positions`: whether the positions are left out.
    """

    allowed: Mapping[int, np.ndarray] = field(default_factory=dict)
    kept: Mapping[int, np.ndarray] = field(default_factory=dict)
    positions: bool = False


@dataclass(frozen=True)
class Stations:
    """What becomes of vectors in a block, (batch, places, width): as they are `coming`, `ready` to look, what the `look` has found.

    With the way around it they have `looked`; then they are `prepared` for the dense layers, whose `hidden` outputs are (batch,
    places, units), both None where there are none; and what is `leaving` the block.
    """

    coming: np.ndarray
    ready: np.ndarray
    look: Look
    looked: np.ndarray
    prepared: np.ndarray | None
    hidden: np.ndarray | None
    leaving: np.ndarray


@dataclass(frozen=True)
class Pass:
    """A forward pass: what each layer of attention computed, the probabilities of the symbols (batch, answers, symbols), every station."""

    looks: tuple[Look, ...]
    answers: np.ndarray
    stations: tuple[Stations, ...] = ()


def forward(network: Network, tokens: np.ndarray, without: KnockedOut | None = None) -> Pass:
    """The network's way through tokens (batch, length)."""
    without = without or KnockedOut()
    x = network.embedding[tokens]
    if network.positions is not None and not without.positions:
        x = x + network.positions[: tokens.shape[1]]
    stations: list[Stations] = []
    for number, block in enumerate(network.blocks):
        stations.append(_through(block, x, None, without.allowed.get(number), without.kept.get(number)))
        x = stations[-1].leaving
    if network.reader is not None:
        number = len(network.blocks)
        queries = np.broadcast_to(network.queries, (len(x), *network.queries.shape))
        stations.append(_through(network.reader, queries, x, without.allowed.get(number), without.kept.get(number)))
        x = stations[-1].leaving
    sums = x[:, -network.answers(tokens.shape[1]) :] @ network.readout.kernel + network.readout.bias
    return Pass(tuple(each.look for each in stations), dense.activate(sums, network.readout.activation), tuple(stations))


def _through(block: Block, x: np.ndarray, memory: np.ndarray | None, allowed: np.ndarray | None, kept: np.ndarray | None) -> Stations:
    """What a block makes of x (batch, places, width)."""
    norms = iter(block.norms)
    ready = layer_norm(x, *next(norms)) if block.norms else x
    look = attend(block.heads, ready, memory, allowed, kept)
    looked = x + look.outputs if block.residual else look.outputs
    if not block.between:
        return Stations(x, ready, look, looked, None, None, looked)
    prepared = layer_norm(looked, *next(norms)) if block.norms else looked
    hidden, made = prepared, prepared
    for layer in block.between:
        hidden, made = made, dense.activate(made @ layer.kernel + layer.bias, layer.activation)
    return Stations(x, ready, look, looked, prepared, hidden, looked + made if block.residual else made)
