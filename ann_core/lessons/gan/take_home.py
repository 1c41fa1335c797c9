"""The code that ran, and what to take home."""

import streamlit as st

from ann_core.ui import frame, takeaway
from ann_core.ui.code import code_panel
from ann_core.ui.language import tr

CODE = {
    "maths/gan.py": ("generate", "arrows", "discriminator_slopes", "generator_slopes", "penalty"),
    "maths/distances.py": ("energy_distance", "modes"),
    "data/targets.py": ("target_points",),
    "training/judging.py": ("judged", "compared", "copies"),
    "models/gan.py": ("generator", "discriminator"),
    "training/game_diagnosis.py": ("starved", "collapsed", "restless"),
    "training/turn.py": ("turn", "stepped"),
    "training/duel.py": ("Duel._round", "Duel._discriminator_turn", "Duel._generator_turn", "Duel._slopes"),
}


def draw() -> None:
    frame.section("gan", "take_home")
    code_panel(CODE)
    for experiment in ("gan", "gan_digits"):
        st.markdown(f"**{tr(f'takeaway.of.{experiment}')}**")
        takeaway.take_home(experiment)
