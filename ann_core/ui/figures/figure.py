"""The only way onto the screen for a chart or a picture: with its source and with words for those who do not see it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
import streamlit as st

from ann_core.spec import Spec
from ann_core.training.engine.tasks import Part
from ann_core.training.moments import Moment
from ann_core.training.records import Checkpoint, DataSource, Run
from ann_core.ui.language import current, tr
from ann_core.ui.moments import moment_words

ICONS = {
    "run": ":material/model_training:",
    "kept": ":material/inventory_2:",
    "exact": ":material/calculate:",
    "schematic": ":material/draw:",
}

SILENT = {"zh": {"config": {"axis": {"aria": False}, "legend": {"aria": False}}}}
"""By language: Vega describes axes and legends to screen readers in English; the chart's own words and table remain."""


@dataclass(frozen=True)
class Source:
    """Where a figure's numbers come from."""

    kind: Literal["run", "kept", "exact", "schematic"]
    text: str
    moments: tuple[str, ...] = ()
    """Of a film: what each of its moments is called, to be filled in for `{moment}` in the text."""

    @classmethod
    def run(cls, run: Run, moment: Moment | None = None) -> "Source":
        """A training, at a moment (its end by default)."""
        return cls.training(run.data, seed_words(run.spec), moment_words(run.spec, moment or Moment(run.epochs)))

    @classmethod
    def course(cls, trained: Run | Part, checkpoints: Sequence[Checkpoint]) -> "Source":
        """The film of a training through these checkpoints."""
        if trained.data is None or not checkpoints:
            return cls("run", tr("source.waiting"))
        moments = tuple(moment_words(trained.spec, checkpoint.moment) for checkpoint in checkpoints)
        return cls("run", cls.training(trained.data, seed_words(trained.spec), "{moment}").text, moments)

    @classmethod
    def training(cls, data: DataSource, seed: str, moment: str) -> "Source":
        return cls("run", tr("source.run", data=tr(f"choice.{data.name}"), n=data.training, seed=seed, moment=moment))

    @classmethod
    def progress(cls, part: Part) -> "Source":
        """A training as far as its history goes."""
        if part.data is None:
            return cls("run", tr("source.waiting"))
        return cls.training(part.data, seed_words(part.spec), moment_words(part.spec, Moment(len(part.rows))))

    @classmethod
    def runs(cls, runs: Sequence[Run | Part]) -> "Source":
        """Several trainings in one figure."""
        seeds = sorted({run.spec.seed for run in runs})
        return cls("run", tr("source.compare", n=len(runs), seeds=tr("list.comma").join(map(str, seeds))))

    @classmethod
    def weights(cls, run: Run, moment: Moment | None = None, message: str = "source.forward") -> "Source":
        """Computed with the weights of a moment (the end by default)."""
        return cls.exact(message, moment=moment_words(run.spec, moment or Moment(run.epochs)))

    @classmethod
    def untrained(cls, spec: Spec) -> "Source":
        """The network that the settings at hand begin with."""
        return cls("exact", tr("source.untrained", seed=seed_words(spec), moment=moment_words(spec, Moment(0))))

    @classmethod
    def exact(cls, message: str = "source.exact", **values: object) -> "Source":
        """Computed from what the learner chose, typed or dragged."""
        return cls("exact", tr(message, **values))

    @classmethod
    def schematic(cls) -> "Source":
        """A drawing; no numbers on it."""
        return cls("schematic", tr("source.schematic"))


def seed_words(spec: Spec) -> str:
    """By which seed a training begins, and by which its data are drawn where that is another."""
    return str(spec.seed) if spec.drawn_by == spec.seed else tr("source.two_seeds", start=spec.seed, data=spec.drawn_by)


def figure(spec: Mapping[str, Any], data: pd.DataFrame, source: Source, alt: str, key: str, **options: Any):
    """Draw a ready Vega-Lite spec with these rows; its toolbar shows them as a table.

    A chart moves where only its data change, and is made anew where `alt` does: keep that constant while a training
    runs. `options` go to `st.vega_lite_chart` (on_select …).
    """
    with st.container(key=f"figure_{key}"):
        event = st.vega_lite_chart(data, dict(spec) | SILENT.get(current(), {}), alt=alt, key=key, width="stretch", **options)
        source_line(source)
    return event


def picture(pixels: np.ndarray, source: Source, alt: str, width: int | str = "stretch") -> None:
    """Draw an array of pixels: uint8, (height, width) or (height, width, 3)."""
    st.image(pixels, alt=alt, width=width, output_format="PNG")
    source_line(source)


def source_line(source: Source) -> None:
    st.caption(f"{ICONS[source.kind]} {source.text}")
