"""Widgets made from a spec's fields, and the spec made from the widgets."""

from collections.abc import Callable, Iterator, Sequence

import streamlit as st

from ann_core.exhibits import spec_class
from ann_core.spec import Spec, bounds, choices, entry_of, longest
from ann_core.specs import Layer
from ann_core.ui import session
from ann_core.ui.inputs.settings import choice_labels, entries_words, field_message
from ann_core.ui.language import known, labels, tr

LADDERS = {
    "learning_rate": [float(f"{digit}e{power}") for power in range(-5, 1) for digit in (1, 3)] + [10.0],
    "l2": [0.0, *(float(f"{digit}e{power}") for power in range(-6, 0) for digit in (1, 3)), 1.0],
    "training_images": [100, 300, 1_000, 3_000, 10_000, 30_000, 60_000],
    "batch_size": [2**power for power in range(11)],
    "momentum": [0.0, 0.5, 0.8, 0.9, 0.95, 0.99, 0.999],
}
"""Steps for fields that span orders of magnitude, some of one experiment alone; other values come by address or file."""

LADDERS |= {"span": [10.0, 30.0, 100.0, 300.0, 1_000.0], "held_out": [0.0, 0.1, 0.2, 0.25, 0.3, 0.4, 0.5]}
LADDERS["clip_norm"] = [0.0, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0]
LADDERS["rare"] = [0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0]
LADDERS["l1"] = LADDERS["l2"]
LADDERS["rate"] = LADDERS["learning_rate"]
LADDERS["generator_rate"] = LADDERS["discriminator_rate"] = LADDERS["learning_rate"]
LADDERS["penalty"] = [0.0, 0.01, 0.03, 0.1, 0.3, 0.5, 1.0, 3.0, 10.0]
LADDERS["gan_epochs"] = [1, 2, 5, *range(10, 100, 10), *range(100, 400, 50), *range(400, 1_000, 100), 1_000, 1_500, 2_000]
LADDERS["step_rate"] = [0.001, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0]
NUMBER_FIELDS = ("seed", "data_seed", "picture_number")
USUAL_UNITS = 32
USUAL_LAYER = Layer(units=4, activation="tanh")


def fill(spec: Spec, put: Callable[[str, object], None] = session.put) -> None:
    """Make this spec the learner's: on the bench, and in the widgets when they are next drawn.

    `put` is `session.put_later` for callbacks that rerun something themselves.
    """
    session.bench(spec.experiment).spec = spec
    for name in type(spec).model_fields:
        for key, value in _widget_values(spec, name):
            put(key, value)


def _widget_values(spec: Spec, name: str) -> Iterator[tuple[str, object]]:
    key, value = spec.query_key(name), getattr(spec, name)
    if not isinstance(value, tuple) or choices(type(spec), name):
        yield key, value
        return
    yield key, len(value)
    for place, entry in enumerate(value):
        if isinstance(entry, Layer):
            yield _entry_key(key, place), entry.units
            yield _activation_key(key, place), entry.activation
        else:
            yield _entry_key(key, place), entry


def preset_choice(experiment: str) -> None:
    """A row of presets; the one that equals the settings is marked."""
    cls, spec = spec_class(experiment), session.bench(experiment).spec
    key = cls.query_key("preset")
    same = [name for name in cls.presets if cls.preset(name) == spec]
    session.put(key, same[0] if same else None)
    st.pills(
        tr("controls.preset"),
        list(cls.presets),
        format_func=labels(f"preset.{experiment}", cls.presets),
        key=key,
        label_visibility="collapsed",
        width="content",
        wrap=True,
        on_change=_apply_preset,
        args=(experiment,),
    )


def _apply_preset(experiment: str) -> None:
    cls = spec_class(experiment)
    name = session.value(cls.query_key("preset"))
    if name in cls.presets:
        fill(cls.preset(name))


def controls(experiment: str, fields: Sequence[str]) -> None:
    """Draw the widgets of these fields and put what they say on the bench: what one of them says may leave out others after it."""
    bench = session.bench(experiment)
    for name in fields:
        if name not in set(type(bench.spec).inapplicable(bench.spec.model_dump())):
            said = _widget(bench.spec, name)
            if said != getattr(bench.spec, name):
                bench.spec = bench.spec.changed(**{name: said})


def row(experiment: str, fields: Sequence[str]) -> None:
    """The same in one row; the many widgets of a field with several entries are behind a button, beneath what they say."""
    spec = session.bench(experiment).spec
    shown = [name for name in fields if name not in set(type(spec).inapplicable(spec.model_dump()))]
    for column, name in zip(st.columns(len(shown), vertical_alignment="bottom"), shown, strict=True):
        if not entry_of(type(spec), name):
            with column:
                controls(experiment, (name,))
            continue
        folded = column.container(gap=None)
        above = folded.container()
        with folded.popover(tr(field_message(type(spec), name)), width="stretch"):
            controls(experiment, (name,))
        above.markdown(f":small[:primary[{entries_words(session.bench(experiment).spec, name)}]]")


def number_grid(experiment: str, fields: Sequence[str], columns: int) -> None:
    """The same for fields with numbers that are typed, in rows of so many."""
    bench = session.bench(experiment)
    values = {}
    for first in range(0, len(fields), columns):
        for column, name in zip(st.columns(columns), fields[first : first + columns], strict=False):
            low, high = bounds(type(bench.spec), name)
            key, value = bench.spec.query_key(name), float(getattr(bench.spec, name))
            values[name] = column.number_input(tr(f"field.{name}"), low, high, value, step=0.1, format="%.3f", key=key)
    bench.spec = bench.spec.changed(**values)


def _widget(spec: Spec, name: str):
    """A field's widget. Its default is the spec's value: a rerun that is cut short can cost a widget its state."""
    cls, value = type(spec), getattr(spec, name)
    words = field_message(cls, name)
    explanation = tr(f"{words}.help") if known(f"{words}.help") else None
    described = {"label": tr(words), "help": explanation, "key": spec.query_key(name)}
    if entry_of(cls, name):
        return _several(spec, name, described)
    listed, annotation = choices(cls, name), cls.model_fields[name].annotation
    if listed:
        return st.selectbox(options=listed, index=listed.index(value), format_func=choice_labels(name, listed), **described)
    described["value"] = value
    if annotation in (bool, str):
        more = {} if annotation is bool else {"max_chars": longest(cls, name), "placeholder": tr(f"{words}.placeholder")}
        return (st.toggle if annotation is bool else st.text_input)(**described, **more)
    low, high = bounds(cls, name)
    if ladder := LADDERS.get(cls.query_key(name), LADDERS.get(name)):
        steps = sorted({*(step for step in ladder if low <= step <= high), value})
        return st.select_slider(options=steps, format_func=lambda step: f"{step:,g}" if step < 100_000 else f"{step:,}", **described)
    if name in NUMBER_FIELDS:
        return st.number_input(min_value=low, max_value=high, step=1, **described)
    step = 1 if annotation is int else min((high - low) / 18, cls.finest)
    return st.slider(min_value=low, max_value=high, step=step, **described)


def _several(spec: Spec, name: str, described: dict) -> tuple:
    """A tuple's widgets: some of the values that are listed, at least one, or the layers of a network."""
    listed, value = choices(type(spec), name), getattr(spec, name)
    if not listed:
        return _layers(spec, name, described)
    described |= {"format_func": labels("choice", listed), "selection_mode": "multi", "wrap": True}
    chosen = st.pills(options=listed, default=value, **described)
    return tuple(chosen) or value


def _layers(spec: Spec, name: str, described: dict) -> tuple:
    """A slider for the number of layers, and for each its units, and its activation where layers have one of their own."""
    layers, most, key = getattr(spec, name), longest(type(spec), name), described["key"]
    count = st.slider(min_value=0, max_value=most, value=len(layers), step=1, **described)
    if entry_of(type(spec), name) is Layer:
        usual = [*layers, *[layers[-1] if layers else USUAL_LAYER] * most][:count]
        return tuple(_layer(key, place, layer) for place, layer in enumerate(usual))
    low, high = bounds(type(spec), name)
    usual = [*layers, *[layers[-1] if layers else min(USUAL_UNITS, high)] * most][:count]
    label = f"controls.{name}" if known(f"controls.{name}") else "controls.units"
    return tuple(_units(key, place, low, high, units, label) for place, units in enumerate(usual))


def _layer(key: str, place: int, layer: Layer) -> Layer:
    low, high = bounds(Layer, "units")
    listed = choices(Layer, "activation")
    left, right = st.columns(2)
    with left:
        units = _units(key, place, low, high, layer.units)
    with right:
        label, index = tr("controls.activation", layer=place + 1), listed.index(layer.activation)
        activation = st.selectbox(label, listed, index, format_func=labels("choice", listed), key=_activation_key(key, place))
    return Layer(units=units, activation=activation)


def _units(key: str, place: int, low: int, high: int, value: int, label: str = "controls.units") -> int:
    return st.slider(tr(label, layer=place + 1), low, high, value=value, key=_entry_key(key, place))


def _entry_key(key: str, place: int) -> str:
    return f"{key}_{place + 1}"


def _activation_key(key: str, place: int) -> str:
    return f"{_entry_key(key, place)}_activation"
