"""The stage of an experiment: one line of controls, the settings that matter most, the picture across the page, the other settings."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ann_core.ui import session
from ann_core.ui.inputs import controls
from ann_core.ui.language import tr

Draw = Callable[[], None]
BESIDE = (17, 5)


def nothing() -> None:
    """Draws nothing."""


@dataclass(frozen=True)
class Settings:
    """The settings of an experiment: those that stand in a row above the picture, and all others, in groups beneath it.

    Where the first of all says "own", `own` draws what the learner brings. A group in `notes` ends with one. `instead`
    draws what takes the place of all settings, where something does, and says so. Where the picture is as high as it is wide
    the first settings stand `beside` it, so that all of it is seen.
    """

    first: Sequence[str]
    groups: Mapping[str, Sequence[str]]
    own: Draw = nothing
    notes: Mapping[str, Draw] = field(default_factory=dict)
    instead: Callable[[], bool] = lambda: False
    beside: bool = False


def stage(experiment: str, settings: Settings, buttons: Draw, picture: Draw, above: Draw = nothing) -> None:
    """Draw an experiment across the page.

    What the settings say is read before buttons and picture are drawn, wherever on the page they stand. On a phone the
    picture comes before the settings (page.css).
    """
    session.put_what_waits()
    with st.container(key=f"stage_{experiment}"):
        bar = st.container(horizontal=True, vertical_alignment="bottom", key=f"{experiment}_bar")
        first, shown, others = _places(experiment, settings.beside)
    with first:
        replaced = settings.instead()
        if not replaced:
            _first(experiment, settings)
    if not replaced:
        with others:
            _others(experiment, settings)
    with bar:
        controls.preset_choice(experiment)
        buttons()
    with first if settings.beside else shown:
        above()
    with shown:
        picture()


def _places(experiment: str, beside: bool) -> tuple[DeltaGenerator, ...]:
    """Where the first settings, the picture and the other settings stand."""
    if not beside:
        return tuple(st.container(key=f"stage_{part}_{experiment}") for part in ("first", "picture", "others"))
    left, right = st.columns(BESIDE, gap="medium")
    return (
        right.container(key=f"stage_first_{experiment}"),
        left.container(key=f"stage_picture_{experiment}"),
        st.container(key=f"stage_others_{experiment}"),
    )


def _first(experiment: str, settings: Settings) -> None:
    (controls.controls if settings.beside else controls.row)(experiment, settings.first)
    if settings.own is not nothing and getattr(session.bench(experiment).spec, settings.first[0]) == "own":
        with st.container(border=True):
            settings.own()


def _others(experiment: str, settings: Settings) -> None:
    with st.expander(tr("controls.others"), icon=":material/tune:", key=f"{experiment}_others"):
        for column, (name, fields) in zip(st.columns(len(settings.groups), gap="medium"), settings.groups.items(), strict=True):
            with column:
                st.markdown(f"**{tr(f'controls.{name}')}**")
                controls.controls(experiment, fields)
                settings.notes.get(name, nothing)()
