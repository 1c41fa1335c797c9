"""What the slow motions of all experiments share: what is shown in it, the step after which moment, in which movements."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st

from ann_core.lessons.feedforward.slow.step import can_be_taken_apart
from ann_core.spec import Spec
from ann_core.training.records import Checkpoint
from ann_core.ui import session
from ann_core.ui.language import digits, tr
from ann_core.ui.moments import moment_words

PACE = 0.55  # movements a second
MOST_NUMBERS = 4


@dataclass
class Shown:
    """What is shown in slow motion, by its key, empty where nothing is; and how many times something was."""

    key: str = ""
    times: int = 0


@dataclass(frozen=True)
class Motion:
    """The slow motion of an experiment, of this name."""

    experiment: str

    @property
    def key(self) -> str:
        """The key of the button that begins it."""
        return f"{self.experiment}_slow"

    def begun(self, key: str) -> bool:
        """Whether this run, or the untrained network of this spec, is in slow motion."""
        return session.kept(f"_{self.key}", Shown).key == key

    def button(self, spec: Spec, checkpoints: Sequence[Checkpoint], key: str) -> None:
        """Where there is a step that can be taken apart: begin."""
        if _moments(spec, checkpoints):
            st.button(tr("slow.begin"), key=self.key, icon=":material/slow_motion_video:", on_click=self._show, args=(key,))

    def chosen(self, spec: Spec, checkpoints: Sequence[Checkpoint]) -> Checkpoint:
        """The moment whose next step the learner wants to see, and the way back to the film."""
        moments, place = _moments(spec, checkpoints), 0
        if len(moments) > 1:
            place = self._place(spec, moments)
        st.button(tr("touch.end"), key=f"{self.key}_end", icon=":material/movie:", on_click=self._show, args=("",))
        return moments[place]

    @property
    def times(self) -> int:
        """How many times it was begun: each time its film is another, which begins at the beginning."""
        return session.kept(f"_{self.key}", Shown).times

    def _show(self, key: str) -> None:
        shown = session.kept(f"_{self.key}", Shown)
        shown.key, shown.times = key, shown.times + bool(key)

    def _place(self, spec: Spec, moments: Sequence[Checkpoint]) -> int:
        key = f"{self.key}_after"
        if session.value(key, 0) >= len(moments):
            session.put(key, 0)
        told = [moment_words(spec, each.moment) for each in moments]
        return st.select_slider(tr("slow.which"), range(len(moments)), format_func=told.__getitem__, key=key, help=tr("slow.after.help"))


def _moments(spec: Spec, checkpoints: Sequence[Checkpoint]) -> list[Checkpoint]:
    """The moments whose next step can be taken apart."""
    return [each for each in checkpoints if can_be_taken_apart(spec, each.moment) and each.finite]


@dataclass(frozen=True)
class Movements:
    """When what happens in a network of so many layers: the batch, forward, the loss, back, the change, and afterwards."""

    layers: int

    @property
    def loss(self) -> int:
        return self.layers + 1

    @property
    def change(self) -> int:
        return 2 * self.layers + 2

    @property
    def count(self) -> int:
        return self.change + 2

    def back(self, layer: int) -> int:
        """When the error comes to a layer (from 0)."""
        return self.loss + self.layers - layer

    @property
    def times(self) -> np.ndarray:
        return np.arange(self.count)

    @property
    def afterwards(self) -> np.ndarray:
        """Whether the weights have moved: 0 or 1 in each movement."""
        return (self.times > self.change).astype(int)


def numbers(values: np.ndarray) -> str:
    """The first of some values."""
    told = tr("list.comma").join(map(digits, values[:MOST_NUMBERS]))
    return f"{told} …" if len(values) > MOST_NUMBERS else told
