"""Exhibits of the GAN lesson: what of a game is on the stage, one step taken apart, a walk between two digits."""

from typing import Literal

from pydantic import Field

from ann_core.exhibits.base import Exhibit
from ann_core.spec import Rounded

WATCHED_DIGITS = 40
"""So many digits are on the sheet, numbered from 1."""


class StageExhibit(Exhibit):
    """What is shown of a game, at least one thing."""

    experiment = "stage"

    layers_shown: tuple[Literal["field", "real_points", "generated_points", "arrows", "bent_grid"], ...] = Field(
        ("field", "real_points", "generated_points", "arrows"), min_length=1
    )


class StepExhibit(Exhibit):
    """One step of a game that was played: of which player, after which share of the game, on how many points, how large."""

    experiment = "step"

    player: Literal["discriminator", "generator"] = "discriminator"
    progress: int = Field(5, ge=0, le=100)
    points_drawn: int = Field(6, ge=2, le=10)
    step_rate: Rounded = Field(0.1, ge=0.001, le=10.0)
    draw_number: int = Field(1, ge=1, le=99)


class WalkExhibit(Exhibit):
    """A walk from the noise of one generated digit to that of another: straight, or on an arc, which keeps the length of normal noise."""

    experiment = "walk"

    walk_from: int = Field(3, ge=1, le=WATCHED_DIGITS)
    walk_to: int = Field(6, ge=1, le=WATCHED_DIGITS)
    walk_path: Literal["straight", "arc"] = "arc"
