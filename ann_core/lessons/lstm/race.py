"""Train it: several cells learn the same task in one job, in turns, and are seen side by side as they learn."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import streamlit as st

from ann_core.catalogue import Lesson
from ann_core.lessons.lstm.lockstep import reel
from ann_core.lessons.lstm.racers import cell_parameters, names_of, racers
from ann_core.probing import recall
from ann_core.spec import bounds
from ann_core.specs import RecallSpec
from ann_core.training.engine.jobs import Assignment
from ann_core.training.engine.tasks import Job, Part
from ann_core.training.examples import HELD_OUT_SEQUENCES
from ann_core.training.records import Run, TrainingFailed
from ann_core.ui import session, trainings, turns
from ann_core.ui.inputs import controls
from ann_core.ui.language import sentences, tr
from ann_core.ui.page import address, frame
from ann_core.ui.workbench import panel
from ann_core.ui.workbench.stage import Settings, stage

EXPERIMENT, EXHIBIT = "recall", "race"
SETTINGS = Settings(
    ("task", "gap", "units", "learning_rate", "epochs"),
    {
        "network": ("start", "input_gate"),
        "learning": ("optimiser", "momentum", "clip_norm", "batch_size"),
        "more": ("examples", "seed"),
    },
)


@dataclass
class Race:
    """This learner's race: the job while it goes on and the names of those in it; then the run of each, or why there is none.

    `takes` counts how often one was begun.
    """

    job: Job | None = None
    takes: int = 0
    names: tuple[str, ...] = ()
    runs: dict[str, Run] = field(default_factory=dict)
    error: TrainingFailed | None = None


def current() -> Race:
    return session.kept("_recall_race", Race)


def trained(name: str) -> Run | None:
    """The run of a racer, where it has finished an epoch and its weights are numbers."""
    run = current().runs.get(name)
    usable = run is not None and run.epochs and run.final.finite
    return run if usable else None


def begun(names: Collection[str]) -> Run | None:
    """A run of one of these racers that has finished an epoch, whatever its weights are."""
    return next((run for name in names if (run := current().runs.get(name)) is not None and run.epochs), None)


def draw(lesson: Lesson) -> None:
    turns.fragment(_settings_and_race)(lesson)
    frame.section("lstm", "train")


def _settings_and_race(lesson: Lesson) -> None:
    stage(EXPERIMENT, SETTINGS, _buttons, _figures, above=_who)
    address.write(lesson)


def _who() -> None:
    """The task, and who is to learn it."""
    spec = session.bench(EXPERIMENT).spec
    task, *places = st.columns((5, 5, 2), gap="medium", vertical_alignment="bottom")
    task.markdown(tr(f"memory_task.{spec.task}", gap=spec.gap, steps=spec.gap + 1))
    for place, name in zip(places, ("racers", "alike"), strict=True):
        with place:
            controls.controls(EXHIBIT, (name,))


def _figures() -> None:
    job = current().job
    every = trainings.poll_seconds(job) if job is not None else None
    turns.fragment(_live, run_every=every)(every)


def _asked() -> dict[str, RecallSpec]:
    return racers(session.bench(EXPERIMENT).spec, session.bench(EXHIBIT).spec)


def _continues(race: Race) -> bool:
    """Whether all who are asked for have a run, of the same settings but for the number of epochs."""
    asked = _asked()
    return bool(race.runs) and all(name in race.runs and race.runs[name].spec.same_but_for_epochs(spec) for name, spec in asked.items())


def _buttons() -> None:
    race = current()
    busy, goes_on = race.job is not None, _continues(race)
    most = bounds(RecallSpec, "epochs").high
    at_the_end = any(run.epochs >= most for run in race.runs.values())
    with st.container(horizontal=True, width="content", key="recall_buttons"):
        _button("train", ":material/play_arrow:", _train, disabled=False, primary=True)
        _button("step", ":material/skip_next:", _step, disabled=busy or (goes_on and at_the_end))
        _button("stop", ":material/stop:", _stop, disabled=not busy)
        _button("further", ":material/fast_forward:", _further, disabled=busy or not goes_on or at_the_end)
        _button("reset", ":material/restart_alt:", _reset, disabled=busy or not (race.runs or race.error))


def _button(name: str, icon: str, action, disabled: bool, primary: bool = False) -> None:
    kind = "primary" if primary else "secondary"
    st.button(tr(f"panel.{name}"), key=f"{EXPERIMENT}_{name}", icon=icon, type=kind, on_click=action, disabled=disabled)


def _train() -> None:
    _begin({name: Assignment(spec) for name, spec in _asked().items()})


def _step() -> None:
    _go_on(lambda epochs: epochs + 1)


def _further() -> None:
    _go_on(lambda epochs: epochs + session.bench(EXPERIMENT).spec.epochs)


def _go_on(epochs_after) -> None:
    """Train all racers further, each from where it is; from the start where the settings have changed."""
    race, most = current(), bounds(RecallSpec, "epochs").high
    continues = _continues(race)
    assignments = {}
    for name, spec in _asked().items():
        run = race.runs[name] if continues else None
        longer = spec.changed(epochs=min(most, epochs_after(run.epochs if run else 0)))
        assignments[name] = trainings.assignment_to(longer, run)
    _begin(assignments)


def _begin(assignments: Mapping[str, Assignment]) -> None:
    race = current()
    race.error, race.names, race.takes = None, tuple(assignments), race.takes + 1
    try:
        race.job = trainings.open_job(tuple(assignments.values()), together=True)
    except TrainingFailed as error:
        race.error = error
    st.rerun()  # only the whole page can start the polling


def _stop() -> None:
    job = current().job
    if job is None:
        return
    if job.watchers - {session.watcher().id}:
        _keep(job)
        session.watcher().leave()
    else:
        job.cancel()


def _reset() -> None:
    race = current()
    race.runs, race.error = {}, None
    st.rerun()


def _keep(job: Job) -> None:
    """Take what is known of every racer, up to its last checkpoint."""
    race, snapshot = current(), job.snapshot()
    race.job = None
    found = {name: part.run() for name, part in zip(race.names, snapshot.parts, strict=True)}
    race.runs = {name: run for name, run in found.items() if run is not None and run.epochs} or race.runs


def _live(every: float | None) -> None:
    """What moves while the race goes on; ends with one rerun of the whole page."""
    race = current()
    if race.job is not None and (every is None or every > trainings.poll_seconds(race.job)):
        st.rerun()
    if race.job is None:
        _at_rest(race)
        return
    snapshot = race.job.snapshot()
    if snapshot.state in ("queued", "running") and session.watcher().job is race.job:
        with panel.status(EXPERIMENT, snapshot.state, _words(race, snapshot)):
            st.progress(min(snapshot.share, 1.0))
        reel.draw(dict(zip(race.names, snapshot.parts, strict=True)), race.takes, live=True)
        return
    if snapshot.state == "finished":
        race.runs, race.job = dict(zip(race.names, race.job.result(), strict=True)), None
    else:
        race.error = snapshot.error
        _keep(race.job)
    _at_rest(race)
    st.rerun()


def _words(race: Race, snapshot) -> str:
    """Who is training, and how far it is."""
    if snapshot.state == "queued":
        return tr("panel.queued", n=snapshot.position) if snapshot.position else tr("panel.next")
    parts = dict(zip(race.names, snapshot.parts, strict=True))
    if not any(part.epochs for part in parts.values()):
        return tr("panel.stage.compiling" if any(part.stage != "queued" for part in snapshot.parts) else "panel.stage.starting")
    last = min(parts.values(), key=lambda part: part.epochs)
    words = tr("panel.running", epoch=int(last.epochs), epochs=last.spec.epochs)
    waited = tr("list.comma").join(tr(f"choice.{name}") for name in reel.waiting(parts))
    return f"{words} · {tr('race.waiting', cells=waited)}" if waited else words


def _at_rest(race: Race) -> None:
    if race.error is not None:
        with panel.status(EXPERIMENT, "failed", panel.failure_words(race.error)):
            st.button(tr("panel.again"), key="recall_again", on_click=_train, icon=":material/refresh:")
    if not race.runs:
        if race.error is None:
            panel.status(EXPERIMENT, "untrained", tr("panel.nothing_yet"))
        reel.preview(_asked())
        return
    complete = all(run.complete for run in race.runs.values())
    seconds = sum(run.seconds for run in race.runs.values())
    with panel.status(EXPERIMENT, "finished" if complete else "stopped", tr("race.over", n=len(race.runs), seconds=f"{seconds:.1f}")):
        if not _continues(race):
            st.caption(f":material/info: {tr('race.changed')}")
    reel.draw({name: Part.of(run) for name, run in race.runs.items()}, race.takes, live=False)
    _table(race.runs)


def _table(runs: Mapping[str, Run]) -> None:
    """What each has reached, and what it costs."""
    heads = [tr(f"race.{name}") for name in ("cell", "accuracy", "units", "parameters", "seconds")]
    lines = [" | ".join(heads), "|".join(["---", *["---:"] * 4])]
    for name, run in runs.items():
        values = (f"{run.value('val_accuracy'):.1%}", f"{run.spec.units}", f"{cell_parameters(run.spec):,}", f"{run.seconds:.1f}")
        lines.append(" | ".join([tr(f"choice.{name}"), *values]))
    st.markdown("\n".join(f"| {line} |" for line in lines))
    st.caption(sentences(tr("race.how", sequences=HELD_OUT_SEQUENCES), *_beginnings(runs)))


def _beginnings(runs: Mapping[str, Run]) -> list[str]:
    """What the weights U did to a state as training began: of each cell the spectral radii."""
    found = {name: radii for name, run in runs.items() if (radii := recall.first_radii(run))}
    if not found:
        return []
    cells = tr("list.comma").join(tr("race.radius", cell=tr(f"choice.{name}"), radius=_span(found[name])) for name in names_of(found))
    return [tr("race.radii", cells=cells)]


def _span(radii: Mapping[str, float]) -> str:
    """The smallest and the largest of some radii, as they are written; one where they are the same."""
    least, most = (f"{value:.2f}" for value in (min(radii.values()), max(radii.values())))
    return least if least == most else f"{least}–{most}"
