"""The images that a run was measured on, and what their classes are called."""

import streamlit as st

from ann_core.data.images import CLASSES
from ann_core.training.engine.jobs import Prepared
from ann_core.training.records import Run, TrainingFailed
from ann_core.ui import session, trainings
from ann_core.ui.language import tr


def test_images(run: Run) -> Prepared | None:
    """The test set that a run was measured on, where this server has it."""
    try:
        found = trainings.prepared(run.spec.dataset)
    except TrainingFailed:
        return None
    return found if found and found.data.fingerprint == run.data.fingerprint else None


def trained(experiment: str) -> tuple[Run, Prepared] | None:
    """The run at hand with its test images; where there is none, the learner is told why."""
    run = session.bench(experiment).run
    if run is None:
        st.info(tr("probe.train_first"), icon=":material/touch_app:")
        return None
    images = test_images(run)
    if images is None:
        st.info(tr("probe.no_images"), icon=":material/image_not_supported:")
        return None
    return run, images


def class_names(run: Run) -> list[str]:
    return [tr(f"class.{run.data.name}.{label}") for label in range(CLASSES)]
