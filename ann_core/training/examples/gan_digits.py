"""Handwritten digits as a game imitates them."""

from ann_core.data import images
from ann_core.data.fingerprint import fingerprint
from ann_core.specs import GanDigitsSpec
from ann_core.training.examples import Examples
from ann_core.training.records import DataSource


def find(spec: GanDigitsSpec, own: None) -> tuple[Examples, DataSource]:
    """The digits that the judge trains on too; its test digits are held out."""
    rows, labels = images.small_digits()
    x, count = images.centred(rows), images.DIGITS_TRAINING
    parts = x[:count], labels[:count], x[count:], labels[count:]
    return Examples(*parts), DataSource("digits", "digits", "package", fingerprint(parts), count, len(x) - count)
