"""What a learner paints on the stage for the generator to imitate."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import numpy as np

from ann_core.data.drawing import inked
from ann_core.data.gan import spread_out
from ann_core.data.points import Points
from ann_core.specs import GanSpec
from ann_core.training.examples.gan import REAL_POINTS
from ann_core.training.records import Checkpoint
from ann_core.training.untrained import only_begun
from ann_core.ui import session
from ann_core.ui.inputs.drawing import WIDTHS
from ann_core.ui.language import tr
from ann_core.ui.session import Bench, OwnTarget

BRIGHT = 128
DOT_SHARE, FULL_SHARE = 0.01, 0.9


def offered(spec: GanSpec, checkpoints: Sequence[Checkpoint]) -> dict[str, str]:
    """What can be done with a painted target, by the name that the browser says: a game that is played is not painted over by chance."""
    if spec.target != "own":
        return {}
    if not only_begun(checkpoints):
        return {"do.repaint": tr("target.repaint")}
    blank = {} if session.own_target().points is not None else {"blank": tr("target.empty")}
    return {"do.wipe": tr("target.wipe")} | blank  # offered from the beginning: the stage would move with the first stroke


def take(picked: Mapping[str, Any] | None) -> None:
    """Something was painted on the stage, wiped away, or is to be painted anew."""
    bench = session.bench("gan")
    if picked and bench.spec.target == "own":
        change(bench, session.own_target(), picked)


def change(bench: Bench, target: OwnTarget, picked: Mapping[str, Any]) -> None:
    """What is picked changes the target, and ends the game that imitates it; what no browser of ours says changes nothing."""
    if "strokes" in picked and bench.run is None:
        with suppress(ValueError, TypeError):
            painted = inked(picked["strokes"], WIDTHS["pen"]) > BRIGHT
            target.painted, target.points = painted, points_of(painted)
    elif picked.get("do") in ("wipe", "repaint") and not bench.busy:
        bench.run = None
        target.points = target.painted = None


def points_of(painted: np.ndarray) -> Points | None:
    """Points spread over what is painted, bool (side, side); None where nothing is."""
    if not painted.any():
        return None
    x = spread_out(painted, REAL_POINTS, 0)
    return Points(x, np.zeros(len(x), np.uint8))


def remark(painted: np.ndarray | None) -> str:
    """What is to be said of a painting, bool (side, side), or of none: a message id."""
    share = 0.0 if painted is None else float(painted.mean())
    if not share:
        return "target.empty"
    return "target.dot" if share < DOT_SHARE else "target.full" if share > FULL_SHARE else "target.painted"
