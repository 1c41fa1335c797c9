"""The film of a training on the screen: the untrained network, then the training in parts while it goes on, then the whole of it."""

from collections.abc import Callable, Collection, Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import streamlit as st

from ann_core.charts.film import Course
from ann_core.spec import Spec
from ann_core.training.engine.tasks import Part
from ann_core.training.examples import OwnData
from ann_core.training.moments import Moment, kept_moments
from ann_core.training.records import Checkpoint, Run, TrainingFailed, most_checkpoints
from ann_core.training.untrained import untrained
from ann_core.ui import session
from ann_core.ui.figures.figure import Source
from ann_core.ui.figures.film import film
from ann_core.ui.inputs import controls
from ann_core.ui.language import current, tr
from ann_core.ui.workbench import panel
from ann_core.ui.workbench.panel import DrawPart, failure_words

MOST_AT_ONCE = 12
"""Moments sent with one look at a training: more than are played until the next."""


@dataclass
class Sent:
    """What of a training's film the browser was sent: its moments, and whether as a whole.

    `told` is what the film depends on beside its moments, `most` how many are sent next. A change of pace that was `refused`
    is not asked about again.
    """

    told: tuple[Hashable, ...] = ()
    edition: int = 0
    moments: tuple[Moment, ...] = ()
    whole: bool = False
    most: int = MOST_AT_ONCE
    refused: str = ""

    def clear(self) -> None:
        """Nothing is there, or of no use any longer: begin another edition, with as many moments."""
        self.edition += 1
        self.most = max(self.most, len(self.moments))
        self.moments, self.whole, self.refused = (), False, ""

    def check(self, told: tuple[Hashable, ...], moments: tuple[Moment, ...]) -> None:
        """Begin another edition where what was sent is not the beginning of this one."""
        if self.told != told or self.moments != moments[: len(self.moments)]:
            self.told = told
            self.clear()

    def turn(self, told: tuple[Hashable, ...], moments: tuple[Moment, ...]) -> None:
        """The training goes another way after these moments."""
        self.told, self.whole, self.moments = told, False, self.moments[: len(moments)]


@dataclass(frozen=True)
class Reel:
    """How an experiment's films are made and shown.

    `film_of` makes one of a spec, checkpoints, the rows of the history, a name, whether it plays by itself, and what
    `options` says at the moment. `seen_at_once` are the fields whose change is seen in the `untrained` network, which is the
    checkpoint 0 of a spec and a learner's own data. `beneath` draws what stands beneath a film. Checkpoints that are not
    `kept` cannot be shown. `on_picked` is called when a picture of a film was picked. What is
    shown is no longer the run alone where a learner has `touched` it.
    """

    experiment: str
    film_of: Callable[..., bytes]
    seen_at_once: Collection[str]
    untrained: Callable[[Spec, OwnData], Checkpoint] = untrained
    options: Callable[[], tuple[Hashable, ...]] = tuple
    beneath: DrawPart = lambda part, live: None
    kept: Callable[[Checkpoint], bool] = lambda checkpoint: True
    on_picked: Callable[[], None] = lambda: None
    touched: Callable[[], bool] = lambda: False

    @property
    def key(self) -> str:
        """The key of the film's widget."""
        return f"{self.experiment}_film"

    @property
    def outdated(self) -> bool:
        """Whether the settings differ from those of the run in something that is seen at once."""
        bench = session.bench(self.experiment)
        return not set(self.seen_at_once).isdisjoint(bench.spec.differences(bench.run.spec))

    def draw(self, part: Part, live: bool) -> None:
        """As far as it has come, or the whole; or, where the settings tell of something else, that, and the way back to the run."""
        if not live and self.outdated:
            self.leave()
            self.preview()
            key, run = f"{self.experiment}_back", session.bench(self.experiment).run
            st.button(tr("points.back"), key=key, icon=":material/undo:", on_click=controls.fill, args=(run.spec,))
            return
        if not live:
            self.show(session.bench(self.experiment).run)
        elif self.moments(part):
            self._go_on(part)
        else:
            self.preview()
        self.beneath(part, live)

    def show(self, run: Run) -> None:
        """The film of a whole run; where parts of it are there already, it goes on from them."""
        moments, sent = self.moments(run), self._sent(run)
        there = sent.whole and len(sent.moments) == len(moments)
        content = b"" if there else _whole(self.experiment, run.key, self.options(), current(), self, run)
        course = self._course(sent, run, first=len(moments) if there else 0, expected=len(moments))
        sent.moments, sent.whole = _names(moments), True
        film(
            content,
            self._source(Source.course(run, moments)),
            self.key,
            self.on_picked,
            course,
            sent.clear,
            lambda: self._turn(Part.of(run)),
            lambda: panel.keep_going(self.experiment),
        )

    def _go_on(self, part: Part) -> None:
        """The moments that have come since the last look at a training."""
        moments, sent = self.moments(part), self._sent(part)
        first = len(sent.moments)
        new = moments[first : first + sent.most]
        content = self.film_of(part.spec, new, part.rows, _name(part), True, *self.options()) if new else b""
        most = len(kept_moments(part.spec.epochs, moments[0].batches, most_checkpoints(moments[0].nbytes)))
        course = self._course(sent, part, first=first, more=True, expected=max(most, len(moments)))
        sent.moments, sent.whole, sent.most = sent.moments + _names(new), False, MOST_AT_ONCE
        film(
            content,
            self._source(Source.course(part, new or moments)),
            self.key,
            self.on_picked,
            course,
            sent.clear,
            lambda: self._turn(part),
        )

    def _source(self, source: Source) -> Source:
        return replace(source, text=tr("source.with_changes", source=source.text)) if self.touched() else source

    def _course(self, sent: Sent, trained: Run | Part, **described: Any) -> Course:
        asked = self._asked(trained.spec)
        described["asked"] = "" if asked == sent.refused else asked
        bench = session.bench(self.experiment)
        endless = bench.endless and (bench.busy or bench.may_go_on)
        return Course(bench.takes, sent.edition, known=len(sent.moments), endless=endless, **described)

    def _asked(self, shown: Spec) -> str:
        """What the settings at hand ask of the training that is shown, where they want another pace and nothing else; else empty."""
        wanted = session.bench(self.experiment).spec
        return wanted.key() if shown.may_turn_to(wanted) else ""

    def _turn(self, part: Part) -> None:
        """The film is at one of its moments, and plays: from there on the training goes at the pace of the settings at hand."""
        place, wanted = session.value(self.key)["turned"]["moment"], session.bench(self.experiment).spec
        moments, sent = self.moments(part), self._sent(part)
        begun = part.turned(wanted, moments[min(place, len(moments) - 1)].moment)
        if begun is None:
            sent.refused = wanted.key()
        else:
            sent.turn(self._told(begun), _names(self.moments(begun)))
            panel.go_on(self.experiment, begun)

    def _told(self, trained: Run | Part) -> tuple[Hashable, ...]:
        """What the film of a training depends on beside its moments."""
        return (session.bench(self.experiment).takes, trained.spec.changed(epochs=1).key(), _name(trained), self.options(), current())

    def _sent(self, trained: Run | Part) -> Sent:
        """What the browser has of this training's film, in these words and with these options."""
        sent = session.kept(f"_{self.key}_sent", Sent)
        sent.check(self._told(trained), _names(self.moments(trained)))
        return sent

    def leave(self) -> None:
        """Something else is shown in the film's place."""
        session.kept(f"_{self.key}_sent", Sent).clear()

    def preview(self) -> None:
        """The network of the settings at hand before any training, in the picture that a training begins with."""
        spec = session.bench(self.experiment).spec
        try:
            content = self.before(spec)
        except TrainingFailed as problem:
            st.info(failure_words(problem), icon=":material/upload_file:")
            return
        film(content, self._source(Source.untrained(spec)), self.key, self.on_picked, Course())

    def before(self, spec: Spec) -> bytes:
        """The film of nothing but the untrained network. Raises `TrainingFailed` where a learner's own data are missing."""
        own = session.own_data_for(spec)
        return self.begun(spec, own) if own is not None else _before(spec.key(), self.options(), current(), self, spec)

    def begun(self, spec: Spec, own: OwnData) -> bytes:
        """The same on these own data, made anew."""
        no_rows = np.zeros((0, len(spec.metrics)))
        return self.film_of(spec, [self.untrained(spec, own)], no_rows, "untrained", False, *self.options())

    def moments(self, trained: Run | Part) -> list[Checkpoint]:
        """The checkpoints that its film shows."""
        return [checkpoint for checkpoint in trained.checkpoints if self.kept(checkpoint)]


@st.cache_resource(max_entries=96, show_spinner=False)
def _before(key: str, options: tuple[Hashable, ...], language: str, _reel: Reel, _spec: Spec) -> bytes:
    """Made once for all who have the same settings."""
    return _reel.begun(_spec, None)


@st.cache_resource(max_entries=96, show_spinner=False)
def _whole(experiment: str, key: str, options: tuple[Hashable, ...], language: str, _reel: Reel, _run: Run) -> bytes:
    """Made once a run, choice of options, and language."""
    return _reel.film_of(_run.spec, _reel.moments(_run), _run.rows, _name(_run), True, *options)


def _name(trained: Run | Part) -> str:
    """What its film is called: the same however far the training has come, and at whatever pace, on whatever data it goes on."""
    first = trained.spec.in_legs()[0][1]
    return f"{first.changed(epochs=1).key()}|{'' if 'target' in first.pace() else trained.data.fingerprint}"


def _names(moments: Sequence[Checkpoint]) -> tuple[Moment, ...]:
    return tuple(checkpoint.moment for checkpoint in moments)
