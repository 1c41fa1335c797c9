"""Who runs trainings, and where: worker processes by Dask."""

from ann_core.training.engine.engine import BEHIND_LEARNERS, Engine

__all__ = ["BEHIND_LEARNERS", "Engine"]
