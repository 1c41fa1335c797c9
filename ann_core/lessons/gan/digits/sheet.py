"""Generated digits in a film: a sheet of fixed noise, drawn anew as the generator learns, and the losses."""

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import replace

import numpy as np

from ann_core.charts.film import Panel, packed
from ann_core.charts.games.stage import Sizes, lines_panel
from ann_core.charts.networks.convolution import Titles
from ann_core.charts.pixels import numbered_panel, pictures_panel
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
REAL_SHOWN = 48
LOSSES = Sizes(side=460.0, high=80.0)


def film_of(spec: GanDigitsSpec, checkpoints: Sequence[Checkpoint], rows: np.ndarray, name: str, play: bool) -> bytes:
    """The sheet, real digits beside it, and beneath both the losses at these checkpoints."""
    kept = [checkpoint for checkpoint in checkpoints if whole(checkpoint)]
    end = max(len(rows), 1)
    at = np.array([checkpoint.time for checkpoint in kept]) / end
    titles, last = Titles(tr("sheet.losses"), tr("sheet.losses.alt")), tr("stage.rounds", n=end)
    figures = lines_panel(titles, [losses(rows)], at, last, LOSSES)
    captions = [headed(spec, checkpoint.moment) for checkpoint in kept]
    sheets = [replace(each, large=True) for each in (panel(kept), real())]
    return packed([*sheets, figures], captions, words(), name, play)


def panel(checkpoints: Sequence[Checkpoint], title: str = "") -> Panel:
    """The first digits of the fixed noise at these moments, numbered from 1 in reading order."""
    titles = Titles(title or tr("sheet.title"), tr("sheet.alt", n=WATCHED_DIGITS))
    return numbered_panel(titles, tiles(checkpoints), COLUMNS)


def tiles(checkpoints: Sequence[Checkpoint]) -> np.ndarray:
    """The digits on the sheet at these moments: uint8 (moments, n, 8, 8)."""
    return np.stack([checkpoint.predicted[:WATCHED_DIGITS] for checkpoint in checkpoints])


def real() -> Panel:
    """Real digits, which do not change."""
    pictures = brightness(centred(small_digits()[0][:REAL_SHOWN]))
    return pictures_panel(Titles(tr("sheet.real"), tr("sheet.real.alt", n=len(pictures))), pictures[None], COLUMNS)


def picked(said: object, deeds: Collection[str], count: int) -> tuple[str, int] | None:
    """Which of these deeds is to be done with which tile, of so many from 1; none where that is not what is said.

    A click says what is to be done: where it is said twice, that does no more than once.
    """
    with suppress(AttributeError, TypeError, KeyError, ValueError):
        deed, number = said["pick"].split()
        if deed in deeds and 1 <= int(number) <= count:
            return deed, int(number)
    return None
