"""The training panel: train, step, stop, train further, reset; how far it is; what it looks like."""

from collections.abc import Callable

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ann_core.spec import Spec, bounds
from ann_core.specs.gan import Game
from ann_core.training.engine.tasks import Job, Part, Snapshot
from ann_core.training.records import Run, TrainingFailed
from ann_core.ui import session, trainings, turns
from ann_core.ui.inputs.settings import field_message, leg_words
from ann_core.ui.language import known, sentences, tr
from ann_core.ui.session import Bench

KEPT_ON = 24
"""So many of the last moments go with what goes on without end: its film would have room for ever fewer of those to come."""

DrawPart = Callable[[Part, bool], None]
"""Draws a training as far as it has come; the flag tells whether it goes on."""
IDLE_ICONS = {
    "untrained": ":material/touch_app:",
    "finished": ":material/check_circle:",
    "stopped": ":material/stop_circle:",
    "failed": ":material/error:",
}

Preview = Callable[[], None]
"""Draws what can be seen before a training."""


def figures(experiment: str, draw: DrawPart, preview: Preview) -> None:
    """The status line and the live figures of an experiment."""
    bench = session.bench(experiment)
    every = trainings.poll_seconds(bench.job) if bench.busy else None
    turns.fragment(_live, run_every=every)(experiment, draw, preview, every)


def buttons(experiment: str) -> None:
    """The buttons of an experiment."""
    bench = session.bench(experiment)
    _drop_outdated(bench)
    busy, goes_on = bench.busy, bench.continues or bench.turns
    last_epoch = bench.run is not None and bench.run.epochs >= bounds(type(bench.spec), "epochs").high
    with st.container(horizontal=True, width="content", key=f"{experiment}_buttons"):
        _button(experiment, "train", ":material/play_arrow:", train, disabled=False, primary=True)
        _button(experiment, "step", ":material/skip_next:", _step, disabled=busy or (goes_on and last_epoch))
        _button(experiment, "stop", ":material/stop:", _stop, disabled=not busy)
        _button(experiment, "further", ":material/fast_forward:", _further, disabled=busy or not goes_on or last_epoch)
        _button(experiment, "reset", ":material/restart_alt:", _reset, disabled=busy or (bench.run is None and bench.error is None))


def _button(experiment: str, name: str, icon: str, action: Callable[[str], None], disabled: bool, primary: bool = False) -> None:
    described = {"icon": icon, "type": "primary" if primary else "secondary", "disabled": disabled}
    own = f"panel.{experiment}.{name}"
    st.button(tr(own if known(own) else f"panel.{name}"), key=f"{experiment}_{name}", on_click=action, args=(experiment,), **described)


def train(experiment: str) -> None:
    """Begin the training of the settings at hand from the start; the whole page is drawn again."""
    bench = session.bench(experiment)
    bench.run = None
    bench.takes += 1
    _begin(bench, bench.spec)


def _step(experiment: str) -> None:
    _go_further(session.bench(experiment), 1)


def _further(experiment: str) -> None:
    bench = session.bench(experiment)
    _go_further(bench, bench.spec.epochs)


def _go_further(bench: Bench, epochs: int) -> None:
    """So many epochs more, where the settings at hand follow on the run, in the end as another leg of it; else from the start."""
    done = bench.run.epochs if bench.continues or bench.turns else 0
    if bench.turns:
        bench.spec = bench.run.spec.then(bench.spec, done)
    if done and bench.endless:
        bench.run = bench.run.with_last(KEPT_ON)
    _begin(bench, bench.spec.changed(epochs=min(done + epochs, bounds(type(bench.spec), "epochs").high)))


def endless(experiment: str) -> None:
    """A switch: what is nearly over goes on by itself from there, until it is stopped or can go no further."""
    described = {"key": f"{experiment}_endless", "help": tr("panel.endless.help"), "on_change": _set_going, "args": (experiment,)}
    session.bench(experiment).endless = st.toggle(tr("panel.endless"), **described)


def _set_going(experiment: str) -> None:
    bench = session.bench(experiment)
    bench.endless = bool(session.value(f"{experiment}_endless"))
    if bench.endless and not bench.busy:
        _further(experiment) if bench.may_go_on else train(experiment)


def keep_going(experiment: str) -> None:
    """What is shown of a training is nearly over: one without end goes on."""
    bench = session.bench(experiment)
    if bench.endless and not bench.busy and bench.may_go_on:
        _further(experiment)


def go_on(experiment: str, begun: Part) -> None:
    """Go on from this beginning of a training, at the pace that its spec has for what follows."""
    bench = session.bench(experiment)
    bench.spec = begun.spec
    _begin(bench, begun.spec, begun)


def _begin(bench: Bench, spec: Spec, begun: Part | None = None) -> None:
    bench.waiting, bench.error, bench.note, bench.begun = spec, None, "", begun
    _open_waiting(bench)
    if bench.waiting is not None:  # its data are still looked for: what ran before is over all the same
        _give_up(bench)
    st.rerun()  # only the whole page can start the polling


def _give_up(bench: Bench) -> None:
    """No longer follow what runs."""
    session.watcher().leave()
    bench.job = None


def _stop(experiment: str) -> None:
    bench = session.bench(experiment)
    bench.endless = False
    session.put(f"{experiment}_endless", False)
    if bench.job is None:
        bench.waiting = None
        return
    shared = bench.job.watchers - {session.watcher().id}
    if shared:
        _keep_partial(bench)
        session.watcher().leave()
    else:
        bench.job.cancel()


def _reset(experiment: str) -> None:
    bench = session.bench(experiment)
    bench.run, bench.error, bench.note = None, None, ""
    st.rerun()  # all that shows the run is gone with it, the whole page over


def _open_waiting(bench: Bench) -> None:
    """Submit the training that waits for its data, once these are there."""
    try:
        job = trainings.open_job([trainings.assignment_to(bench.waiting, bench.run)])
        if job is None:
            return
        bench.job = job
    except TrainingFailed as error:
        bench.error = error
        _give_up(bench)
    bench.waiting = None


def _drop_outdated(bench: Bench) -> None:
    """A run on other data than those there are now is no longer this learner's result."""
    if bench.run is not None and not trainings.still_current(bench.run):
        bench.run, bench.note = None, "panel.outdated"


def _live(experiment: str, draw: DrawPart, preview: Preview, every: float | None) -> None:
    """What moves while a training runs; ends with one rerun of the whole page."""
    bench = session.bench(experiment)
    if bench.busy and (every is None or every > trainings.poll_seconds(bench.job)):
        st.rerun()  # just begun from here, or to be looked after more often: only the whole page can see to that
    if bench.waiting is not None:
        _open_waiting(bench)
        if bench.waiting is None:
            st.rerun()
        status(experiment, "queued", trainings.search_words(bench.waiting.dataset))
        return
    if bench.job is None:
        if bench.turns:
            keep_going(experiment)
        _at_rest(experiment, bench, draw, preview)
        return
    snapshot = bench.job.snapshot()
    if snapshot.state in ("queued", "running") and session.watcher().job is bench.job:
        with status(experiment, snapshot.state, _words(snapshot)):
            st.progress(min(snapshot.share, 1.0))
        draw(_farthest(bench, snapshot.parts[0]), True)
        return
    _take(bench, snapshot)
    _at_rest(experiment, bench, draw, preview)  # at once; the rest of the page follows
    st.rerun()


def _farthest(bench: Bench, part: Part) -> Part:
    """A training, or what it has begun with while it has not come as far as that."""
    begun = bench.begun
    return begun if begun is not None and len(part.checkpoints) < len(begun.checkpoints) else part


def _take(bench: Bench, snapshot: Snapshot) -> None:
    """Keep what came of a job that is over for this learner."""
    job = bench.job
    if session.watcher().job is not job and not job.done:
        bench.note = "panel.replaced"
        _keep_partial(bench)
        return
    bench.job = None
    if snapshot.error is not None:
        bench.error = snapshot.error
    elif snapshot.state in ("finished", "stopped") and not job.outcome.cancelled():
        bench.run = job.result()[0]


def _keep_partial(bench: Bench) -> None:
    """Take what is known of a job that others go on watching, up to its last checkpoint."""
    snapshot = bench.job.snapshot()
    bench.job = None
    bench.run = snapshot.parts[0].run() or bench.run


def _at_rest(experiment: str, bench: Bench, draw: DrawPart, preview: Preview) -> None:
    if bench.error is not None:
        with status(experiment, "failed", failure_words(bench.error)):
            st.button(tr("panel.again"), key=f"{experiment}_again", on_click=train, args=(experiment,), icon=":material/refresh:")
    elif bench.run is None:
        status(experiment, "untrained", tr(bench.note or "panel.nothing_yet"))
    else:
        state = "finished" if bench.run.complete else "stopped"
        with status(experiment, state, _run_words(bench.run), note=bench.note):
            if not bench.continues:
                changed = [tr(field_message(type(bench.spec), name)) for name in bench.spec.differences(bench.run.spec) if name != "epochs"]
                st.caption(f":material/info: {tr('panel.changed', names=tr('list.comma').join(changed))}")
    if bench.run is not None:
        draw(Part.of(bench.run), False)
    else:
        preview()


def awaited(job: Job, message: str, **values: object) -> tuple[tuple[Run, ...], TrainingFailed | None] | None:
    """What came of a job: its runs, or why there are none; None while it goes on, and then how far it is, in the words of a message."""
    snapshot = job.snapshot()
    if snapshot.state in ("queued", "running") and session.watcher().job is job:
        st.progress(min(snapshot.share, 1.0), text=tr(message, share=f"{snapshot.share:.0%}", **values))
        return None
    if snapshot.state == "finished":
        return tuple(job.result()), None
    return (), snapshot.error or TrainingFailed("stopped")


def status(experiment: str, state: str, words: str, note: str = "") -> DeltaGenerator:
    """The status line, in a container that holds all that stands above the figures: so they stay where they are."""
    container = st.container(key=f"{experiment}_status_{state}")
    icon = IDLE_ICONS.get(state, ":material/hourglass_top:")
    container.markdown(f"{icon} {words}")
    if note:
        container.caption(tr(note))
    with container:
        _legs(experiment)
    return container


def _legs(experiment: str) -> None:
    """The legs of the settings at hand, where there are several, and a button that leaves the last one alone."""
    bench = session.bench(experiment)
    if len(bench.spec.in_legs()) < 2:
        return
    with st.container(horizontal=True, vertical_alignment="center", key=f"{experiment}_legs"):
        st.caption(f":material/alt_route: {tr('panel.legs', legs=leg_words(bench.spec))}", width="content")
        st.button(tr("panel.one_leg"), key=f"{experiment}_one_leg", on_click=_forget_legs, args=(bench,), type="tertiary")


def _forget_legs(bench: Bench) -> None:
    bench.spec = bench.spec.changed(legs=())


def _words(snapshot: Snapshot) -> str:
    """The status of a waiting or running job in words."""
    part = snapshot.parts[0]
    if snapshot.state == "queued" and trainings.engine().deserted():
        return tr("panel.deserted")
    if snapshot.state == "queued":
        return tr("panel.queued", n=snapshot.position) if snapshot.position else tr("panel.next")
    if snapshot.stage != "training":
        return tr(f"panel.stage.{snapshot.stage}")
    running = "panel.running.game" if isinstance(part.spec, Game) else "panel.running"
    words, left = tr(running, epoch=int(part.epochs), epochs=part.spec.epochs), snapshot.seconds_left
    return words if left is None else f"{words} · {tr('panel.seconds_left', n=max(1, round(left)))}"


def _run_words(run: Run) -> str:
    values = {"n": run.epochs, "seconds": f"{run.seconds:.1f}"}
    state = "finished" if run.complete else "stopped"
    words = tr(f"panel.{state}.game" if isinstance(run.spec, Game) else f"panel.{state}", **values)
    return sentences(words, tr("panel.exploded")) if run.exploded else words


def failure_words(error: TrainingFailed) -> str:
    """Why a training failed, in the learner's language."""
    return tr(f"failure.{error.code}", **error.values)
