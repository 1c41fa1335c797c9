"""What a learner can take home: the notebook, the trained network, the experiment, the history."""

import json
from collections.abc import Callable

import streamlit as st
from pydantic import ValidationError

from ann_core.experiments import SPECS, experiment_of
from ann_core.spec import Spec
from ann_core.takeaway.notebook import exact, notebook
from ann_core.training.engine import jobs
from ann_core.training.records import Run
from ann_core.ui import session, trainings
from ann_core.ui.inputs import controls
from ann_core.ui.language import tr

FORMAT = "neural-networks-you-can-see"
VERSION = 1
LARGEST_FILE = 100_000
NOTEBOOK_WORDS = ("title", "data", "model", "training", "check")
MODEL_SECONDS = 60


def take_home(experiment: str) -> None:
    """The files of the current run, and the way back in for an experiment's file."""
    run = session.bench(experiment).run
    with st.container(horizontal=True, key=f"{experiment}_takeaway"):
        _download(experiment, "experiment", experiment_text(session.bench(experiment).spec), "json", "application/json")
        if run is not None and run.epochs:
            _download(experiment, "history", run.history.to_csv, "csv", "text/csv")
            _download(experiment, "notebook", _notebook(run), "ipynb", "application/x-ipynb+json")
            _download(experiment, "model", _model(run), "keras", "application/octet-stream")
    if run is None or not run.epochs:
        st.caption(tr("takeaway.train_first"))
    elif getattr(run.spec, "dropout", 0):
        st.caption(tr("takeaway.differs_dropout"))
    else:
        st.caption(tr("takeaway.differs" if exact(run) else "takeaway.differs_raw"))
    if run is not None and (kept := experiment_of(run.spec).kept):
        st.caption(tr(kept))
    _open_file(experiment)


def _download(experiment: str, name: str, data, ending: str, mime: str) -> None:
    file = f"{experiment}.{ending}"
    described = {"icon": ":material/download:", "on_click": "ignore", "key": f"{experiment}_download_{name}"}
    st.download_button(tr(f"takeaway.{name}"), data, file, mime, help=tr(f"takeaway.{name}.help"), **described)


def _notebook(run: Run) -> Callable[[], str]:
    words = {word: tr(f"notebook.{word}") for word in NOTEBOOK_WORDS}  # Streamlit makes files outside the session
    own = session.own_data_for(run.spec)
    return lambda: notebook(run, words, own)


def _model(run: Run) -> Callable[[], bytes]:
    engine = trainings.engine()
    return lambda: engine.call(jobs.keras_file, run).result(MODEL_SECONDS)


def experiment_text(spec: Spec) -> str:
    """An experiment as the text of a file."""
    content = {"format": FORMAT, "version": VERSION, "experiment": spec.experiment, "spec": spec.model_dump()}
    return json.dumps(content, indent=2)


def read_experiment(text: bytes, experiment: str) -> Spec:
    """The spec in an experiment's file. Raises `ValueError` with a message id where it is none."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:  # no JSON, no text, or a number of thousands of digits
        raise ValueError("takeaway.not_ours") from error
    if not isinstance(content, dict) or content.get("format") != FORMAT or not isinstance(content.get("spec"), dict):
        raise ValueError("takeaway.not_ours")
    if content.get("experiment") != experiment:
        raise ValueError("takeaway.other_experiment")
    try:
        return SPECS[experiment](**content["spec"])
    except ValidationError as error:
        raise ValueError("takeaway.bad_values") from error


def _open_file(experiment: str) -> None:
    panel = st.expander(tr("takeaway.open"), icon=":material/upload_file:", on_change="rerun", key=f"{experiment}_open")
    if not panel.open:
        return
    with panel:
        st.file_uploader(
            tr("takeaway.open.label"), type="json", key=f"{experiment}_file", on_change=_opened, args=(experiment,), max_upload_size=1
        )
        if message := session.value(f"{experiment}_file_message"):
            (st.success if message == "takeaway.opened" else st.error)(tr(message))


def _opened(experiment: str) -> None:
    file = session.value(f"{experiment}_file")
    if file is None:
        session.put(f"{experiment}_file_message", "")
        return
    try:
        if file.size > LARGEST_FILE:
            raise ValueError("takeaway.not_ours")
        controls.fill(read_experiment(file.getvalue(), experiment))
        session.put(f"{experiment}_file_message", "takeaway.opened")
    except ValueError as error:
        session.put(f"{experiment}_file_message", str(error))
