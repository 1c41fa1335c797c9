"""What a learner's session remembers. The only module that writes to st.session_state for more than a widget."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import numpy as np
import pandas as pd
import streamlit as st

from ann_core.data.own.points import OwnPoints, Table
from ann_core.data.own.recurrent import OwnSeries
from ann_core.data.points import Points
from ann_core.data.problem import DataProblem
from ann_core.exhibits import spec_class
from ann_core.experiments import experiment_of
from ann_core.spec import Spec, bounds
from ann_core.training.engine.tasks import Job, Part
from ann_core.training.examples import OwnData
from ann_core.training.records import DataSource, Run, TrainingFailed

THROUGH_APP = "_through_app"


@dataclass(frozen=True)
class Study:
    """The same experiment with several seeds: their specs, what is told of their histories, (seeds, epochs, metrics), the data."""

    specs: tuple[Spec, ...]
    rows: np.ndarray
    data: DataSource | None = None


@dataclass
class Bench:
    """An experiment as this learner has it: the settings, the training that goes on, the run that came of it.

    `pins` are runs kept for comparison, by letter; `studies` are by the key of the spec they began with; `takes` counts how often a
    training was begun anew. A training that goes on at another pace has `begun` with this; an `endless` one goes on by itself.
    """

    spec: Spec
    job: Job | None = None
    waiting: Spec | None = None
    run: Run | None = None
    error: TrainingFailed | None = None
    note: str = ""
    takes: int = 0
    begun: Part | None = None
    endless: bool = False
    pins: dict[str, Run] = field(default_factory=dict)
    studies: dict[str, Study] = field(default_factory=dict)
    study_job: Job | None = None
    study_error: TrainingFailed | None = None

    @property
    def busy(self) -> bool:
        """Whether a training goes on, or waits for its data."""
        return self.job is not None or self.waiting is not None

    @property
    def continues(self) -> bool:
        """Whether the settings are still those of the run, but for the number of epochs."""
        return self.run is not None and self.spec.same_but_for_epochs(self.run.spec)

    @property
    def turns(self) -> bool:
        """Whether what is set may follow on the run as another leg of it."""
        return self.run is not None and self.run.spec.may_turn_to(self.spec)

    @property
    def may_go_on(self) -> bool:
        """Whether the run is the beginning of a longer one with the settings at hand."""
        shorter = self.run is not None and self.run.epochs < bounds(type(self.spec), "epochs").high and not self.run.exploded
        return shorter and (self.continues or self.turns)


class Watcher:
    """A learner as the jobs know it; gone when the session ends.

    A connection that is lost may come back for as long as Streamlit keeps the session: until then the learner's job goes on.
    """

    def __init__(self) -> None:
        self.id = uuid4().hex
        self.job: Job | None = None
        self.farewell: threading.Timer | None = None

    def here(self) -> None:
        """The learner is there, or there again."""
        if self.farewell is not None:
            self.farewell.cancel()
            self.farewell = None

    def away(self) -> None:
        """The connection is lost."""
        self.farewell = threading.Timer(st.get_option("server.disconnectedSessionTTL"), self.leave)
        self.farewell.daemon = True
        self.farewell.start()

    def follow(self, job: Job) -> None:
        """Watch this job, and no other any longer."""
        if self.job is not job:
            self.leave()
        job.watch(self.id)
        self.job = job

    def leave(self) -> None:
        if self.job is not None:
            self.job.leave(self.id)
        self.job = None


def watcher() -> Watcher:
    """This session's watcher; it leaves its job when the learner is gone."""
    found = kept("_watcher", Watcher)
    found.here()
    return _connected(found)


@st.cache_resource(scope="session", on_release=Watcher.away, show_spinner=False)
def _connected(_watcher: Watcher) -> Watcher:
    """Kept by Streamlit for one connection, while the session itself may outlive it."""
    return _watcher


@dataclass
class Visit:
    """A page that is open: what its address said, as far as it could not be used, the sections it has drawn, by anchor.

    `wanted` is the section that was asked for, and the `number` tells this visit from those before it; `begun`, whether this
    learner has been shown a first picture on any page.
    """

    lesson: str = ""
    unreadable: list[str] = field(default_factory=list)
    sections: dict[str, str] = field(default_factory=dict)
    wanted: str = ""
    number: int = 0
    begun: bool = False


def _no_points() -> pd.DataFrame:
    return pd.DataFrame({"x1": pd.Series(dtype=float), "x2": pd.Series(dtype=float), "label": pd.Series(dtype=str)})


@dataclass
class Own:
    """A learner's own points: those that are used in the end, or what is wrong with them.

    `placed` by hand, and what canvas and table began with; the `table` that was read from a file.
    """

    placed: pd.DataFrame = field(default_factory=_no_points)
    begun_with: pd.DataFrame = field(default_factory=_no_points)
    revision: int = 0
    table: Table | None = None
    points: OwnPoints | None = None
    problem: DataProblem | None = None


@dataclass
class OwnColumn:
    """A learner's own series: the table that was read, the series that was made of a column, or what is wrong."""

    table: Table | None = None
    brought: OwnSeries | None = None
    problem: DataProblem | None = None


@dataclass
class OwnTarget:
    """What a learner has painted for a generator to imitate, bool (side, side), and the points spread over it; None where nothing is."""

    points: Points | None = None
    painted: np.ndarray | None = None


def own_target() -> OwnTarget:
    return kept("_own_target", OwnTarget)


def bench(experiment: str) -> Bench:
    """This learner's bench of an experiment."""
    return kept(f"_{experiment}_bench", lambda: Bench(spec_class(experiment)()))


def own_points() -> OwnPoints | None:
    """The points that this learner has brought or drawn."""
    return own().points


def own_data_for(spec: Spec) -> OwnData:
    """This learner's own points or series, for a spec that asks for them."""
    field = experiment_of(spec).own
    return OWN_DATA[spec.experiment]() if field and getattr(spec, field) == "own" else None


OWN_DATA: dict[str, Callable[[], OwnData]] = {
    "points": lambda: (found := own_points()) and found.points,
    "gan": lambda: own_target().points,
    "recurrent": lambda: (brought := own_series().brought) and brought.series,
}
"""Where a learner's own data are kept, by experiment."""


def own_series() -> OwnColumn:
    return kept("_own_series", OwnColumn)


def own() -> Own:
    return kept("_own", Own)


def visit() -> Visit:
    return kept("_visit", Visit)


def guess(name: str) -> dict:
    """What this learner guessed in a guess-measure-explain, and what was measured."""
    return kept(f"_guess_{name}", dict)


def mark_through_app() -> None:
    """Note that app.py has run for this session."""
    st.session_state[THROUGH_APP] = True


def came_through_app() -> bool:
    return THROUGH_APP in st.session_state


def put(key: str, value: object) -> None:
    """Set a widget's value before it is drawn."""
    st.session_state[key] = value


def put_later(key: str, value: object) -> None:
    """Set a widget's value when its fragment is next drawn.

    For callbacks that rerun a fragment by its key: that gives the widgets on the screen their old values again.
    """
    kept("_waits", dict)[key] = value


def put_what_waits() -> None:
    """Do what `put_later` has left to do."""
    waits = kept("_waits", dict)
    for key in list(waits):
        put(key, waits.pop(key))


def has(key: str) -> bool:
    return key in st.session_state


def value(key: str, default: object = None) -> object:
    return st.session_state.get(key, default)


def kept(key: str, make: Callable[[], Any]) -> Any:
    """What this learner's session keeps under a key, made at the first call."""
    if key not in st.session_state:
        st.session_state[key] = make()
    return st.session_state[key]
