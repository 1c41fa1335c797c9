"""Learning curves of an experiment, while it trains and after."""

import numpy as np

from ann_core.charts.curves import curve_rows, learning_curve
from ann_core.training.engine.tasks import Part
from ann_core.ui.figures.figure import Source, figure
from ann_core.ui.language import tr


def draw_curves(part: Part, live: bool) -> None:
    """Loss and score, training and validation, as far as they go."""
    names = tr("curve.training"), tr("curve.validation")
    history = part.history
    for metric in part.spec.measures:
        spec = learning_curve(tr(f"metric.{metric}"), tr("curve.epoch"), *names, part.spec.epochs, share=metric == "accuracy")
        rows, key = curve_rows(history, metric, *names), f"{part.spec.experiment}_curve_{metric}"
        figure(spec, rows, Source.progress(part), _alt(metric, part, live), key)


def _alt(metric: str, part: Part, live: bool) -> str:
    if live or not len(part.rows):
        return tr("alt.curve_live", metric=tr(f"metric.{metric}"))
    last = part.history.iloc[-1]
    values = {"training": f"{last[metric]:.3g}", "validation": f"{last.get(f'val_{metric}', np.nan):.3g}"}
    return tr("alt.curve", metric=tr(f"metric.{metric}"), epoch=len(part.rows), **values)
