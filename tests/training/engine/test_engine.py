import os
import signal
import subprocess
import sys
import time

import numpy as np
import psutil
import pytest

from ann_core.specs import FeedForwardSpec
from ann_core.training.engine import Engine, jobs
from ann_core.training.records import TrainingFailed
from ann_core.training.train import train
from tests.patience import PATIENCE, wait_for

LONG = {"epochs": 100, "batch_size": 1}


def workers():
    """Processes below this one that have imported TensorFlow's library, or will: Dask's workers."""
    children = psutil.Process().children(recursive=True)
    return [child for child in children if "spawn_main" in " ".join(child.cmdline())]


def test_a_job_gives_what_train_gives(engine, small_spec, small_run):
    job = engine.submit([small_spec])
    assert (job.result(PATIENCE)[0].rows == small_run.rows).all()
    snapshot = job.snapshot()
    assert (snapshot.state, snapshot.share, snapshot.error) == ("finished", 1.0, None)
    assert (snapshot.parts[0].rows == small_run.rows).all()


def test_several_specs_are_one_job(engine, small_spec):
    runs = engine.submit([small_spec, small_spec.changed(scale_pixels=False)]).result(PATIENCE)
    assert [run.spec.scale_pixels for run in runs] == [True, False]


def test_jobs_wait_in_order(engine, small_spec):
    first, second, third = (engine.submit([small_spec.changed(seed=seed, **LONG)]) for seed in (1, 2, 3))
    assert [job.state for job in (second, third)] == ["queued"] * 2
    assert [engine.position(job) for job in (first, second, third)] == [0, 1, 2]
    wait_for(lambda: first.snapshot().stage == "training")
    second.cancel()
    wait_for(lambda: second.done)
    assert second.state == "stopped"
    assert engine.position(third) == 1
    third.cancel()
    first.cancel()
    run = first.result(PATIENCE)[0]
    assert first.state == "stopped"
    assert not run.complete
    assert not first.reusable


def test_what_is_short_does_not_wait_for_what_is_long(engine, small_spec, small_run):
    """It is trained in the middle of long ones, which go on where they were, in their order, and learn what they would have learnt."""
    long = LONG | {"hidden_units": (128, 128)}
    first, second = (engine.submit([small_spec.changed(seed=seed, **long)]) for seed in (31, 32))
    wait_for(lambda: first.long and second.long and second.snapshot().stage == "held")
    short = engine.submit([small_spec])
    np.testing.assert_array_equal(short.result(PATIENCE)[0].rows, small_run.rows)
    assert [first.done, second.done] == [False, False]
    before = first.snapshot().parts[0].epochs
    wait_for(lambda: first.snapshot().parts[0].epochs > max(before, 3))
    second.cancel()
    wait_for(lambda: second.done)
    first.cancel()
    stopped = first.result(PATIENCE)[0]
    np.testing.assert_array_equal(stopped.rows[:3], train(small_spec.changed(seed=31, **long | {"epochs": 3})).rows)


def test_the_last_watcher_ends_the_job(engine, small_spec):
    job = engine.submit([small_spec.changed(seed=11, **LONG)])
    job.watch("one")
    job.watch("two")
    wait_for(lambda: job.snapshot().stage == "training")
    job.leave("one")
    time.sleep(0.5)
    assert job.snapshot().state == "running"
    job.leave("two")
    wait_for(lambda: job.done)
    assert job.state == "stopped"


def test_light_tasks_run_beside_a_training(engine, small_spec):
    job = engine.submit([small_spec.changed(seed=12, **LONG)])
    wait_for(lambda: job.snapshot().stage == "training")
    assert engine.call(jobs.prepare_images, "digits").result(PATIENCE).data.name == "digits"
    assert job.snapshot().state == "running"
    job.cancel()


def test_a_part_can_be_taken_out_of_a_job_that_goes_on(engine, small_spec):
    job = engine.submit([small_spec.changed(seed=13, epochs=100)])
    wait_for(lambda: len(job.snapshot().parts[0].checkpoints) > 3)
    snapshot = job.snapshot()
    run = snapshot.parts[0].run()
    assert run.epochs == run.final.epoch == len(run.rows)
    assert (run.rows == job.result(PATIENCE)[0].rows[: run.epochs]).all()


def test_every_failure_is_plain():
    def broken(message):
        if message.stage == "starting":
            return
        raise ZeroDivisionError("inside")

    with pytest.raises(TrainingFailed) as caught:
        jobs.run_trainings([jobs.Assignment(FeedForwardSpec(dataset="digits", epochs=1))], broken, lambda: False)
    assert caught.value.code == "unexpected"
    assert "ZeroDivisionError" in caught.value.values["detail"]


def test_the_trained_network_travels_as_a_file(engine, small_run, tmp_path):
    import keras
    import numpy as np

    from ann_core.data import images

    file = tmp_path / "model.keras"
    file.write_bytes(engine.call(jobs.keras_file, small_run).result(PATIENCE))
    outputs = keras.saving.load_model(file).predict(images.load("digits").x_test / np.float32(255), verbose=0)
    np.testing.assert_allclose(outputs, small_run.predictions, atol=1e-6)


def test_a_killed_worker_is_replaced_and_the_training_done_again(small_spec):
    spec = small_spec.changed(epochs=40, batch_size=2)
    with Engine() as engine:
        engine.ready.wait(PATIENCE)
        job = engine.submit([spec])
        wait_for(lambda: job.snapshot().share > 0.1)
        victim = max(workers(), key=lambda process: process.memory_info().rss if process.pid not in known_before(engine) else 0)
        os.kill(victim.pid, signal.SIGKILL)
        run = job.result(PATIENCE)[0]
        told = job.parts[0].rows
        assert job.snapshot().state == "finished"
    assert (run.rows == train(spec).rows).all()
    assert (told == run.rows[: len(told)]).all(), "nothing is told twice"


def known_before(engine):
    """Worker processes of other engines in this test run."""
    own = {worker.worker_address: worker.pid for worker in engine.cluster.workers.values()}
    return {process.pid for process in workers()} - set(own.values())


def test_the_engine_imports_no_tensorflow():
    code = (
        "import sys, ann_core.training.engine, ann_core.takeaway.notebook;"
        "print([name for name in ('tensorflow', 'keras', 'sklearn', 'streamlit') if name in sys.modules])"
    )
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert printed.strip() == "[]"


def test_an_existing_cluster_is_used(small_spec, small_run, monkeypatch):
    from distributed import LocalCluster

    with LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address="127.0.0.1:0") as cluster:
        monkeypatch.setenv("DASK_SCHEDULER_ADDRESS", cluster.scheduler_address)
        with Engine() as engine:
            assert (engine.submit([small_spec]).result(PATIENCE)[0].rows == small_run.rows).all()
            assert engine.cluster is None
            assert engine.call(jobs.prepare_images, "digits").result(PATIENCE).data.name == "digits"


def test_no_scheduler_at_the_address_is_told(small_spec):
    with Engine("tcp://127.0.0.1:1") as engine:
        with pytest.raises(TrainingFailed) as caught:
            engine.submit([small_spec]).result(PATIENCE)
        assert caught.value.code == "no_engine"


def test_jobs_go_before_warming_up(engine, small_spec):
    warm = [small_spec.changed(hidden_units=(units,)) for units in (21, 22, 23, 24)]
    engine.warm_up(warm)
    idle = [task for task in engine.tasks.values() if task.priority < 0]
    assert len(idle) == 4
    engine.submit([small_spec]).result(PATIENCE)
    assert [task.done for task in idle][-1] is False
    assert [task.result(PATIENCE) for task in idle] == [None] * 4


def test_a_worker_that_has_grown_too_large_is_renewed_between_jobs(small_spec, small_run):
    with Engine(most_worker_bytes=1) as engine:
        assert (engine.submit([small_spec]).result(PATIENCE)[0].rows == small_run.rows).all()
        first = set(engine.client.scheduler_info()["workers"])
        wait_for(lambda: set(engine.client.scheduler_info()["workers"]) not in (first, set()))
        assert (engine.submit([small_spec]).result(PATIENCE)[0].rows == small_run.rows).all()
