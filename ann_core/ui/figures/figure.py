"""The only way onto the screen for a chart or a picture: with its source and with words for those who do not see it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
import streamlit as st

from ann_core.training.engine.tasks import Part
from ann_core.training.records import Checkpoint, DataSource, Run
from ann_core.ui.language import current, tr

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
    epochs: tuple[int, ...] = ()
    """Of a film: the epoch of each of its moments, to be filled in for `{epoch}` in the text."""

    @classmethod
    def run(cls, run: Run, epoch: int | None = None) -> "Source":
        """A training, at an epoch (the last one by default)."""
        return cls.training(run.data, run.spec.seed, run.epochs if epoch is None else epoch)

    @classmethod
    def course(cls, data: DataSource | None, seed: int, checkpoints: Sequence[Checkpoint]) -> "Source":
        """The film of a training through these checkpoints."""
        if data is None or not checkpoints:
            return cls("run", tr("source.waiting"))
        epochs = tuple(checkpoint.epoch for checkpoint in checkpoints)
        return cls("run", cls.training(data, seed, "{epoch}").text, epochs)

    @classmethod
    def training(cls, data: DataSource, seed: int, epoch: int | str) -> "Source":
        return cls("run", tr("source.run", data=tr(f"choice.{data.name}"), n=data.training, seed=seed, epoch=epoch))

    @classmethod
    def progress(cls, part: Part) -> "Source":
        """A training as far as its history goes."""
        return cls("run", tr("source.waiting")) if part.data is None else cls.training(part.data, part.spec.seed, len(part.rows))

    @classmethod
    def runs(cls, runs: Sequence[Run | Part]) -> "Source":
        """Several trainings in one figure."""
        seeds = sorted({run.spec.seed for run in runs})
        return cls("run", tr("source.compare", n=len(runs), seeds=tr("list.comma").join(map(str, seeds))))

    @classmethod
    def exact(cls, message: str = "source.exact", **values: object) -> "Source":
        """Computed from what the learner chose, typed or dragged."""
        return cls("exact", tr(message, **values))

    @classmethod
    def schematic(cls) -> "Source":
        """A drawing; no numbers on it."""
        return cls("schematic", tr("source.schematic"))


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
