"""What is said where there is nothing to look into."""

import streamlit as st

from ann_core.training.records import Run
from ann_core.ui.language import tr


def not_yet(message: str, run: Run | None) -> None:
    """Why there is nothing: nothing has been trained, or it ran off beyond all numbers."""
    if run is None or not run.epochs:
        st.info(tr(message), icon=":material/model_training:")
    else:
        st.warning(tr("probe.beyond"), icon=":material/whatshot:")
