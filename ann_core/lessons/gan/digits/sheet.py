"""Generated digits in a film: a sheet of fixed noise, drawn anew as the generator learns, and the losses."""

from collections.abc import Sequence

import numpy as np

from ann_core.charts.film import Panel, packed
from ann_core.charts.networks.convolution import Titles
from ann_core.charts.networks.gan import lines_panel
from ann_core.charts.pixels import pictures_panel
from ann_core.data.images import brightness, centred, small_digits
from ann_core.exhibits.gan import WATCHED_DIGITS
from ann_core.lessons.gan.picture import losses
from ann_core.probing.gan import whole
from ann_core.training.records import Checkpoint
from ann_core.ui.figures.film import words
from ann_core.ui.language import tr

COLUMNS = 8
PACE = 4.0


def film_of(checkpoints: Sequence[Checkpoint], rows: np.ndarray, name: str, play: bool) -> bytes:
    """The sheet and the losses at these checkpoints."""
    kept = [checkpoint for checkpoint in checkpoints if whole(checkpoint)]
    if not kept:
        return preview()
    end = max(len(rows), 1)
    at = np.array([checkpoint.epoch for checkpoint in kept]) / end
    figures = lines_panel(Titles(tr("sheet.losses"), tr("sheet.losses.alt")), [losses(rows)], at, tr("stage.rounds", n=end))
    captions = [tr("stage.round", number=checkpoint.epoch) for checkpoint in kept]
    return packed([panel(kept), figures], captions, words(), name, play, pace=PACE)


def panel(checkpoints: Sequence[Checkpoint], title: str = "") -> Panel:
    """The first digits of the fixed noise at these moments, numbered from 1 in reading order."""
    tiles = np.stack([checkpoint.predicted[:WATCHED_DIGITS] for checkpoint in checkpoints])
    return pictures_panel(Titles(title or tr("sheet.title"), tr("sheet.alt", n=WATCHED_DIGITS)), tiles, COLUMNS)


def preview() -> bytes:
    """Real digits, before anything is played."""
    real = brightness(centred(small_digits()[0][:WATCHED_DIGITS]))
    shown = pictures_panel(Titles(tr("sheet.real"), tr("sheet.real.alt", n=len(real))), real[None], COLUMNS)
    return packed([shown], [tr("sheet.untouched")], words(), "preview", play=False)
