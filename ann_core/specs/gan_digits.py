"""The experiment on handwritten digits that are imitated."""

from typing import Literal

from pydantic import Field

from ann_core.specs.gan import Beta, Game, Penalty, Players
from ann_core.specs.kinds import LearningRate


class GanDigitsSpec(Game):
    """Handwritten digits of 8×8 pixels, imitated."""

    experiment = "gan_digits"
    outputs = 64
    output_activation = "tanh"
    pictures = True
    presets = {
        "default": {},
        "wasserstein": {
            "loss": "wasserstein",
            "penalty": 1.0,
            "generator_rate": 0.0005,
            "discriminator_rate": 0.0005,
            "discriminator_steps": 2,
            "beta_1": 0.0,
            "beta_2": 0.9,
            "epochs": 120,
        },
        "no_penalty": {"penalty": 0.0},
    }

    noise_size: int = Field(32, ge=2, le=64)
    generator_layers: Players = (128, 128)
    discriminator_layers: Players = (128, 128)
    activation: Literal["relu", "leaky_relu", "tanh"] = "leaky_relu"
    penalty: Penalty = 0.5
    generator_rate: LearningRate = 0.001
    discriminator_rate: LearningRate = 0.001
    beta_2: Beta = 0.99
    epochs: int = Field(160, ge=1, le=400)

    @property
    def steepness(self) -> str:
        return super().steepness or "r1"
