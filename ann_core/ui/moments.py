"""How a moment of a training is called, wherever one is named."""

from ann_core.spec import Spec
from ann_core.specs.gan import Game
from ann_core.training.moments import Moment
from ann_core.ui.language import tr


def moment_words(spec: Spec, moment: Moment) -> str:
    """A moment within a sentence: the epoch that is over, or the batch of the one that has begun; of a game round and turn."""
    whole, part = ("round", "turn") if isinstance(spec, Game) else ("epoch", "batch")
    if not moment.batch:
        return tr(f"moment.{whole}", epoch=moment.epoch)
    return tr(f"moment.{part}", epoch=moment.epoch + 1, batch=moment.batch)


def headed(spec: Spec, moment: Moment) -> str:
    """The same where a line begins with it."""
    words = moment_words(spec, moment)
    return words[:1].upper() + words[1:]
