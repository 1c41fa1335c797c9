"""Slow motion for images: one batch on its way through the drawn network, forward, the loss, back, and the weights that move."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st

from ann_core.charts.batch import images as charts
from ann_core.charts.batch.images import Answers, Layer, Phase
from ann_core.charts.film import Panel, packed
from ann_core.charts.networks.convolution import Titles
from ann_core.charts.networks.images import MOST_SHOWN
from ann_core.lessons.feedforward.picture import over_pixels
from ann_core.lessons.feedforward.slow.shown import PACE, Motion, Movements, numbers
from ann_core.lessons.feedforward.slow.step import Batch, taken_apart
from ann_core.maths.networks import dense
from ann_core.specs import FeedForwardSpec
from ann_core.training.examples import Examples, examples_of
from ann_core.training.examples.images import WHITE
from ann_core.training.moments import Moment
from ann_core.training.records import Checkpoint, Run
from ann_core.ui import session
from ann_core.ui.figures.figure import Source
from ann_core.ui.figures.film import film, words
from ann_core.ui.figures.images import known, names_of, some_of
from ann_core.ui.language import current, digits, labels, sentences, tr

MOTION = Motion("feedforward")
WHOSE, FILM, PICK = "feedforward_slow_whose", "feedforward_slow_film", "image."


@dataclass
class Chosen:
    """Which image of the batch is followed, from 0."""

    image: int = 0


@dataclass(frozen=True)
class Scene:
    """A step of a spec, of these examples and class names; `image` of the batch is followed, or where it is None the mean of all."""

    spec: FeedForwardSpec
    examples: Examples
    classes: Sequence[str]
    checkpoint: Checkpoint
    image: int | None


def button(spec: FeedForwardSpec, checkpoints: Sequence[Checkpoint], key: str) -> None:
    """Where the images are at hand, and a step can be taken apart: begin."""
    if known(spec.dataset):
        MOTION.button(spec, checkpoints, key)


def draw(spec: FeedForwardSpec, checkpoints: Sequence[Checkpoint], run: Run | None) -> None:
    """One step of a run, or the first one of a network that is not trained yet."""
    chosen = session.kept("_feedforward_slow_chosen", Chosen)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kinds = ("one", "mean")
        described = {"format_func": labels("slow.whose", kinds), "key": WHOSE, "required": True}
        whose = st.segmented_control(tr("slow.whose"), kinds, default="one", **described)
        checkpoint = MOTION.chosen(spec, checkpoints)
    examples, source = examples_of(spec)
    if run is not None and run.data.fingerprint != source.fingerprint:
        st.info(tr("probe.no_images"), icon=":material/image_not_supported:")
        return
    image = chosen.image if whose == "one" else None
    scene = Scene(spec, examples, names_of(source.name), checkpoint, image)
    content = _film(spec.key(), source.fingerprint, checkpoint.moment, image, MOTION.times, current(), scene)
    film(content, Source.weights(run, checkpoint.moment) if run else Source.untrained(spec), FILM, _picked)
    st.caption(sentences(tr("slow.images.how"), *[tr("slow.penalties")] * bool(spec.l2)))


def _picked() -> None:
    """An image of the batch was clicked: it is the one to follow."""
    picked = session.value(FILM)["picked"]
    if picked and picked.get("pick", "").startswith(PICK):
        session.kept("_feedforward_slow_chosen", Chosen).image = int(picked["pick"].removeprefix(PICK))
        session.put(WHOSE, "one")


@st.cache_resource(max_entries=48, show_spinner=False)
def _film(spec: str, data: str, moment: Moment, image: int | None, times: int, language: str, _scene: Scene) -> bytes:
    return film_of(_scene, f"slow {times} {spec} {data} {moment}")


def film_of(scene: Scene, name: str) -> bytes:
    """The film of the step that follows a checkpoint."""
    spec, apart = scene.spec, taken_apart(scene.spec, scene.examples, scene.checkpoint)
    followed = np.arange(len(apart.rows)) if scene.image is None else np.array([scene.image % len(apart.rows)])
    told = _Told(scene, apart, followed, Movements(len(spec.activations)))
    return packed([told.network(), told.batch()], told.captions(), words(), name, play=True, pace=PACE)


@dataclass(frozen=True)
class _Told:
    """What is told of a step: of the images of the batch that are `followed`, (n,), the mean, which of one is itself."""

    scene: Scene
    apart: Batch
    followed: np.ndarray
    times: Movements

    def mean(self, values: np.ndarray) -> np.ndarray:
        """The mean of the images followed, of values (batch, …)."""
        return values[self.followed].mean(axis=0)

    @property
    def afterwards(self) -> list[dense.Step]:
        """What the layers make of the images that are followed once the weights have moved."""
        x = self.scene.examples.x[self.apart.rows[self.followed]]
        return dense.forward(self.apart.after, x.reshape(len(x), -1) / self.scene.examples.divisor)

    @property
    def pictures(self) -> np.ndarray:
        """The images of the batch, of 0 … 1, as they are seen by people: (batch, 28, 28)."""
        x = self.scene.examples.x[self.apart.rows]
        return over_pixels(self.scene.spec, x.reshape(len(x), -1)) / WHITE

    @property
    def wanted(self) -> np.ndarray:
        """The probabilities that would be right, (batch, classes)."""
        return np.eye(len(self.scene.classes))[self.scene.examples.y[self.apart.rows]]

    def network(self) -> Panel:
        """The drawn network with what moves in it."""
        hidden, after = len(self.scene.spec.hidden_units), self.afterwards
        layers = [self._layer(depth, after) for depth in range(max(hidden, 1))]
        titles = Titles(tr("slow.images"), tr("slow.images.alt"))
        kinds = [tr(f"slow.images.{kind}") for kind in ("tiles", "frames", "lines")]
        return charts.step_panel(titles, self.mean(self.pictures), self._followed_words, layers, self._answers(after), kinds)

    def _layer(self, depth: int, after: Sequence[dense.Step]) -> Layer:
        spec, apart = self.scene.spec, self.apart
        outputs = np.stack([self.mean(apart.steps[depth].outputs), after[depth].outputs.mean(axis=0)])[:, :MOST_SHOWN]
        errors = Phase("δ", self.mean(apart.deltas[depth])[None, :MOST_SHOWN], self._is_back(depth))
        frames = [Phase("a", outputs[self.times.afterwards], self._is_forward(depth)), errors]
        tiles = self._tiles() if not depth else ()
        name = tr("layer.hidden" if spec.hidden_units else "looking.weights")
        lines = self._lines(depth + 1, outputs) if spec.hidden_units else ()
        return Layer(some_of(name, apart.network[depth].kernel.shape[1]), frames, tiles, lines)

    def _tiles(self) -> list[Phase]:
        """The weights of the first layer over their pixels; how the mean loss changes with each; by how much each moves."""

        def placed(kernel: np.ndarray) -> np.ndarray:
            return over_pixels(self.scene.spec, kernel.T[:MOST_SHOWN])

        before, after = (placed(network[0].kernel) for network in (self.apart.network, self.apart.after))
        still = (self.times.times < self.times.back(0)) | (self.times.times > self.times.change)
        weights = Phase("W", np.stack([before, after])[self.times.afterwards], still)
        return [weights, self._slopes(0, placed(self.apart.gradients[0].kernel)), self._change(after - before)]

    def _lines(self, depth: int, outputs: np.ndarray) -> list[Phase]:
        """What a layer is given by each unit of the one before; then the same for its weights as for those of tiles."""

        def drawn(layers: Sequence[dense.Layer]) -> np.ndarray:
            return layers[depth].kernel[:MOST_SHOWN, :MOST_SHOWN]

        before, after = drawn(self.apart.network), drawn(self.apart.after)
        gives = outputs[:, :, None] * np.stack([before, after])
        forward = Phase("a · w", gives[self.times.afterwards], self._is_forward(depth))
        return [forward, self._slopes(depth, drawn(self.apart.gradients)), self._change(after - before)]

    def _slopes(self, depth: int, values: np.ndarray) -> Phase:
        return Phase("∂L/∂W", values[None], self._is_back(depth))

    def _change(self, values: np.ndarray) -> Phase:
        return Phase("ΔW", values[None], self.times.times == self.times.change)

    def _is_forward(self, depth: int) -> np.ndarray:
        """Whether the batch has come to a layer and the error has not; at the end it goes forward once more."""
        when, times = self.times.times, self.times
        return ((when > depth) & (when < times.back(depth))) | (when > times.change)

    def _is_back(self, depth: int) -> np.ndarray:
        """Whether the error has come to a layer, and its weights have not moved yet."""
        return (self.times.times >= self.times.back(depth)) & (self.times.times < self.times.change)

    def _answers(self, after: Sequence[dense.Step]) -> Answers:
        when, times, last = self.times.times, self.times, self.times.layers - 1
        before = Phase("p", self.mean(self.apart.steps[-1].outputs)[None], (when > last) & (when <= times.change))
        shares = [before, Phase("p", after[-1].outputs.mean(axis=0)[None], when > times.change)]
        wanted = Phase("y", self.mean(self.wanted)[None], when >= times.loss)
        errors = Phase("δ = p − y", self.mean(self.apart.deltas[-1])[None], self._is_back(last))
        return Answers(tr("layer.output"), self.scene.classes, shares, wanted, errors)

    def batch(self) -> Panel:
        """The images of the batch, and what each of them loses before the step and after it."""
        drawn, count = slice(charts.MOST_IMAGES), len(self.apart.rows)
        before, after = (losses[None, drawn] for losses in (self.apart.losses, self.apart.losses_after))
        named = tr("slow.losses.before"), tr("slow.losses.after")
        phases = [
            Phase(named[0], before, self.times.times >= self.times.loss),
            Phase(named[1], after, self.times.times > self.times.change),
        ]
        titles = Titles(some_of_batch(count), tr("slow.images.batch.alt"))
        longest = tr("slow.images.longest", loss=digits(max(phase.greatest for phase in phases)))
        chosen = None if self.scene.image is None else int(self.followed[0])
        return charts.batch_panel(titles, self.pictures[drawn], phases, chosen, PICK, [longest, *named])

    def captions(self) -> list[str]:
        """What happens in each movement, in numbers."""
        spec, apart, times = self.scene.spec, self.apart, self.times
        whose = "mean" if self.scene.image is None else "one"
        said = [self._batch_words()]
        for layer, step in enumerate(apart.steps):
            values = {"sums": numbers(self.mean(step.sums)), "outputs": numbers(self.mean(step.outputs))}
            said.append(tr(f"slow.{whose}.forward", layer=layer + 1, function=tr(f"choice.{spec.activations[layer]}"), **values))
        losses = {"mean": digits(apart.losses.mean()), "least": digits(apart.losses.min()), "most": digits(apart.losses.max())}
        if whose == "mean":
            said.append(tr("slow.mean.loss", **losses))
        else:
            share = float((apart.steps[-1].outputs * self.wanted)[self.followed].sum())
            said.append(tr("slow.one.loss", share=digits(share), loss=digits(self.mean(apart.losses)), **losses))
        for layer in reversed(range(times.layers)):
            kernel = apart.gradients[layer].kernel
            values = {"deltas": numbers(self.mean(apart.deltas[layer])), "low": digits(kernel.min()), "high": digits(kernel.max())}
            said.append(tr(f"slow.{whose}.back", layer=layer + 1, **values))
        moved = max(float(np.abs(now.kernel - before.kernel).max()) for before, now in zip(apart.network, apart.after, strict=True))
        said.append(tr("slow.change", optimiser=tr(f"choice.{spec.optimiser}"), most=digits(moved)))
        batch = {"before": digits(apart.losses.mean()), "after": digits(apart.losses_after.mean())}
        own = {"own_before": digits(self.mean(apart.losses)), "own_after": digits(self.mean(apart.losses_after))}
        return [*said, tr("slow.mean.after", **batch) if whose == "mean" else tr("slow.one.after", **own, **batch)]

    def _batch_words(self) -> str:
        counts = {"count": len(self.apart.rows), "all": f"{len(self.scene.examples.x):,}"}
        if self.scene.image is None:
            return tr("slow.mean.batch", **counts)
        return tr("slow.one.batch", number=int(self.followed[0]) + 1, name=self._label, **counts)

    @property
    def _followed_words(self) -> list[str]:
        """Which image is followed, and its label; or that it is the mean of all."""
        count = len(self.apart.rows)
        if self.scene.image is None:
            return [tr("slow.mean.followed", count=count)]
        return [tr("slow.one.followed", number=int(self.followed[0]) + 1, count=count), tr("slow.one.label", name=self._label)]

    @property
    def _label(self) -> str:
        """What the image that is followed is called where the network learns from it."""
        return self.scene.classes[self.scene.examples.y[self.apart.rows[self.followed[0]]]]


def some_of_batch(count: int) -> str:
    """What stands above the images of a batch of so many, of which not all may be drawn."""
    shown = charts.MOST_IMAGES
    return tr("slow.points") if count <= shown else tr("looking.some", name=tr("slow.points"), shown=shown, units=count)
