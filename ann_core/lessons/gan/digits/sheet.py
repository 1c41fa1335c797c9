"""Generated digits in a film: a sheet of fixed noise, drawn anew as the generator learns, and the losses."""

from collections.abc import Sequence

import numpy as np

from ann_core.charts.film import Panel, packed
from ann_core.charts.games.stage import lines_panel
from ann_core.charts.networks.convolution import Titles
from ann_core.charts.pixels import pictures_panel
from ann_core.data.images import brightness, centred, small_digits
from ann_core.exhibits.gan import WATCHED_DIGITS
from ann_core.lessons.gan.picture import losses
from ann_core.probing.gan import whole
from ann_core.specs import GanDigitsSpec
from ann_core.training.records import Checkpoint
from ann_core.ui.figures.film import words
from ann_core.ui.language import tr
from ann_core.ui.moments import headed

COLUMNS = 8


def film_of(spec: GanDigitsSpec, checkpoints: Sequence[Checkpoint], rows: np.ndarray, name: str, play: bool) -> bytes:
    """The sheet, real digits beside it, and the losses at these checkpoints."""
    kept = [checkpoint for checkpoint in checkpoints if whole(checkpoint)]
    end = max(len(rows), 1)
    at = np.array([checkpoint.time for checkpoint in kept]) / end
    figures = lines_panel(Titles(tr("sheet.losses"), tr("sheet.losses.alt")), [losses(rows)], at, tr("stage.rounds", n=end))
    captions = [headed(spec, checkpoint.moment) for checkpoint in kept]
    return packed([panel(kept), real(), figures], captions, words(), name, play)


def panel(checkpoints: Sequence[Checkpoint], title: str = "") -> Panel:
    """The first digits of the fixed noise at these moments, numbered from 1 in reading order."""
    tiles = np.stack([checkpoint.predicted[:WATCHED_DIGITS] for checkpoint in checkpoints])
    return pictures_panel(Titles(title or tr("sheet.title"), tr("sheet.alt", n=WATCHED_DIGITS)), tiles, COLUMNS)


def real() -> Panel:
    """Real digits, which do not change."""
    pictures = brightness(centred(small_digits()[0][:WATCHED_DIGITS]))
    return pictures_panel(Titles(tr("sheet.real"), tr("sheet.real.alt", n=len(pictures))), pictures[None], COLUMNS)
