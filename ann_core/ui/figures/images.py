"""The images that a run was measured on, and what their classes are called."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from ann_core.charts.networks.images import MOST_SHOWN
from ann_core.data.images import CLASSES
from ann_core.spec import Spec
from ann_core.training.engine.jobs import Prepared
from ann_core.training.records import Checkpoint, Run, TrainingFailed
from ann_core.ui import session, trainings
from ann_core.ui.language import tr
from ann_core.ui.moments import headed


def known(dataset: str) -> Prepared | None:
    """The test images of a data set, where they have been found already."""
    try:
        return trainings.prepared(dataset)
    except TrainingFailed:
        return None


def test_images(run: Run) -> Prepared | None:
    """The test set that a run was measured on, where this server has it."""
    found = known(run.spec.dataset)
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
    return names_of(run.data.name)


def names_of(dataset: str) -> list[str]:
    """What the classes of a data set are called."""
    return [tr(f"class.{dataset}.{label}") for label in range(CLASSES)]


def looking_words(spec: Spec, checkpoint: Checkpoint, rows: np.ndarray, classes: Sequence[str], shares: np.ndarray) -> str:
    """The moment, what the network takes an example for, by its share (classes,), and how often it is right on images held out."""
    said = answer_words(shares, classes)
    epoch, within = checkpoint.moment
    if not (epoch or within):
        return f"{tr('film.untrained')} · {said}"
    parts = [headed(spec, checkpoint.moment), said]
    if not within and epoch <= len(rows):
        parts.append(tr("maps.accuracy", share=f"{rows[epoch - 1, spec.metrics.index('val_accuracy')]:.1%}"))
    return " · ".join(parts)


def answer_words(shares: np.ndarray, classes: Sequence[str]) -> str:
    """What the network takes an example for, and with which share."""
    whole = np.nan_to_num(shares)
    return tr("looking.says", name=classes[int(whole.argmax())], share=f"{whole.max():.1%}")


def some_of(name: str, units: int) -> str:
    """What stands above a layer, with how many of its units are drawn where that is not all of them."""
    return name if units <= MOST_SHOWN else tr("looking.some", name=name, shown=MOST_SHOWN, units=units)
