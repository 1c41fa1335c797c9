"""A trained network of attention on the screen: what its layers and heads are called, and their maps at some moments."""

from collections.abc import Sequence

import numpy as np

from ann_core.data.attention import TASKS
from ann_core.maths.networks.attention import KnockedOut, Network, Pass, forward
from ann_core.specs import AttentionSpec
from ann_core.starts.attention import network
from ann_core.training.records import Checkpoint, Run
from ann_core.ui import session
from ann_core.ui.language import tr

EXPERIMENT = "attention"


def trained() -> Run | None:
    """This learner's run, where it has finished an epoch and its weights are numbers."""
    run = session.bench(EXPERIMENT).run
    usable = run is not None and run.epochs and run.final.finite
    return run if usable else None


def layers(spec: AttentionSpec) -> list[str]:
    """What the layers of attention are called; the last one of a network for dates reads for the answer."""
    names = [tr("heads.layer", number=number + 1) for number in range(spec.blocks)]
    return [*names, tr("heads.reader")] if spec.task == "dates" else names


def rows_of_heads(spec: AttentionSpec, passes: Sequence[Pass]) -> list[list[tuple[str, np.ndarray]]]:
    """Every head of every layer: its name, and its maps (moments, asking, asked) of one sequence, a moment each pass."""
    named = layers(spec)
    return [
        [
            (tr("heads.head", layer=name, number=head + 1), np.stack([each.looks[layer].weights[0, head] for each in passes]))
            for head in range(spec.heads)
        ]
        for layer, name in enumerate(named)
    ]


def passes(spec: AttentionSpec, checkpoints: Sequence[Checkpoint], tokens: np.ndarray) -> list[Pass]:
    """How a sequence (length,) goes through the network at each of these moments."""
    return through(networks(spec, checkpoints), tokens)


def networks(spec: AttentionSpec, checkpoints: Sequence[Checkpoint]) -> list[Network]:
    """The network at each of these moments, in double precision."""
    return [network(spec, [weight.astype(float) for weight in checkpoint.weights]) for checkpoint in checkpoints]


@np.errstate(all="ignore")  # an exploded network looks nowhere
def through(networks: Sequence[Network], tokens: np.ndarray, without: KnockedOut | None = None) -> list[Pass]:
    """How a sequence (length,) goes through these networks."""
    return [forward(each, tokens[None], without) for each in networks]


def asking_places(spec: AttentionSpec, layer: int, written: Sequence[str], answers: np.ndarray) -> list[str]:
    """What those that ask in a layer are called: the tokens, or the places of the answer and what stands there.

    `answers` are the probabilities of the symbols at each place, (answers, symbols).
    """
    if spec.task == "dates" and layer == spec.blocks:
        symbols = TASKS[spec.task].symbols(spec.letters)
        return [tr("heads.answer", number=number + 1, symbol=symbols[each]) for number, each in enumerate(answers.argmax(axis=1))]
    return list(written)
