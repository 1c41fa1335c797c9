"""The experiments: one record each, which names all its parts.

Parts are named and not imported here: some of them need TensorFlow, which only workers have.
"""

from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from typing import Any

from ann_core.spec import Spec
from ann_core.specs import AttentionSpec, ConvolutionalSpec, FeedForwardSpec, GanDigitsSpec, GanSpec, PointsSpec, RecallSpec, RecurrentSpec


@dataclass(frozen=True)
class Part:
    """A function or a table of this package, `module:name`, imported when it is first asked for."""

    place: str

    @cached_property
    def found(self) -> Any:
        module, name = self.place.split(":")
        return getattr(import_module(f"ann_core.{module}"), name)

    def __call__(self, *arguments: Any) -> Any:
        return self.found(*arguments)


PLAIN_KERAS = Part("bench.fit:fit")


@dataclass(frozen=True)
class Timed:
    """How an experiment is timed by the bench: by a preset.

    Where all of it would take minutes, a part is: plain Keras trains so many `epochs`, both see a `share` of the examples.
    `fit(case, examples, timings)` trains it as anybody would write it.
    """

    preset: str
    epochs: int
    share: float = 1.0
    fit: Part = PLAIN_KERAS


@dataclass(frozen=True)
class Experiment:
    """An experiment, by its spec, and the functions that are its parts.

    - `examples(spec, own)`: what it trains on, and the source of that;
    - `start(spec)`: the weights before any training, by NumPy; of a game the generator's, then the discriminator's;
    - `answers(spec, weights, inputs)`: what the network with these weights says, by NumPy; of a game what its generator makes;
    - `network(spec)`: the untrained Keras model, of a game the generator's; `portable(spec)`: the same of Keras' own layers alone;
    - `objective(spec)`: what it is trained for; a game has losses of its own;
    - `training(examples, source, spec, recorder, should_stop, start)`: the run;
    - `notebook(run, own)`: the cells of its notebook;
    - `interventions`: the table of what can be broken in it.

    `data_fields` concern the data alone: a compiled loop sees them only as numbers. `own` is the field that says "own" where the
    data are the learner's. Where they are `images`, these may have to be downloaded. `kept` is the message that says what is kept
    of the network where that is not all of it.
    """

    spec: type[Spec]
    examples: Part
    start: Part
    answers: Part
    network: Part
    notebook: Part
    objective: Part | None = None
    portable: Part | None = None
    training: Part = Part("training.train:train_on")
    data_fields: frozenset[str] = frozenset()
    own: str = ""
    images: bool = False
    kept: str = ""
    interventions: Part | None = None
    timed: Timed | None = None


RECORDS = (
    Experiment(
        PointsSpec,
        examples=Part("training.examples.points:find"),
        start=Part("starts.points:starting_weights"),
        answers=Part("starts.points:answers"),
        network=Part("models.points:build"),
        objective=Part("models.points:objective"),
        notebook=Part("takeaway.points:cells"),
        interventions=Part("coaching.interventions.points:INTERVENTIONS"),
        data_fields=frozenset({"dataset", "points", "noise", "rare", "training_share", "balance", "features", "data_seed"}),
        own="dataset",
        timed=Timed("spiral", epochs=20),
    ),
    Experiment(
        FeedForwardSpec,
        examples=Part("training.examples.images:find"),
        start=Part("starts.feedforward:starting_weights"),
        answers=Part("starts.feedforward:answers"),
        network=Part("models.feedforward:build"),
        objective=Part("models.feedforward:objective"),
        notebook=Part("takeaway.images:cells"),
        interventions=Part("coaching.interventions.images:DENSE"),
        data_fields=frozenset({"dataset", "training_images", "scale_pixels", "shuffled_labels", "shuffled_pixels"}),
        images=True,
        timed=Timed("article", epochs=2),
    ),
    Experiment(
        ConvolutionalSpec,
        examples=Part("training.examples.images:find"),
        start=Part("starts.convolutional:starting_weights"),
        answers=Part("starts.convolutional:answers"),
        network=Part("models.convolutional:build"),
        objective=Part("models.feedforward:objective"),
        portable=Part("models.convolutional:portable"),
        notebook=Part("takeaway.images:cells"),
        interventions=Part("coaching.interventions.images:CONVOLUTIONAL"),
        data_fields=frozenset({"dataset", "training_images", "scale_pixels", "shuffled_pixels"}),
        images=True,
        timed=Timed("article", epochs=2, share=1 / 6),
    ),
    Experiment(
        RecurrentSpec,
        examples=Part("training.examples.recurrent:find"),
        start=Part("starts.recurrent:starting_weights"),
        answers=Part("starts.recurrent:answers"),
        network=Part("models.recurrent:build"),
        objective=Part("models.recurrent:objective"),
        notebook=Part("takeaway.recurrent:cells"),
        interventions=Part("coaching.interventions.recurrent:INTERVENTIONS"),
        data_fields=frozenset({"series", "length", "span", "noise", "normalise", "shuffled_order", "held_out"}),
        own="series",
        timed=Timed("article", epochs=100),
    ),
    Experiment(
        RecallSpec,
        examples=Part("training.examples.recall:find"),
        start=Part("starts.recall:starting_weights"),
        answers=Part("starts.recall:answers"),
        network=Part("models.recall:build"),
        objective=Part("models.recall:objective"),
        notebook=Part("takeaway.recall:cells"),
        interventions=Part("coaching.interventions.recall:INTERVENTIONS"),
        data_fields=frozenset({"task", "gap", "examples"}),
    ),
    Experiment(
        AttentionSpec,
        examples=Part("training.examples.attention:find"),
        start=Part("starts.attention:starting_weights"),
        answers=Part("starts.attention:answers"),
        network=Part("models.attention:build"),
        objective=Part("models.attention:objective"),
        notebook=Part("takeaway.attention:cells"),
        interventions=Part("coaching.interventions.attention:INTERVENTIONS"),
        data_fields=frozenset({"task", "length", "longer", "letters", "examples"}),
    ),
    Experiment(
        GanSpec,
        examples=Part("training.examples.gan:find"),
        start=Part("starts.gan:starting_weights"),
        answers=Part("starts.gan:answers"),
        network=Part("models.gan:generator"),
        training=Part("training.gan:play"),
        notebook=Part("takeaway.gan:cells"),
        interventions=Part("coaching.interventions.gan:INTERVENTIONS"),
        data_fields=frozenset({"target"}),
        own="target",
        kept="takeaway.generator",
        timed=Timed("default", epochs=20, fit=Part("bench.gan:fit")),
    ),
    Experiment(
        GanDigitsSpec,
        examples=Part("training.examples.gan_digits:find"),
        start=Part("starts.gan:starting_weights"),
        answers=Part("starts.gan:answers"),
        network=Part("models.gan:generator"),
        training=Part("training.gan:play"),
        notebook=Part("takeaway.gan:cells"),
        kept="takeaway.generator",
    ),
)

EXPERIMENTS: dict[str, Experiment] = {record.spec.experiment: record for record in RECORDS}
"""All experiments, by name."""

SPECS: dict[str, type[Spec]] = {name: record.spec for name, record in EXPERIMENTS.items()}
"""The spec class of every experiment."""


def experiment_of(spec: Spec) -> Experiment:
    """The experiment that a spec is of."""
    return EXPERIMENTS[spec.experiment]
