"""Who runs trainings, and where: worker processes by Dask."""

from ann_core.training.engine.engine import Engine

__all__ = ["Engine"]
