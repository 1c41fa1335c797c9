"""The racers side by side: the accuracy of all, and of each its gates and its memory over one sequence."""

from collections.abc import Mapping, Sequence

import numpy as np

from ann_core.charts.film import packed
from ann_core.charts.memory.race import THICK, Curve, curves_panel, racer_panel
from ann_core.charts.networks.convolution import Titles
from ann_core.charts.palette import RUNS
from ann_core.data.recall import chance
from ann_core.lessons.lstm.lockstep.seen import LEAST, Seen, strip
from ann_core.lessons.lstm.racers import KINDS
from ann_core.specs import RecallSpec
from ann_core.training.examples.recall import sequences_of
from ann_core.training.moments import Moment
from ann_core.ui.figures.film import words
from ann_core.ui.language import tr
from ann_core.ui.moments import headed

Lane = Sequence[tuple[float, Seen]]
"""What is seen of a racer, moment by moment: the time, in epochs, and what."""


def film_of(
    specs: Mapping[str, RecallSpec], lanes: Mapping[str, Lane], moments: Sequence[Moment], first: int, name: str, play: bool
) -> bytes:
    """All racers at the same moments, from the moment `first` on; the lanes have all moments, from the beginning."""
    order = [kind for kind in KINDS if kind in specs]
    spec = specs[order[0]]
    level = chance(spec.task, sequences_of(spec).y[spec.examples :])
    times = np.array([time for time, _ in lanes[order[0]]])
    shares = {kind: np.array([seen.accuracy for _, seen in lanes[kind]]) for kind in order}
    called = {kind: tr(f"choice.{kind}") for kind in order}
    colours = dict(zip(KINDS, RUNS, strict=False))
    curves = [Curve(called[kind], colours[kind], width, times, shares[kind]) for kind, width in zip(order, THICK, strict=False)]
    alt = tr("race.alt", values=tr("list.comma").join(f"{called[kind]} {shares[kind][-1]:.1%}" for kind in order))
    axis, epochs = tr("curve.epoch"), max(each.epochs for each in specs.values())
    panels = [curves_panel(Titles(tr("race.curves"), alt), curves, times[first:], epochs, (level, tr("race.chance")), axis)]
    for curve, kind in zip(curves, order, strict=True):
        parts = [(_called(part), np.stack([seen.parts[part] for _, seen in lanes[kind][first:]])) for part in lanes[kind][0][1].parts]
        titles = Titles(curve.name, tr("race.racer.alt", cell=curve.name))
        reach = tr("race.reach"), np.stack([seen.reach for _, seen in lanes[kind][first:]]), LEAST
        panels.append(racer_panel(titles, curve, len(order), shares[kind][first:], level, strip(spec), parts, reach))
    captions = [_caption(spec, moment, {called[kind]: shares[kind][place] for kind in order}) for place, moment in enumerate(moments)]
    return packed(panels, captions[first:], words("sequence"), name, play)


def _called(part: str) -> str:
    return tr("race.memory") if part == "memory" else tr(f"quantity.{part}")


def _caption(spec: RecallSpec, moment: Moment, shares: Mapping[str, float]) -> str:
    """The moment, and how often everybody is right by then."""
    when = tr("film.untrained") if moment == Moment(0) else headed(spec, moment)
    return " · ".join([when, *(f"{name} {share:.1%}" for name, share in shares.items())])
