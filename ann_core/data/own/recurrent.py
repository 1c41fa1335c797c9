"""A learner's own series: a column of a table, with its gaps filled."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ann_core.data.own.points import Table, numbers
from ann_core.data.problem import DataProblem
from ann_core.data.recurrent import Series

LEAST_VALUES = 20
MOST_FILLED = 0.5
ONE_DAY = np.timedelta64(1, "D")


@dataclass(frozen=True)
class OwnSeries:
    """A learner's series and the name of its column; how many values were missing or no numbers, and were filled in."""

    series: Series
    name: str
    filled: int = 0
    cut: bool = False

    @property
    def constant(self) -> bool:
        return float(np.ptp(self.series.values)) == 0


def own_series(table: Table, name: str) -> OwnSeries:
    """The series in a column of numbers. Raises `DataProblem` where too few of its cells are numbers.

    What is missing or no number lies on a straight line between its neighbours, or is like the nearest value at an end.
    The days are those of a column with one date a row, where each is the day after the one before.
    """
    values = numbers(table.cells[name])
    known = np.isfinite(values)
    if known.sum() < LEAST_VALUES:
        raise DataProblem("series_few_values", n=int(known.sum()), least=LEAST_VALUES)
    if 1 - known.mean() > MOST_FILLED:
        raise DataProblem("series_gaps", n=int((~known).sum()), rows=len(values))
    places = np.arange(len(values))
    filled = np.interp(places, places[known], values[known]).astype(np.float32)
    return OwnSeries(Series(filled, days=_days(table, name)), name, int((~known).sum()), table.cut)


def _days(table: Table, name: str) -> np.ndarray | None:
    for other in table.cells.columns.drop(name):
        found = pd.to_datetime(table.cells[other].str.strip(), errors="coerce", format="ISO8601")
        if found.notna().all():
            days = found.to_numpy("datetime64[D]")
            if (np.diff(days) == ONE_DAY).all():
                return days
    return None
