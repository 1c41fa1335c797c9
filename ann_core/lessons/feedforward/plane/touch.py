"""Touch: pick a neuron, read its formula with the numbers in it, change a weight, and see every map follow."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
import streamlit as st

from ann_core.charts.film import Course
from ann_core.lessons.feedforward.plane import neurons
from ann_core.lessons.feedforward.plane.inside import say_scaling
from ann_core.lessons.feedforward.plane.neurons import Neuron
from ann_core.lessons.feedforward.plane.picture import Scene, film_of
from ann_core.lessons.feedforward.plane.scene import network_of, scene_of
from ann_core.lessons.feedforward.plane.scores import scores
from ann_core.specs import PointsSpec
from ann_core.training.moments import Moment
from ann_core.training.records import Checkpoint, Run
from ann_core.ui import session
from ann_core.ui.figures.figure import Source
from ann_core.ui.figures.film import film
from ann_core.ui.language import plain, tr
from ann_core.ui.moments import headed

NEURON_KEY = "points_neuron"
LEAST_RANGE = 3.0
COLUMNS = 2

BEGINNING = Moment(0)

Place = tuple[int, ...]
"""Where a weight lies: the array among a checkpoint's weights, then the index into it."""


@dataclass
class Hand:
    """A learner's hand in a trained network: whose, at which moment, the weights changed, and the one that a link was picked for."""

    run: str = ""
    moment: Moment = BEGINNING
    changes: dict[Place, float] = field(default_factory=dict)
    wanted: Place = ()


def hand() -> Hand:
    return session.kept("_points_hand", Hand)


def begun(run: Run) -> bool:
    """Whether the learner has a hand in this run."""
    return hand().run == run.key


def pick(run: Run, picked: dict) -> None:
    """A neuron was picked in the film, at one of its moments, or a link that leads into it, the one of its `weight`."""
    neuron = neurons.neurons(run.spec).get(picked["pick"])
    if neuron is not None:
        if not begun(run):
            begin(run, run.checkpoints[min(picked["moment"], len(run.checkpoints) - 1)].moment)
        session.put_later(NEURON_KEY, picked["pick"])
        hand().wanted = _place(run.spec, neuron, picked["weight"]) if "weight" in picked else ()


def begin(run: Run, moment: Moment) -> None:
    """Let the learner's hand into a run, as it was at this moment."""
    held = hand()
    held.run, held.moment = run.key, moment
    held.changes.clear()
    held.wanted = ()


def _end() -> None:
    hand().run = ""


def tools(run: Run) -> None:
    """The neuron in hand: its weights to turn, its formula, and what the network is worth now."""
    spec, trained = run.spec, _trained(run)
    names = neurons.neurons(spec)
    if session.value(NEURON_KEY) not in names:
        session.put(NEURON_KEY, next(iter(names)))
    with st.container(border=True, key="points_hand"):
        chosen, turned, measured = st.columns([2, 3, 2], gap="medium")
        with chosen:
            labels = {name: neurons.label(spec, neuron) for name, neuron in names.items()}
            name = st.selectbox(tr("touch.neuron"), list(names), format_func=labels.get, key=NEURON_KEY)
            _buttons()
        with turned:
            _sliders(spec, trained, names[name])
        changed = _changed_by_hand(trained)
        with measured:
            _scores(scene_of(spec), trained, changed)
            st.caption(tr("touch.measured"))
        st.latex(neurons.formula(spec, network_of(spec, changed), names[name]))
        if names[name].layer == 0:
            say_scaling(spec)


def draw(run: Run, film_key: str, on_picked: Callable[[], None]) -> None:
    """The picture of the network as the learner has changed it."""
    trained = _trained(run)
    scene = scene_of(run.spec, (_changed_by_hand(trained),), run.rows)
    changed, chosen = len(hand().changes), session.value(NEURON_KEY)
    said = tr("film.touched", moment=headed(run.spec, trained.moment), n=changed) if changed else ""
    content = film_of(scene, f"hand {run.key}", play=False, chosen=chosen, said=said)
    film(content, Source.weights(run, trained.moment, "source.touched"), film_key, on_picked, Course())


def _trained(run: Run) -> Checkpoint:
    """The network as it was at the moment at which the learner put a hand in."""
    return next(checkpoint for checkpoint in run.checkpoints if checkpoint.moment == hand().moment)


def _changed_by_hand(trained: Checkpoint) -> Checkpoint:
    """The checkpoint with the learner's weights in it."""
    weights = [weight.copy() for weight in trained.weights]
    for (array, *index), value in hand().changes.items():
        weights[array][tuple(index)] = value
    return replace(trained, weights=tuple(weights))


def _sliders(spec: PointsSpec, trained: Checkpoint, neuron: Neuron) -> None:
    """A slider for every weight into the neuron, and for its bias."""
    sources = [tr("touch.weight", source=plain(name)) for name in neurons.input_names(spec, neuron.layer)]
    places = [_place(spec, neuron, row) for row in range(len(sources))]
    if spec.bias:
        places.append((2 * neuron.layer + 1, neuron.unit))
        sources = [*sources, tr("touch.bias")]
    reach = float(max(LEAST_RANGE, np.ceil(1.5 * max(abs(_value(trained, place)) for place in places))))
    for first in range(0, len(places), COLUMNS):
        for column, place, source in zip(
            st.columns(COLUMNS), places[first : first + COLUMNS], sources[first : first + COLUMNS], strict=False
        ):
            with column:
                _slider(trained, place, source, reach)


def _place(spec: PointsSpec, neuron: Neuron, row: int) -> Place:
    """Where the weight lies by which a neuron takes one of its inputs."""
    return ((2 if spec.bias else 1) * neuron.layer, row, neuron.unit)


def _value(trained: Checkpoint, place: Place) -> float:
    return float(trained.weights[place[0]][place[1:]])


def _slider(trained: Checkpoint, place: Place, source: str, reach: float) -> None:
    key = "points_weight_" + "_".join(map(str, place))
    before = hand().changes.get(place, _value(trained, place))
    session.put(key, float(np.clip(round(before, 2), -reach, reach)))
    label = f":primary-background[**{source}**]" if place == hand().wanted else source
    st.slider(label, -reach, reach, step=0.01, key=key, on_change=_changed, args=(key, place))


def _changed(key: str, place: Place) -> None:
    hand().changes[place] = session.value(key)


def _scores(scene: Scene, trained: Checkpoint, changed: Checkpoint) -> None:
    """Loss and score of the network as it was and as it is now, on both sets."""
    before, now = (scores(scene.spec, scene.points, scene.training, checkpoint) for checkpoint in (trained, changed))
    score = scene.spec.measures[1]
    form = ".1%" if scene.spec.classes else ".3f"
    shown = {("loss", "curve.training"): ".3g", (score, "curve.training"): form, ("loss", "curve.test"): ".3g", (score, "curve.test"): form}
    columns = [*st.columns(2), *st.columns(2)]
    for column, ((metric, part), how), old, new in zip(columns, shown.items(), before, now, strict=True):
        title = f"{tr(f'metric.{metric}')} · {tr(part)}"
        colour = "normal" if metric == "accuracy" else "inverse"
        delta = format(new - old, f"+{how}") if hand().changes else None
        column.metric(title, format(new, how), delta, delta_color=colour)


def _buttons() -> None:
    with st.container(horizontal=True):
        changed = bool(hand().changes)
        st.button(tr("touch.undo"), key="points_undo", icon=":material/undo:", on_click=hand().changes.clear, disabled=not changed)
        st.button(tr("touch.end"), key="points_touch_end", icon=":material/movie:", on_click=_end)
