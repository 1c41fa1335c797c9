"""What networks for images are seen to look at, before, during and after a training: a test image, or a digit that the learner draws."""

from collections.abc import Callable, Collection, Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st

from ann_core.data import images
from ann_core.data.drawing import inked, stages
from ann_core.spec import Spec
from ann_core.training.engine.jobs import Prepared
from ann_core.training.examples.images import WHITE
from ann_core.training.records import Checkpoint
from ann_core.training.untrained import begun
from ann_core.ui import session
from ann_core.ui.figures.curves import draw_curves
from ann_core.ui.figures.images import known, names_of
from ann_core.ui.inputs import drawing as pad
from ann_core.ui.language import labels, tr
from ann_core.ui.workbench.panel import DrawPart
from ann_core.ui.workbench.reel import Reel
from ann_core.ui.workbench.stage import nothing

SMALL_DIGITS = "digits"
DIGITS = (SMALL_DIGITS, "mnist")
SIDE, WORDS = 196, 460
MOST_KNOWN = 9_999  # the last test image of MNIST, as long as the images are not known


@dataclass(frozen=True)
class Example:
    """A picture, uint8 (28, 28), and what the classes of its data set are called.

    Where these are digits, a learner may draw another one, on the picture itself: a `paper`; this may be one that was `drawn`.
    The `label` of a test image is its class.
    """

    picture: np.ndarray
    classes: Sequence[str]
    paper: bool = False
    drawn: bool = False
    label: int | None = None


@dataclass
class Drawing:
    """A learner's own digit, uint8 (28, 28), as long as the network is to look at it: drawn on a canvas, or on the picture itself."""

    digit: np.ndarray | None = None
    over: np.ndarray | None = None


def choose(experiment: str, draws: bool = False) -> None:
    """The learner says which test image it is, or, where there are digits and it `draws`, draws one."""
    _drawing(experiment).digit = None
    with st.container():  # always one: the film beneath it would begin anew in another place
        if found := known(session.bench(experiment).spec.dataset):
            _choice(experiment, found, draws)
        else:  # what comes later has its place already
            _number(experiment, MOST_KNOWN)


def _choice(experiment: str, found: Prepared, draws: bool) -> None:
    digits, tool = draws and found.data.name in DIGITS, None
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if digits and _subject(experiment) == "drawing":
            tool = pad.tools(f"{experiment}_draw", nothing)
        else:
            _number(experiment, len(found.y_test) - 1)
    if tool is not None:
        _drawing(experiment).digit = _drawn(experiment, found.data.name, tool)
    elif draws and not digits:
        st.caption(tr("looking.clothes"))


def _subject(experiment: str) -> str:
    kinds = ("test", "drawing")
    described = {"format_func": labels("draw.subject", kinds), "key": f"{experiment}_subject", "required": True}
    return st.segmented_control(tr("draw.subject"), kinds, default="test", **described)


def _number(experiment: str, last: int) -> None:
    key = _key(experiment)
    session.put(key, min(session.value(key, 0), last))
    st.number_input(tr("looking.example"), 0, last, step=1, key=key, width=180, on_change=wipe, args=(experiment,))


def _drawn(experiment: str, dataset: str, tool: str) -> np.ndarray | None:
    """What the learner draws, as a picture of a data set of digits: uint8 (28, 28); None where there is nothing."""
    with st.container(horizontal=True):
        words, place = st.container(width=WORDS), st.container(width=SIDE)
    with place:
        steps = pad.paper(f"{experiment}_draw", SIDE, tool, nothing)
    said = "empty" if steps is None else pad.remark(steps)
    with words:
        st.caption(tr(f"draw.remark.{said}"))
        st.caption(tr(f"looking.drawing.{dataset}"))
    return None if said == "empty" else np.rint(WHITE * steps.centred).astype(np.uint8)


def draw_over(experiment: str, strokes: list) -> None:
    """The learner has drawn on the picture. Raises `ValueError` or `TypeError` where the strokes are none."""
    drawn = stages(inked(strokes, pad.WIDTHS["pen"])).centred
    _drawing(experiment).over = np.rint(WHITE * drawn).astype(np.uint8)


def wipe(experiment: str) -> None:
    """What was drawn on the picture is gone."""
    _drawing(experiment).over = None


def example_of(experiment: str, spec: Spec) -> Example:
    """The learner's digit or the chosen test image; as long as the images are not known, a small digit."""
    found, own = known(spec.dataset), _drawing(experiment)
    name = found.data.name if found else SMALL_DIGITS
    names, digits = names_of(name), name in DIGITS
    drawn = own.over if digits and own.over is not None else own.digit
    if drawn is not None:
        return Example(drawn, names, digits, own.over is not None)
    if found is None:
        known_digits = images.load(SMALL_DIGITS)
        return Example(known_digits.x_test[0], names, digits, label=int(known_digits.y_test[0]))
    number = min(session.value(_key(experiment), 0), len(found.x_test) - 1)
    return Example(found.x_test[number], names, digits, label=int(found.y_test[number]))


def _drawing(experiment: str) -> Drawing:
    return session.kept(f"_{experiment}_drawing", Drawing)


def _key(experiment: str) -> str:
    return f"{experiment}_example"


def reel(
    experiment: str,
    film_of: Callable[..., bytes],
    seen_at_once: Collection[str],
    options: Callable[[], tuple[Hashable, ...]] = tuple,
    beneath: DrawPart = draw_curves,
    on_picked: Callable[[], None] = lambda: None,
    touched: Callable[[], bool] = lambda: False,
) -> Reel:
    """A reel whose films also get the example, and what `options` says of anything else."""

    def chosen() -> tuple[Hashable, ...]:
        found, own = known(session.bench(experiment).spec.dataset), _drawing(experiment)
        drawn = own.digit if own.over is None else own.over
        which = session.value(_key(experiment), 0) if drawn is None else drawn.tobytes()
        return (found.data.fingerprint if found else "", which, *options())

    def film(spec: Spec, checkpoints: Sequence[Checkpoint], rows: np.ndarray, name: str, play: bool, *said: Hashable) -> bytes:
        return film_of(spec, checkpoints, rows, name, play, example_of(experiment, spec), *said[2:])

    return Reel(experiment, film, seen_at_once, lambda spec, own: begun(spec), chosen, beneath, on_picked=on_picked, touched=touched)
