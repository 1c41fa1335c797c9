"""The film of a training on the screen: its latest moment while it goes on, then the whole of it."""

from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass

import streamlit as st

from ann_core.training.engine.tasks import Part
from ann_core.training.records import Checkpoint, Run
from ann_core.ui import session
from ann_core.ui.figures.figure import Source
from ann_core.ui.figures.film import film
from ann_core.ui.inputs import controls
from ann_core.ui.language import current, tr
from ann_core.ui.workbench.panel import DrawPart, Preview


@dataclass(frozen=True)
class Reel:
    """How an experiment's films are made and shown.

    `film_of` makes one of a spec, checkpoints, the rows of the history, a name, whether it plays by itself, and what
    `options` says at the moment. `seen_at_once` are the fields whose change is shown, as `preview`, before anything is
    trained. `beneath` draws what stands beneath a film. Checkpoints that are not `kept` cannot be shown.
    """

    experiment: str
    film_of: Callable[..., bytes]
    preview: Preview
    seen_at_once: Collection[str] = ()
    options: Callable[[], tuple[Hashable, ...]] = tuple
    beneath: DrawPart = lambda part, live: None
    kept: Callable[[Checkpoint], bool] = lambda checkpoint: True

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
        """The latest moment, or the whole film; or, where the settings tell of something else, that, and the way back to the run."""
        run = session.bench(self.experiment).run
        if not live and self.outdated:
            self.preview()
            key = f"{self.experiment}_back"
            st.button(tr("points.back"), key=key, icon=":material/undo:", on_click=controls.fill, args=(run.spec,))
            return
        shown = self.moments(part)[-1:] if live else self.moments(part)
        content = self.film_of(part.spec, shown, part.rows, "live", False, *self.options()) if live else self.whole(run)
        film(content, Source.course(part.data, part.spec.seed, shown), self.key)
        self.beneath(part, live)

    def whole(self, run: Run) -> bytes:
        """The film of a whole run."""
        return _whole(self.experiment, run.key, self.options(), current(), self, run)

    def moments(self, trained: Run | Part) -> list[Checkpoint]:
        """The checkpoints that its film shows."""
        return [checkpoint for checkpoint in trained.checkpoints if self.kept(checkpoint)]


@st.cache_resource(max_entries=96, show_spinner=False)
def _whole(experiment: str, key: str, options: tuple[Hashable, ...], language: str, _reel: Reel, _run: Run) -> bytes:
    """Made once a run, choice of options, and language."""
    return _reel.film_of(_run.spec, _reel.moments(_run), _run.rows, key, True, *options)
