"""The experiment on games: a generator against a discriminator."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from ann_core.spec import Rounded, Spec
from ann_core.specs.kinds import LearningRate, Seed

Players = Annotated[tuple[Annotated[int, Field(ge=1, le=128)], ...], Field(max_length=3)]
Beta = Annotated[Rounded, Field(ge=0.0, le=0.999)]
UPDATES_A_ROUND = 50


class GanSpec(Spec):
    """Points in the plane, imitated: a generator against a discriminator.

    A round is `UPDATES_A_ROUND` turns, and counts as an epoch. At each turn the discriminator is updated `discriminator_steps`
    times, then the generator once. `penalty` weighs the gradient penalty of the Wasserstein loss.
    """

    experiment = "gan"
    measures = ("discriminator_loss", "generator_loss")
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

    target: Literal["eight_clouds", "nine_clouds", "ring", "line", "moons", "spiral", "own"] = "eight_clouds"
    noise_size: Literal[1, 2] = 2
    noise_kind: Literal["normal", "uniform"] = "normal"
    generator_layers: Players = (64, 64)
    discriminator_layers: Players = (64, 64)
    activation: Literal["relu", "leaky_relu", "tanh"] = "relu"
    loss: Literal["minimax", "non_saturating", "least_squares", "wasserstein"] = "non_saturating"
    penalty: Rounded = Field(0.1, ge=0.0, le=10.0)
    optimiser: Literal["adam", "rmsprop", "sgd"] = "adam"
    generator_rate: LearningRate = 0.001
    discriminator_rate: LearningRate = 0.001
    beta_1: Beta = 0.5
    beta_2: Beta = 0.9
    discriminator_steps: int = Field(1, ge=1, le=10)
    batch_size: Annotated[int, Field(ge=8, le=256)] = 64
    epochs: int = Field(100, ge=1, le=400)
    seed: Seed = 1

    classes: ClassVar = 0

    @property
    def metrics(self) -> tuple[str, ...]:
        return self.measures

    @classmethod
    def inapplicable(cls, values: Mapping[str, Any]) -> Iterable[str]:
        if values["loss"] != "wasserstein":
            yield "penalty"
        if values["optimiser"] != "adam":
            yield from ("beta_1", "beta_2")
