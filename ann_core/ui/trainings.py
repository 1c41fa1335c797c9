"""The one engine of this server, and the trainings it has been asked for."""

import os
from collections.abc import Sequence
from concurrent.futures import Future

import streamlit as st

from ann_core.catalogue import LESSONS, Lesson
from ann_core.experiments import SPECS, experiment_of
from ann_core.spec import Spec
from ann_core.training.engine import BEHIND_LEARNERS, Engine, effort, jobs
from ann_core.training.engine.jobs import Assignment, Prepared
from ann_core.training.engine.tasks import Job, Task
from ann_core.training.examples import examples_of
from ann_core.training.records import DataSource, Run, TrainingFailed
from ann_core.ui import session
from ann_core.ui.language import tr

MOST_JOBS = 8
MANY_WATCHERS = 10
POLL_SECONDS = 0.25
POLL_SECONDS_MANY = POLL_SECONDS_WAKING = 1.0
POLL_SECONDS_SOON = 0.5
POLL_SECONDS_QUEUED = 2.0
SOON = 8  # jobs before a learner's own, of which the long ones make way


@st.cache_resource(show_spinner=False, on_release=Engine.close)
def engine() -> Engine:
    """The engine. `wake` starts it."""
    return Engine(at_once=False)


def wake(opened: str) -> None:
    """Start the engine, and let it get ready for all lessons, the opened one first, unless the configuration forbids it."""
    if engine().start() and os.environ.get("ANN_WARM_UP") != "none":
        engine().warm_up(_defaults(sorted(LESSONS, key=lambda entry: entry.key != opened)))


def _defaults(lessons: Sequence[Lesson]) -> list[Spec]:
    """The default presets of these lessons."""
    return [SPECS[experiment].preset("default") for entry in lessons for experiment in entry.experiments]


def _released(job: Job) -> None:
    if not job.watchers:
        job.cancel()


@st.cache_resource(max_entries=MOST_JOBS, on_release=_released, show_spinner=False)
def training_job(key: str, _assignments: tuple[Assignment, ...], _priority: int = 0, together: bool = False) -> Job:
    """The cached training: one job for all learners who ask for the same specs on the same data."""
    return engine().submit(_assignments, _priority, together)


@st.cache_resource(max_entries=1, show_spinner=False)
def _job_aside(spec_key: str, _spec: Spec) -> Job:
    assignments = (assignment_to(_spec, None),)
    return training_job(_key(assignments, [found(_spec)]), assignments, BEHIND_LEARNERS)


def aside(spec: Spec) -> Run | None:
    """The run of a training that this server makes by itself, once, when no learner waits; None until it is there.

    Only of data that are generated. Whoever trains the same gets this run.
    """
    if os.environ.get("ANN_WARM_UP") == "none":
        return None
    job = _job_aside(spec.key(), spec)
    return job.result()[0] if job.state == "finished" else None


def open_job(assignments: Sequence[Assignment], together: bool = False) -> Job | None:
    """The job of these trainings, new or shared, with this learner watching it and no other; None while their data are looked for.

    Several are trained one after the other or, `together`, in turns.
    Raises `TrainingFailed` where there are no data, or where it is more work than this server allows.
    """
    assignments, sources = tuple(assignments), [found(each.spec) for each in assignments]
    if None in sources:
        return None
    done = [each.start.epochs if each.start else 0 for each in assignments]
    effort.check([effort.effort(each.spec, *rest) for each, *rest in zip(assignments, sources, done, strict=True)])
    key = _key(assignments, sources)
    job = training_job(key, assignments, together=together)
    if not job.reusable:
        training_job.clear(key, assignments, together=together)
        job = training_job(key, assignments, together=together)
    session.watcher().follow(job)
    return job


def _key(assignments: Sequence[Assignment], sources: Sequence[DataSource]) -> str:
    fingerprints = sorted({source.fingerprint for source in sources})
    own = [session.watcher().id for assignment in assignments if assignment.own is not None]  # a learner's own data stay theirs
    return "|".join([*(assignment.spec.key() for assignment in assignments), *fingerprints, *own])


@st.cache_resource(show_spinner=False)
def _preparation(dataset: str) -> Task:
    task = engine().call(jobs.prepare_images, dataset)
    task.outcome.add_done_callback(lambda outcome: _warm_up_for(dataset, outcome))
    return task


def _warm_up_for(dataset: str, outcome: Future) -> None:
    """Images that have just come are more than those that were there: compile for their number."""
    if not outcome.cancelled() and not outcome.exception() and outcome.result().data.source == "download":
        engine().warm_up([spec for spec in _defaults(LESSONS) if getattr(spec, "dataset", None) == dataset])


def preparation(dataset: str) -> Task:
    """The search for a data set, one for all learners; begun at the first call, and anew where its engine has gone."""
    if _preparation(dataset).outcome.cancelled():
        prepare_again(dataset)
    return _preparation(dataset)


def prepared(dataset: str) -> Prepared | None:
    """What was found of a data set; None while the search goes on. Raises `TrainingFailed` where it failed."""
    task = preparation(dataset)
    return task.result() if task.done else None


def search_words(dataset: str) -> str:
    """How far the search for a data set is."""
    message = preparation(dataset).message
    if message is None:
        return tr("data.looking")
    share = f"{message.done / message.total:.0%}" if message.total else f"{message.done / 1e6:.1f} MB"
    return tr("data.downloading", file=message.file, share=share)


def prepare_again(dataset: str) -> None:
    """Look for a data set once more."""
    _preparation.clear(dataset)


def found(spec: Spec) -> DataSource | None:
    """The data that a spec would be trained on now; None while they are looked for. Raises `TrainingFailed` where there are none."""
    if experiment_of(spec).images:
        images = prepared(spec.dataset)
        return images and images.data
    return examples_of(spec, session.own_data_for(spec))[1]


def open_for(specs: Sequence[Spec]) -> Job | None:
    """The job that trains these specs from the start; while their data are looked for, the learner is told so. As `open_job`."""
    job = open_job([assignment_to(spec, None) for spec in specs])
    if job is None:
        st.toast(tr("data.looking"))
    return job


def still_current(run: Run) -> bool:
    """Whether a run was made on the data that would be used now, as far as one can tell."""
    try:
        source = found(run.spec)
    except TrainingFailed:
        return run.data.asked != "own"
    return source is None or source.fingerprint == run.data.fingerprint


def poll_seconds(job: Job | None) -> float:
    """How often to look after a job: less often while TensorFlow is imported, for drawing takes time from that, and in the queue."""
    if not engine().awake:
        return POLL_SECONDS_WAKING
    if job is not None and not job.started and (before := engine().position(job)):
        return POLL_SECONDS_SOON if before <= SOON else POLL_SECONDS_QUEUED
    return POLL_SECONDS_MANY if job is not None and len(job.watchers) >= MANY_WATCHERS else POLL_SECONDS


def assignment_to(spec: Spec, run: Run | None) -> Assignment:
    """A training of this spec that goes on from a run, where that run is its beginning."""
    own = session.own_data_for(spec)
    if run is None or not run.state or run.epochs >= spec.epochs or not spec.begins_as(run.spec, run.epochs):
        return Assignment(spec, own=own)
    return Assignment(spec, run, own)
