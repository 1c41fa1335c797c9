"""What the networks of a film do over time, computed once for whatever is shown of it."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from ann_core.data.fingerprint import fingerprint
from ann_core.lessons.recurrent.at_hand import AtHand
from ann_core.lessons.recurrent.over_time.alone import continuations
from ann_core.lessons.recurrent.over_time.strips import Inner, inner_of
from ann_core.training.records import Checkpoint


def over_time(hand: AtHand, checkpoints: Sequence[Checkpoint]) -> tuple[np.ndarray, Inner]:
    """How each of these goes on by itself, (moments, steps), and what goes on in it."""
    weights = fingerprint([weight for each in checkpoints for weight in each.weights])
    return _over_time((hand.spec.key(), hand.series.fingerprint, weights), hand, checkpoints)


@st.cache_resource(max_entries=48, show_spinner=False)
def _over_time(key: tuple[str, ...], _hand: AtHand, _checkpoints: Sequence[Checkpoint]) -> tuple[np.ndarray, Inner]:
    return continuations(_hand, _checkpoints), inner_of(_hand, _checkpoints)
