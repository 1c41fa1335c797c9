"""The wave through a stack of untrained layers: the answers on their way forward, then δ on its way back, as a film."""

from functools import lru_cache

import numpy as np

from ann_core.charts.film import packed
from ann_core.charts.networks.convolution import Titles
from ann_core.charts.networks.wave import Way, wave_panel
from ann_core.exhibits import DepthExhibit
from ann_core.lessons.neuron.signals import passed, size
from ann_core.ui.figures.film import words
from ann_core.ui.language import digits, tr

SHOWN = 12  # of the examples
PACE = 2.0


@lru_cache(maxsize=32)
def film_of(spec: DepthExhibit, language: str) -> bytes:
    """A moment for the examples, for every layer on the way forward, and for every one on the way back."""
    forth, back = ways_of(spec)
    captions = [tr("depth.wave.input", size=digits(forth.sizes[0]))]
    captions += [tr("depth.wave.forward", layer=layer, size=digits(forth.sizes[layer])) for layer in forth.columns[1:]]
    captions += [_of_delta(layer, delta, back.sizes[0]) for layer, delta in zip(back.columns, back.sizes, strict=True)]
    panel = wave_panel(Titles(tr("depth.wave"), tr("depth.wave.alt")), (forth, back), spec.stack + 1)
    return packed([panel], captions, words(), f"wave {language} {spec.key()}", play=False, pace=PACE)


def ways_of(spec: DepthExhibit) -> tuple[Way, Way]:
    """Forward from the examples to the last layer, and back from there to the first."""
    found = passed(spec.function, spec.initialiser, spec.stack, spec.seed)
    answers, deltas = [found.inputs, *found.answers], found.deltas[::-1]
    forth, back = range(spec.stack + 1), range(spec.stack, 0, -1)
    return _way("depth.answers", forth, answers), _way("depth.deltas", back, deltas)


def _way(name: str, columns: range, values: list[np.ndarray]) -> Way:
    return Way(tr(name), columns, [each[:SHOWN].T for each in values], np.array([size(each) for each in values]))


def _of_delta(layer: int, delta: float, first: float) -> str:
    return tr("depth.wave.back", layer=layer, size=digits(delta), times=digits(delta / first if first else 0.0))
