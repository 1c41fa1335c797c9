"""Trained networks of attention, by NumPy: who looks at whom in them, how much they get right, what they can do without."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ann_core.maths.networks.attention import KnockedOut, Network, forward
from ann_core.specs import AttentionSpec
from ann_core.starts.attention import network
from ann_core.training.examples.attention import rewritten_of
from ann_core.training.records import Checkpoint, Run

JUDGED = 500
STRONG = 0.5
HARDLY = 0.01


def network_of(run: Run, checkpoint: Checkpoint | None = None) -> Network:
    """The network of a run, at its end or at another checkpoint, in double precision."""
    weights = (checkpoint or run.final).weights
    return network(run.spec, [weight.astype(float) for weight in weights])


def judged(spec: AttentionSpec) -> tuple[np.ndarray, np.ndarray]:
    """Sequences held out, and their answers: as many as are judged at once."""
    unseen = rewritten_of(spec)[1]
    return unseen.x[:JUDGED], unseen.y[:JUDGED]


def accuracy(answers: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """The share of right symbols, and of sequences that are right as a whole, from probabilities (n, answers, symbols)."""
    right = answers.argmax(axis=-1) == y
    return float(right.mean()), float(right.all(axis=1).mean())


def whole(checkpoint: Checkpoint, y: np.ndarray) -> float:
    """The share of the sequences held out that a checkpoint got right as a whole."""
    return float((checkpoint.predicted == y).all(axis=1).mean())


@dataclass(frozen=True)
class Idle:
    """A link that is strong and does not matter: the sequence, the layer and the head, who looks at whom how strongly.

    `change` is the most that any probability of the answers changes when the link is cut.
    """

    tokens: np.ndarray
    layer: int
    head: int
    asking: int
    asked: int
    weight: float
    change: float


def idle_links(network: Network, tokens: np.ndarray, open_: np.ndarray) -> Iterator[Idle]:
    """Of sequences (n, length), all links that hold more than half of the attention, each cut in turn.

    In the last layer only those who answer count, and of these only the `open_` ones, (answers,), whose answer is not the same
    for all sequences: at whom the others look there is of no use to anybody.
    """
    last = len(network.blocks) - (network.reader is None)
    for sequence in tokens:
        whole_pass = forward(network, sequence[None])
        for layer, look in enumerate(whole_pass.looks):
            strong = np.argwhere(look.weights[0] > STRONG)  # (links, 3): head, asking, asked
            if layer == last:
                answering = strong[:, 1] - (look.weights.shape[2] - len(open_))
                strong = strong[(answering >= 0) & open_[answering]]
            if not len(strong):
                continue
            allowed = np.ones((len(strong), *look.weights.shape[1:]), bool)
            allowed[np.arange(len(strong)), *strong.T] = False
            cut = forward(network, np.repeat(sequence[None], len(strong), axis=0), KnockedOut({layer: allowed}))
            changes = np.abs(cut.answers - whole_pass.answers).max(axis=(1, 2))
            for (head, asking, asked), change in zip(strong, changes, strict=True):
                yield Idle(sequence, layer, head, asking, asked, look.weights[0, head, asking, asked], change)


def idlest(network: Network, tokens: np.ndarray, y: np.ndarray) -> tuple[Idle | None, int, int]:
    """The strong link that matters least; how many strong ones there are in these sequences, and how many hardly matter.

    `y` (n, answers) are the answers.
    """
    links = list(idle_links(network, tokens, (y != y[0]).any(axis=0)))
    least = min(links, key=lambda link: link.change, default=None)
    return least, len(links), sum(link.change < HARDLY for link in links)
