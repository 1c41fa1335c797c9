"""Widgets made from a spec's fields, and the spec made from the widgets."""

from collections.abc import Sequence
from typing import get_origin

import streamlit as st

from ann_core.spec import Spec, bounds, choices
from ann_core.specs import SPECS
from ann_core.ui import session
from ann_core.ui.language import labels, tr

LADDERS = {
    "learning_rate": [float(f"{digit}e{power}") for power in range(-5, 1) for digit in (1, 3)] + [10.0],
    "l2": [0.0, *(float(f"{digit}e{power}") for power in range(-6, 0) for digit in (1, 3)), 1.0],
    "training_images": [100, 300, 1_000, 3_000, 10_000, 30_000, 60_000],
    "batch_size": [2**power for power in range(11)],
    "momentum": [0.0, 0.5, 0.8, 0.9, 0.95, 0.99, 0.999],
}
"""Steps for fields that span orders of magnitude; other values come by address or file."""

NUMBER_FIELDS = ("seed",)
USUAL_UNITS = 32


def fill(spec: Spec) -> None:
    """Make this spec the learner's: on the bench, and in the widgets when they are next drawn."""
    session.bench(spec.experiment).spec = spec
    for name in type(spec).model_fields:
        _fill_widget(spec, name)


def _fill_widget(spec: Spec, name: str) -> None:
    key, value = spec.query_key(name), getattr(spec, name)
    if isinstance(value, tuple):
        session.put(key, len(value))
        for place, entry in enumerate(value):
            session.put(_entry_key(key, place), entry)
    else:
        session.put(key, value)


def preset_choice(experiment: str) -> None:
    """A row of presets; the one that equals the settings is marked."""
    cls, spec = SPECS[experiment], session.bench(experiment).spec
    key = cls.query_key("preset")
    same = [name for name in cls.presets if cls.preset(name) == spec]
    session.put(key, same[0] if same else None)
    st.pills(
        tr("controls.preset"),
        list(cls.presets),
        format_func=labels(f"preset.{experiment}", cls.presets),
        key=key,
        on_change=_apply_preset,
        args=(experiment,),
    )


def _apply_preset(experiment: str) -> None:
    cls = SPECS[experiment]
    name = session.value(cls.query_key("preset"))
    if name in cls.presets:
        fill(cls.preset(name))


def controls(experiment: str, fields: Sequence[str]) -> None:
    """Draw the widgets of these fields and put what they say on the bench."""
    bench = session.bench(experiment)
    hidden = set(type(bench.spec).inapplicable(bench.spec.model_dump()))
    values = {name: _widget(bench.spec, name) for name in fields if name not in hidden}
    bench.spec = bench.spec.changed(**values)


def _widget(spec: Spec, name: str):
    """A field's widget. Its default is the spec's value: a rerun that is cut short can cost a widget its state."""
    cls, value = type(spec), getattr(spec, name)
    described = {"label": tr(f"field.{name}"), "help": tr(f"field.{name}.help"), "key": spec.query_key(name)}
    if listed := choices(cls, name):
        return st.selectbox(options=listed, index=listed.index(value), format_func=labels("choice", listed), **described)
    annotation = cls.model_fields[name].annotation
    if annotation is bool:
        return st.toggle(value=value, **described)
    if get_origin(annotation) is tuple:
        return _layers(spec, name, described)
    described["value"] = value
    low, high, _ = bounds(cls, name)
    if name in LADDERS:
        steps = sorted({*LADDERS[name], value})
        return st.select_slider(options=steps, format_func=lambda step: f"{step:,g}" if step < 100_000 else f"{step:,}", **described)
    if name in NUMBER_FIELDS:
        return st.number_input(min_value=low, max_value=high, step=1, **described)
    step = 1 if annotation is int else (high - low) / 18
    return st.slider(min_value=low, max_value=high, step=step, **described)


def _layers(spec: Spec, name: str, described: dict) -> tuple[int, ...]:
    """A slider for the number of layers, and one for the units of each."""
    low, high, longest = bounds(type(spec), name)
    units = getattr(spec, name)
    count = st.slider(min_value=0, max_value=longest, value=len(units), step=1, **described)
    usual = [*units, *[units[-1] if units else USUAL_UNITS] * longest][:count]
    places = [(tr("controls.units", layer=place + 1), _entry_key(described["key"], place)) for place in range(count)]
    return tuple(st.slider(label, low, high, value=value, key=key) for (label, key), value in zip(places, usual, strict=True))


def _entry_key(key: str, place: int) -> str:
    return f"{key}_{place + 1}"
