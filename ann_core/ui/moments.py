"""How a moment of a training is called, wherever one is named."""

from ann_core.spec import Spec
from ann_core.specs.gan import Game
from ann_core.training.moments import Moment
from ann_core.ui.language import tr


def moment_words(spec: Spec, moment: Moment) -> str:
    """A moment within a sentence: the epoch and the batch, of a game the round and the turn."""
    whole, part = ("round", "turn") if isinstance(spec, Game) else ("epoch", "batch")
    return tr(f"moment.{part if moment.batch else whole}", epoch=moment.epoch, batch=moment.batch)


def headed(spec: Spec, moment: Moment) -> str:
    """The same where a line begins with it."""
    words = moment_words(spec, moment)
    return words[:1].upper() + words[1:]
