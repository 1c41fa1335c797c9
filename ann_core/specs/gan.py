"""The experiments on games: a generator against a discriminator."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, Field

from ann_core.spec import Rounded, Spec
from ann_core.specs.kinds import MOST_LEGS, AnyLeg, LearningRate, Seed, one_after_another

Players = Annotated[tuple[Annotated[int, Field(ge=1, le=128)], ...], Field(max_length=3)]
Penalty = Annotated[Rounded, Field(ge=0.0, le=10.0)]
BatchSize = Annotated[int, Field(ge=8, le=256)]
Beta = Annotated[Rounded, Field(ge=0.0, le=0.999)]
Loss = Literal["minimax", "non_saturating", "least_squares", "wasserstein"]
Playing = Literal["both", "generator", "discriminator"]
Target = Literal["eight_clouds", "nine_clouds", "ring", "line", "moons", "spiral", "own"]
UPDATES_A_ROUND = 50


class GameLeg(AnyLeg):
    """A part of a game: who plays, for what, how fast; and what is imitated, where that may change."""

    between: ClassVar = "!"

    generator_rate: LearningRate
    discriminator_rate: LearningRate
    penalty: Penalty
    loss: Loss
    playing: Playing
    target: Target = "eight_clouds"


GameLegs = Annotated[tuple[GameLeg, ...], AfterValidator(one_after_another), Field(max_length=MOST_LEGS)]


class Game(Spec):
    """A generator against a discriminator.

    A round is `UPDATES_A_ROUND` turns, and counts as an epoch. At each turn the discriminator is updated `discriminator_steps`
    times, then the generator once; where only one of them is `playing`, the other stays as it is. `penalty` weighs what the
    discriminator pays for its `steepness`.
    """

    measures = ("discriminator_loss", "generator_loss")
    outputs: ClassVar[int]
    output_activation: ClassVar[str] = "linear"
    pictures: ClassVar[bool] = False
    classes: ClassVar = 0

    noise_size: int
    noise_kind: Literal["normal", "uniform"] = "normal"
    generator_layers: Players
    discriminator_layers: Players
    activation: Literal["relu", "leaky_relu", "tanh"]
    loss: Loss = "non_saturating"
    penalty: Penalty
    optimiser: Literal["adam", "rmsprop", "sgd"] = "adam"
    generator_rate: LearningRate
    discriminator_rate: LearningRate
    beta_1: Beta = 0.5
    beta_2: Beta = 0.9
    discriminator_steps: int = Field(1, ge=1, le=10)
    batch_size: BatchSize = 64
    playing: Playing = "both"
    epochs: int
    seed: Seed = 1
    legs: GameLegs = ()

    @property
    def metrics(self) -> tuple[str, ...]:
        return self.measures

    def examples_an_epoch(self, training: int) -> int:
        return UPDATES_A_ROUND * self.batch_size * (self.discriminator_steps + 1)

    @property
    def steepness(self) -> str:
        """What the discriminator pays for the slope of its scores: nothing, where this is empty."""
        return "gradient" if self.loss == "wasserstein" else ""

    @classmethod
    def inapplicable(cls, values: Mapping[str, Any]) -> Iterable[str]:
        if values["optimiser"] != "adam":
            yield from ("beta_1", "beta_2")


class GanSpec(Game):
    """Points in the plane, imitated."""

    experiment = "gan"
    outputs = 2
    presets = {
        "default": {},
        "least_squares": {"loss": "least_squares"},
        "wasserstein": {"loss": "wasserstein", "discriminator_steps": 2, "beta_1": 0.0, "epochs": 80},
        "collapse": {
            "generator_layers": (32, 32),
            "discriminator_layers": (32, 32),
            "generator_rate": 0.01,
            "discriminator_rate": 0.0005,
            "beta_1": 0.9,
            "beta_2": 0.999,
            "epochs": 60,
        },
    }

    target: Target = "eight_clouds"
    noise_size: Literal[1, 2] = 2
    generator_layers: Players = (64, 64)
    discriminator_layers: Players = (64, 64)
    activation: Literal["relu", "leaky_relu", "tanh"] = "relu"
    penalty: Penalty = 0.1
    generator_rate: LearningRate = 0.001
    discriminator_rate: LearningRate = 0.001
    epochs: int = Field(100, ge=1, le=2_000)

    @classmethod
    def inapplicable(cls, values: Mapping[str, Any]) -> Iterable[str]:
        yield from super().inapplicable(values)
        if values["loss"] != "wasserstein":
            yield "penalty"

    def in_legs(self) -> tuple[tuple[int, Self], ...]:
        """The same; what a learner has painted is not part of a spec, and neither left nor taken up on the way."""
        own = "own" in (self.target, *(leg.target for leg in self.legs))
        return tuple((last, leg.changed(target=self.target) if own else leg) for last, leg in super().in_legs())

    def may_turn_to(self, wanted: Self) -> bool:
        return super().may_turn_to(wanted) and (self.target == wanted.target or "own" not in (self.target, wanted.target))
