"""The code that ran, and what to take home."""

import streamlit as st

from ann_core.ui.language import tr
from ann_core.ui.page import frame
from ann_core.ui.page.code import code_panel
from ann_core.ui.workbench import takeaway

CODE = {
    "maths/networks/gan.py": ("generate", "arrows", "discriminator_slopes", "generator_slopes", "penalty"),
    "maths/measures/distances.py": ("energy_distance", "modes"),
    "data/gan.py": ("target_points",),
    "probing/gan_digits.py": ("judged", "compared", "copies"),
    "models/gan.py": ("generator", "discriminator"),
    "coaching/diagnoses/gan.py": ("starved", "collapsed", "restless"),
    "probing/gan_step.py": ("turn", "stepped"),
    "training/duel.py": ("Duel._turns", "Duel._discriminator_turn", "Duel._generator_turn", "Duel._slopes"),
}


def draw() -> None:
    frame.section("gan", "take_home")
    code_panel(CODE)
    for experiment in ("gan", "gan_digits"):
        st.markdown(f"**{tr(f'takeaway.of.{experiment}')}**")
        takeaway.take_home(experiment)
