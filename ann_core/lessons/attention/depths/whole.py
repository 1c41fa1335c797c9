"""The whole network, small: what comes in, the heads of every layer, what each layer makes of it, what is answered."""

from collections.abc import Sequence

import numpy as np

from ann_core.charts.film import Panel
from ann_core.charts.networks.block import Stop, Strip, strips_panel
from ann_core.charts.networks.convolution import Titles
from ann_core.data.attention import TASKS
from ann_core.lessons.attention.depths.tour import last
from ann_core.lessons.attention.network import asking_places, layers
from ann_core.maths.networks.attention import Pass
from ann_core.specs import AttentionSpec
from ann_core.ui.language import tr

WIDE, LEAST, MOST = 1_060.0, 400.0, 560.0


def strips_of(spec: AttentionSpec, passes: Sequence[Pass], written: Sequence[str]) -> list[Strip]:
    """The vectors of all tokens as they come in, and as they leave each layer; then the probabilities of the symbols.

    A click on a row opens the block of the one that the row belongs to.
    """
    rows = lambda layer, part: np.stack([getattr(each.stations[layer], part)[0] for each in passes])  # noqa: E731
    strips = [Strip("x", rows(0, "coming"), down=written, pick="0 0 row")]
    for layer, name in enumerate(layers(spec)):
        asking = asking_places(spec, layer, written, passes[-1].answers[0])
        strips.append(Strip(name, rows(layer, "leaving"), down=asking, pick=f"{layer} 0 made"))
    answers, symbols = np.stack([each.answers[0] for each in passes]), TASKS[spec.task].symbols(spec.letters)
    first = len(asking) - answers.shape[1]
    return [*strips, Strip(tr("block.answer"), answers, down=asking[first:], across=symbols, pick=f"{layer} 0 answers {first}")]


def panel_of(strips: Sequence[Strip], beside: Panel) -> Panel:
    """The strips, as wide as there is room beside a panel."""
    return strips_panel(Titles(tr("whole.title"), tr("whole.alt")), strips, min(max(WIDE - beside.width, LEAST), MOST))


def stops(spec: AttentionSpec, strips: Sequence[Strip]) -> list[Stop]:
    """The stations of the whole network."""
    first, *made, answer = strips
    _, rows, columns = first.values.shape
    found = [_stop([first.pick], "coming", rows=rows, columns=columns)]
    for layer, strip in enumerate(made):
        found.append(_stop([f"{layer} {head}" for head in range(spec.heads)], "looking", name=strip.name))
        found.append(_stop([strip.pick], "leaving", name=strip.name))
    return [*found, _stop([answer.pick], "answer", symbols=answer.values.shape[2]), last(spec)]


def _stop(picks: Sequence[str], said: str, **values: object) -> Stop:
    return Stop(picks, [tr(f"whole.{said}", **values)], np.zeros((1, 0)))
