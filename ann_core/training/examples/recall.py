"""The sequences of a memory task."""

from ann_core.data import recall
from ann_core.specs import RecallSpec
from ann_core.training.examples import HELD_OUT_SEQUENCES, Examples, split
from ann_core.training.records import DataSource


def sequences_of(spec: RecallSpec) -> recall.Sequences:
    """The sequences of a spec, those to train on first. All cells of the same seed get the same."""
    return recall.sequences(spec.task, spec.examples + HELD_OUT_SEQUENCES, spec.gap, spec.seed)


def find(spec: RecallSpec, own: None) -> tuple[Examples, DataSource]:
    return split(*sequences_of(spec), spec.examples, spec.task)
