"""The film of the race on the screen: before it, while it goes on, and the whole of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import streamlit as st

from ann_core.charts.film import Course
from ann_core.lessons.lstm.lockstep.picture import film_of
from ann_core.lessons.lstm.lockstep.seen import FEW, Seen, look
from ann_core.specs import RecallSpec
from ann_core.training.engine.tasks import Part
from ann_core.training.examples import HELD_OUT_SEQUENCES
from ann_core.training.moments import Moment, kept_moments
from ann_core.training.records import Checkpoint, most_checkpoints
from ann_core.training.untrained import begun
from ann_core.ui import session
from ann_core.ui.figures.figure import Source
from ann_core.ui.figures.film import film
from ann_core.ui.language import current, tr

KEY = "recall_film"
ON_THE_WAY = ("optimiser", "momentum", "learning_rate", "clip_norm", "batch_size", "epochs", "legs")
"""What changes nothing in a network that is still untrained."""
MOST_AT_ONCE = 6


@dataclass
class Sent:
    """What the browser has of a race, which is told from others by `told`; and what was seen of the racers at its moments."""

    told: tuple = ()
    edition: int = 0
    moments: tuple[Moment, ...] = ()
    seen: dict[tuple[str, Moment], Seen] = field(default_factory=dict)

    def clear(self) -> None:
        self.edition, self.moments = self.edition + 1, ()


def preview(specs: Mapping[str, RecallSpec]) -> None:
    """The racers of the settings at hand before any training."""
    session.kept("_recall_film_sent", Sent).clear()
    keys = tuple((name, spec.key()) for name, spec in specs.items())
    film(_before(keys, current(), specs), Source.untrained(next(iter(specs.values()))), KEY, course=Course())
    _legend()


def draw(parts: Mapping[str, Part], take: int, live: bool) -> None:
    """All racers up to the last moment that every one of them has come to."""
    sent, moments = session.kept("_recall_film_sent", Sent), common(parts)
    told = (take, current(), *((name, part.spec.key()) for name, part in parts.items()))
    if sent.told[:1] + sent.told[2:] != told[:1] + told[2:]:
        sent.seen.clear()
    if sent.told != told or sent.moments != moments[: len(sent.moments)]:
        sent.told = told
        sent.clear()
    first = len(sent.moments)
    shown = moments[: first + MOST_AT_ONCE] if live else moments
    content = b""
    if len(shown) > first:
        lanes = {name: _lane(name, part, shown, sent) for name, part in parts.items()}
        content = film_of({name: part.spec for name, part in parts.items()}, lanes, shown, first, str(told[2:]), True)
    course = Course(take, sent.edition, first=first, known=first, more=live, expected=expected(parts, moments))
    sent.moments = shown
    film(content, Source.runs(list(parts.values())), KEY, course=course, on_lacking=sent.clear)
    _legend()


def common(parts: Mapping[str, Part]) -> tuple[Moment, ...]:
    """The moments that all racers have come to: those kept of the one that was kept least often."""
    checkpoints = min((_checkpoints(part) for part in parts.values()), key=lambda kept: kept[-1].time)
    every = [{checkpoint.time for checkpoint in _checkpoints(part)} for part in parts.values()]
    return tuple(checkpoint.moment for checkpoint in checkpoints if all(checkpoint.time in times for times in every))


def expected(parts: Mapping[str, Part], moments: tuple[Moment, ...]) -> int:
    """How many moments there will be in the end, as far as one can know."""
    first = next((part.checkpoints[0] for part in parts.values() if part.checkpoints), None)
    if first is None:
        return len(moments)
    epochs = min(part.spec.epochs for part in parts.values())
    return max(len(kept_moments(epochs, first.batches, most_checkpoints(first.nbytes))), len(moments))


def waiting(parts: Mapping[str, Part]) -> list[str]:
    """The racers that have not begun while others have: all wait for them."""
    begun_ = [name for name, part in parts.items() if part.epochs > 0]
    return [name for name in parts if name not in begun_] if begun_ else []


def _checkpoints(part: Part) -> tuple[Checkpoint, ...]:
    """What is kept of a racer; before it has begun, how it will begin."""
    return part.checkpoints or (begun(part.spec),)


def _lane(name: str, part: Part, moments: tuple[Moment, ...], sent: Sent) -> list[tuple[float, Seen]]:
    kept = {checkpoint.moment: checkpoint for checkpoint in _checkpoints(part)}
    for moment in moments:
        if (name, moment) not in sent.seen:
            sent.seen[name, moment] = look(part.spec, kept[moment]) if moment != Moment(0) else before(part.spec)
    return [(kept[moment].time, sent.seen[name, moment]) for moment in moments]


def before(spec: RecallSpec) -> Seen:
    """A racer as it begins, whatever its training will be like."""
    spec = spec.changed(**{name: RecallSpec().model_dump()[name] for name in ON_THE_WAY})
    return _untrained(spec.key(), spec)


@st.cache_resource(max_entries=256, show_spinner=False)
def _untrained(key: str, _spec: RecallSpec) -> Seen:
    return look(_spec, begun(_spec))


@st.cache_resource(max_entries=96, show_spinner=False)
def _before(keys: tuple, language: str, _specs: Mapping[str, RecallSpec]) -> bytes:
    lanes = {name: [(0.0, before(spec))] for name, spec in _specs.items()}
    return film_of(_specs, lanes, [Moment(0)], 0, "untrained", False)


def _legend() -> None:
    st.caption(tr("race.legend", sequences=HELD_OUT_SEQUENCES, few=FEW))
