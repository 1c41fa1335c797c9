"""Settings in words: what a field's value is called, and in what two specs differ."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ann_core.spec import Spec, choices
from ann_core.specs import Layer
from ann_core.ui.language import known, tr


def choice_labels(name: str, listed: Sequence[Any]) -> Callable[[Any], str]:
    """What the values that a field may take are called; what a number means depends on the field, and so may a word."""
    own = {value: f"choice.{name}.{value}" for value in listed}
    table = {value: tr(message if isinstance(value, int) or known(message) else f"choice.{value}") for value, message in own.items()}
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
    if name == "legs":
        return leg_words(spec) if value else tr("settings.none")
    if isinstance(value, tuple):
        return " · ".join(tr(f"choice.{entry}") if listed else _entry_words(entry) for entry in value) or tr("settings.none")
    if listed:
        return choice_labels(name, listed)(value)
    return tr(f"choice.{name}.{value}") if known(f"choice.{name}.{value}") else f"{value:,.6g}"


def entries_words(spec: Spec, name: str) -> str:
    """The same of a field with several entries, in few words: an activation that all layers share is named once."""
    layers = getattr(spec, name)
    if len({layer.activation for layer in layers if isinstance(layer, Layer)}) != 1:
        return value_words(spec, name)
    return f"{' · '.join(str(layer.units) for layer in layers)} {tr(f'choice.{layers[0].activation}')}"


def _entry_words(entry: Layer | int) -> str:
    return f"{entry.units} {tr(f'choice.{entry.activation}')}" if isinstance(entry, Layer) else str(entry)


def leg_words(spec: Spec) -> str:
    """The legs of a training with their epochs, and what of the pace differs between them."""
    legs = spec.in_legs()
    names = [name for name in type(spec).model_fields if name in spec.pace() and len({getattr(leg, name) for _, leg in legs}) > 1]
    begins = [1, *(last + 1 for last, _ in legs)]
    told = [
        tr("settings.leg", first=first, last=last, pace=tr("list.comma").join(_setting_words(leg, name) for name in names))
        for first, (last, leg) in zip(begins, legs, strict=False)
    ]
    return tr("list.semicolon").join(told)


def _setting_words(spec: Spec, name: str) -> str:
    return f"{tr(field_message(type(spec), name))} {value_words(spec, name)}"


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
