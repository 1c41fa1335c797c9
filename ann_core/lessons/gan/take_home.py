"""The code that ran."""

from ann_core.ui import frame
from ann_core.ui.code import code_panel

CODE = {
    "maths/gan.py": ("generate", "arrows", "discriminator_slopes", "generator_slopes", "penalty"),
    "maths/distances.py": ("energy_distance", "modes"),
    "data/targets.py": ("target_points",),
    "models/gan.py": ("generator", "discriminator"),
    "training/game_diagnosis.py": ("starved", "collapsed", "restless"),
    "training/turn.py": ("turn", "stepped"),
    "training/duel.py": ("Duel._advance", "Duel._discriminator_turn", "Duel._generator_turn", "Duel._slopes"),
}


def draw() -> None:
    frame.section("gan", "take_home")
    code_panel(CODE)
