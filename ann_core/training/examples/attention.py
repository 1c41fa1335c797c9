"""Sequences that are written anew."""

from ann_core.data import attention
from ann_core.data.fingerprint import fingerprint
from ann_core.specs import AttentionSpec
from ann_core.training.examples import HELD_OUT_SEQUENCES, Examples
from ann_core.training.records import DataSource


def rewritten_of(spec: AttentionSpec) -> tuple[attention.Rewritten, attention.Rewritten]:
    """The sequences of a spec: those to train on, and those held out."""
    sizes = spec.examples, HELD_OUT_SEQUENCES
    return attention.rewritten(spec.task, *sizes, spec.length, spec.longer, spec.letters, spec.seed)


def find(spec: AttentionSpec, own: None) -> tuple[Examples, DataSource]:
    seen, unseen = rewritten_of(spec)
    source = DataSource(spec.task, spec.task, "generated", fingerprint((*seen, *unseen)), len(seen.x), len(unseen.x))
    return Examples(*seen, *unseen), source
