"""The film of walks downhill: the surface with the walkers on it, step by step, and how high they still are."""

from collections.abc import Mapping

import numpy as np

from ann_core.charts.film import packed
from ann_core.charts.networks.convolution import Titles
from ann_core.charts.networks.landscape import Ground, Walk, cells_of, heights_panel, surface_panel
from ann_core.maths.learning.landscapes import Landscape
from ann_core.maths.learning.optimisers import Path
from ann_core.ui.figures.film import words
from ann_core.ui.language import digits, tr

PACE = 8.0
DECADES = 6
"""How many powers of ten below the highest start are shown."""


def film_of(surface: Landscape, paths: Mapping[str, Path], axes: tuple[str, str], name: str) -> bytes:
    """All walks, one step a moment. `paths` are by what the walkers are called."""
    low, high = np.array(surface.low, float), np.array(surface.high, float)
    walks = {walker: walk_of(path) for walker, path in paths.items()}
    ground = Ground(surface.value(cells_of(low, high)), low, high)
    heights = above_lowest(surface, walks)
    shown = [
        surface_panel(Titles(tr("descent.map"), tr("descent.alt")), ground, walks, axes, (tr("descent.next"), tr("descent.downhill"))),
        heights_panel(Titles(tr("descent.heights"), tr("descent.heights.alt")), heights, decades(heights), tr("descent.step")),
    ]
    moments = max(len(walk.places) for walk in walks.values())
    captions = [_caption(surface, walks, moment) for moment in range(moments)]
    return packed(shown, captions, words(), name, play=True, pace=PACE)


def walk_of(path: Path) -> Walk:
    """A path as it is drawn: a walker that flew off stays where it was last; at its end it has no next gradient."""
    finite = np.isfinite(path.places).all(axis=1)
    last = int(np.flatnonzero(finite)[-1])
    stays = np.minimum(np.arange(len(path.places)), last)
    gradients = np.nan_to_num(np.concatenate([path.gradients, np.zeros((1, path.places.shape[1]))]))
    return Walk(path.places[stays], gradients)


def above_lowest(surface: Landscape, walks: Mapping[str, Walk]) -> dict[str, np.ndarray]:
    """How high each walk is at every step, above the lowest place that is known: a minimum of the table, or where a walk has come."""
    heights = {walker: surface.value(walk.places) for walker, walk in walks.items()}
    known = [float(surface.value(np.array(place))) for place in surface.lowest]
    lowest = min([*known, *(float(values.min()) for values in heights.values())])
    return {walker: values - lowest for walker, values in heights.items()}


def decades(heights: Mapping[str, np.ndarray]) -> tuple[int, int]:
    """Powers of ten between which heights are drawn: the highest start, and six below it; what is lower leaves the picture."""
    top = max(float(values[0]) for values in heights.values())
    high = int(np.ceil(np.log10(top))) if top > 0 else 0
    return high - DECADES, high


def _caption(surface: Landscape, walks: Mapping[str, Walk], moment: int) -> str:
    losses = (f"{walker} {digits(float(surface.value(walk.places[moment])))}" for walker, walk in walks.items())
    return tr("descent.moment", step=moment, losses=tr("list.comma").join(losses))
