"""Worker processes of the engine's own, on this machine."""

import logging
import os
from contextlib import suppress
from typing import Any

import psutil

from ann_core.training.engine import jobs

FEW_CORES = 4
LONG = 5
"""So many long trainings may be in a worker at once: one goes on, the others wait there for their turn, and for shorter ones."""
HEAVY = {"training": 1}
"""Dask's resource of a worker's places for trainings; light tasks (downloads, exports) run beside them."""


def own_cluster() -> tuple[Any, int]:
    """A Dask cluster that only this process can reach, and how many trainings it does at once."""
    import dask
    from distributed import LocalCluster
    from distributed.security import Security

    dask.config.set({f"distributed.{role}.http.routes": [] for role in ("scheduler", "worker")})  # without TLS, to anybody here
    dask.config.set({f"distributed.nanny.environ.{name}": value for name, value in _environment().items()})
    count = 1 if (os.cpu_count() or 1) < FEW_CORES else os.cpu_count() // 2
    cluster = LocalCluster(
        n_workers=count,
        threads_per_worker=LONG + 2,  # one short one trains, one fetches and exports
        resources={"training": LONG + 1},
        processes=True,
        host="127.0.0.1",
        security=Security.temporary(),
        dashboard_address="127.0.0.1:0",
        memory_limit=None,
        silence_logs=logging.ERROR,
    )
    return cluster, count


def grown(cluster: Any, most_bytes: int) -> list[str]:
    """The addresses of those workers that take more memory than that."""
    full = []
    for worker in cluster.workers.values():
        with suppress(psutil.NoSuchProcess):  # it is being replaced
            if worker.pid and psutil.Process(worker.pid).memory_info().rss > most_bytes:
                full.append(worker.worker_address)
    return full


def _environment() -> dict[str, str]:
    # byte code kept: TensorFlow is imported in 6 s instead of 18
    polite = os.environ.get(jobs.NICE, "5")
    return {"PYTHONDONTWRITEBYTECODE": "", "TF_CPP_MIN_LOG_LEVEL": "2", "OPENBLAS_NUM_THREADS": "1", jobs.NICE: polite}
