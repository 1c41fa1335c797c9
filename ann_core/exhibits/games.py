"""Exhibits of the GAN lesson: what of a game is on the stage."""

from typing import Literal

from pydantic import Field

from ann_core.exhibits.base import Exhibit


class StageExhibit(Exhibit):
    """What is shown of a game, at least one thing."""

    experiment = "stage"

    layers_shown: tuple[Literal["field", "real_points", "generated_points", "arrows", "bent_grid"], ...] = Field(
        ("field", "real_points", "generated_points"), min_length=1
    )
