"""Touch: pick a neuron, read its formula with the numbers in it, change a weight, and see every map follow."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import streamlit as st

from ann_core.lessons.feedforward.plane import neurons
from ann_core.lessons.feedforward.plane.neurons import Neuron
from ann_core.lessons.feedforward.plane.picture import Scene, film_of
from ann_core.lessons.feedforward.plane.scene import network_of, scene_of
from ann_core.maths.inputs.features import features
from ann_core.maths.learning.losses import both_classes, cross_entropy, squared_error
from ann_core.maths.networks import dense
from ann_core.specs import PointsSpec
from ann_core.training.records import Checkpoint, Run
from ann_core.ui import session
from ann_core.ui.figures.figure import Source
from ann_core.ui.figures.film import film
from ann_core.ui.language import plain, tr

NEURON_KEY = "points_neuron"
LEAST_RANGE = 3.0
COLUMNS = 2

Place = tuple[int, ...]
"""Where a weight lies: the array among a checkpoint's weights, then the index into it."""


@dataclass
class Hand:
    """A learner's hand in a trained network: whose, at which epoch, and the weights changed."""

    run: str = ""
    epoch: int = 0
    changes: dict[Place, float] = field(default_factory=dict)


def hand() -> Hand:
    return session.kept("_points_hand", Hand)


def begun(run: Run) -> bool:
    """Whether the learner has a hand in this run."""
    return hand().run == run.key


def pick(run: Run, picked: dict) -> None:
    """A neuron was picked in the film, at one of its moments."""
    if picked["pick"] in neurons.neurons(run.spec):
        if not begun(run):
            begin(run, run.checkpoints[min(picked["moment"], len(run.checkpoints) - 1)].epoch)
        session.put_later(NEURON_KEY, picked["pick"])


def begin(run: Run, epoch: int) -> None:
    """Let the learner's hand into a run, as it was at this epoch."""
    held = hand()
    held.run, held.epoch = run.key, epoch
    held.changes.clear()


def _end() -> None:
    hand().run = ""


def tools(run: Run) -> None:
    """The neuron in hand: its weights to turn, its formula, and what the network is worth now."""
    spec, trained = run.spec, _trained(run)
    names = neurons.neurons(spec)
    if session.value(NEURON_KEY) not in names:
        session.put(NEURON_KEY, next(iter(names)))
    with st.container(border=True, key="points_hand"):
        labels = {name: neurons.label(spec, neuron) for name, neuron in names.items()}
        name = st.selectbox(tr("touch.neuron"), list(names), format_func=labels.get, key=NEURON_KEY)
        _sliders(spec, trained, names[name])
        changed = _changed_by_hand(trained)
        st.latex(neurons.formula(spec, network_of(spec, changed), names[name]))
        _scores(scene_of(spec), trained, changed)
        st.caption(tr("touch.measured"))
        _buttons()


def draw(run: Run, film_key: str, on_picked: Callable[[], None]) -> None:
    """The picture of the network as the learner has changed it."""
    trained = _trained(run)
    scene = scene_of(run.spec, (_changed_by_hand(trained),), run.rows)
    changed, chosen = len(hand().changes), session.value(NEURON_KEY)
    said = tr("film.touched", epoch=trained.epoch, n=changed) if changed else ""
    content = film_of(scene, f"hand {run.key}", play=False, chosen=chosen, said=said)
    film(content, Source.exact("source.touched", epoch=trained.epoch), film_key, on_picked)


def _trained(run: Run) -> Checkpoint:
    """The network as it was at the moment at which the learner put a hand in."""
    return next(checkpoint for checkpoint in run.checkpoints if checkpoint.epoch == hand().epoch)


def _changed_by_hand(trained: Checkpoint) -> Checkpoint:
    """The checkpoint with the learner's weights in it."""
    weights = [weight.copy() for weight in trained.weights]
    for (array, *index), value in hand().changes.items():
        weights[array][tuple(index)] = value
    return Checkpoint(trained.epoch, tuple(weights), trained.predicted, trained.confidence)


def _sliders(spec: PointsSpec, trained: Checkpoint, neuron: Neuron) -> None:
    """A slider for every weight into the neuron, and for its bias."""
    step = 2 if spec.bias else 1
    kernel = trained.weights[step * neuron.layer]
    sources = [tr("touch.weight", source=plain(name)) for name in neurons.input_names(spec, neuron.layer)]
    places: list[Place] = [(step * neuron.layer, row, neuron.unit) for row in range(len(kernel))]
    if spec.bias:
        places.append((step * neuron.layer + 1, neuron.unit))
        sources = [*sources, tr("touch.bias")]
    reach = float(max(LEAST_RANGE, np.ceil(1.5 * max(abs(_value(trained, place)) for place in places))))
    for first in range(0, len(places), COLUMNS):
        for column, place, source in zip(
            st.columns(COLUMNS), places[first : first + COLUMNS], sources[first : first + COLUMNS], strict=False
        ):
            with column:
                _slider(trained, place, source, reach)


def _value(trained: Checkpoint, place: Place) -> float:
    return float(trained.weights[place[0]][place[1:]])


def _slider(trained: Checkpoint, place: Place, source: str, reach: float) -> None:
    key = "points_weight_" + "_".join(map(str, place))
    before = hand().changes.get(place, _value(trained, place))
    session.put(key, float(np.clip(round(before, 2), -reach, reach)))
    st.slider(source, -reach, reach, step=0.01, key=key, on_change=_changed, args=(key, place))


def _changed(key: str, place: Place) -> None:
    hand().changes[place] = session.value(key)


def _scores(scene: Scene, trained: Checkpoint, changed: Checkpoint) -> None:
    """Loss and score of the network as it was and as it is now, on both sets."""
    before, now = (scores(scene, checkpoint) for checkpoint in (trained, changed))
    score = scene.spec.measures[1]
    form = ".1%" if scene.spec.classes else ".3f"
    shown = {("loss", "curve.training"): ".3g", (score, "curve.training"): form, ("loss", "curve.test"): ".3g", (score, "curve.test"): form}
    columns = [*st.columns(2), *st.columns(2)]
    for column, ((metric, part), how), old, new in zip(columns, shown.items(), before, now, strict=True):
        title = f"{tr(f'metric.{metric}')} · {tr(part)}"
        colour = "normal" if metric == "accuracy" else "inverse"
        delta = format(new - old, f"+{how}") if hand().changes else None
        column.metric(title, format(new, how), delta, delta_color=colour)


def scores(scene: Scene, checkpoint: Checkpoint) -> tuple[float, float, float, float]:
    """Loss and score on the points trained on, then on those held out; the loss with its penalties."""
    spec, (x, y) = scene.spec, scene.points
    network = network_of(spec, checkpoint)
    last = dense.forward(network, features(x.astype(float), spec.features))[-1]
    losses, right = _losses(spec, y, last) + _penalty(spec, network), _right(spec, y, last.outputs)
    parts = slice(0, scene.training), slice(scene.training, None)
    return tuple(float(values[part].mean()) for part in parts for values in (losses, right))


def _losses(spec: PointsSpec, y: np.ndarray, last: dense.Step) -> np.ndarray:
    if spec.classes and spec.loss == "cross_entropy":
        return cross_entropy(y, last.sums)
    return squared_error(np.eye(spec.classes)[y] if spec.classes > 2 else np.reshape(y, (-1, 1)), last.outputs)


def _penalty(spec: PointsSpec, network: list[dense.Layer]) -> float:
    """What the weights themselves add to the loss, wherever it is measured."""
    weights = np.concatenate([layer.kernel.ravel() for layer in network])
    return float(spec.l1 * np.abs(weights).sum() + spec.l2 * (weights**2).sum())


def _right(spec: PointsSpec, y: np.ndarray, outputs: np.ndarray) -> np.ndarray:
    return both_classes(outputs).argmax(axis=1) == y if spec.classes else np.abs(outputs - y).mean(axis=1)


def _buttons() -> None:
    with st.container(horizontal=True):
        changed = bool(hand().changes)
        st.button(tr("touch.undo"), key="points_undo", icon=":material/undo:", on_click=hand().changes.clear, disabled=not changed)
        st.button(tr("touch.end"), key="points_touch_end", icon=":material/movie:", on_click=_end)
