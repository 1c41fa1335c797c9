"""Settings in words: what a field's value is called, and in what two specs differ."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ann_core.spec import Spec, choices
from ann_core.specs import Layer
from ann_core.ui.language import known, tr


def choice_labels(name: str, listed: Sequence[Any]) -> Callable[[Any], str]:
    """What the values that a field may take are called; what a number means depends on the field."""
    table = {value: tr(f"choice.{name}.{value}" if isinstance(value, int) else f"choice.{value}") for value in listed}
    return table.__getitem__


def field_message(cls: type[Spec], name: str) -> str:
    """The message id of a field's name: one that belongs to its experiment, or the usual one."""
    own = f"field.{cls.experiment}.{name}"
    return own if known(own) else f"field.{name}"


def value_words(spec: Spec, name: str) -> str:
    """A field's value as a learner reads it."""
    value, listed = getattr(spec, name), choices(type(spec), name)
    if isinstance(value, bool):
        return tr("settings.on" if value else "settings.off")
    if isinstance(value, tuple):
        return " · ".join(tr(f"choice.{entry}") if listed else _entry_words(entry) for entry in value) or tr("settings.none")
    return choice_labels(name, listed)(value) if listed else f"{value:,.6g}"


def _entry_words(entry: Layer | int) -> str:
    return f"{entry.units} {tr(f'choice.{entry.activation}')}" if isinstance(entry, Layer) else str(entry)


def score_words(spec: Spec, value: float) -> str:
    """A score of an experiment as it is written: an accuracy in per cent, an error as a number."""
    if not np.isfinite(value):
        return "∞"
    return f"{value:.1%}" if spec.measures[1] == "accuracy" else f"{value:.3f}"


def difference_words(spec: Spec, reference: Spec) -> str:
    """Every setting of a spec that differs from another's, with both values; empty for equal specs."""
    parts = [
        tr(
            "settings.difference",
            name=tr(field_message(type(spec), name)),
            value=value_words(spec, name),
            reference=value_words(reference, name),
        )
        for name in spec.differences(reference)
    ]
    return tr("list.semicolon").join(parts)


def change_words(before: Spec, after: Spec) -> str:
    """Every setting that differs, with both values; empty for equal specs."""
    parts = [
        tr("settings.change", name=tr(field_message(type(before), name)), before=value_words(before, name), after=value_words(after, name))
        for name in after.differences(before)
    ]
    return tr("list.semicolon").join(parts)
