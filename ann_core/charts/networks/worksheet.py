"""The panel of the worksheet: a 2-2-1 network with every number that is known so far, on the way there and on the way back."""

from collections.abc import Mapping, Sequence

import numpy as np

from ann_core.charts.film import Box, Cells, Links, Panel, Words, framed, signed_values, strengths
from ann_core.charts.networks.convolution import Titles
from ann_core.charts.palette import CHOSEN, VALIDATION
from ann_core.charts.sequences.recurrent import path

WIDE, HIGH = 975.0, 555.0
NODE, SMALL, GAP = (80.0, 46.0), (64.0, 32.0), 2.0
ACROSS, UPPER, LOWER, MIDDLE = (14.0, 380.0, 700.0), 120.0, 400.0, 260.0
GREATEST, DIGITS = 2.0, 3
INDICES = {"1": "₁", "2": "₂", "o": "ₒ"}
NODES = {"x1": (0, UPPER), "x2": (0, LOWER), "h1": (1, UPPER), "h2": (1, LOWER), "o": (2, MIDDLE)}
LINKS = {"w11": ("x1", "h1"), "w12": ("x1", "h2"), "w21": ("x2", "h1"), "w22": ("x2", "h2"), "v1": ("h1", "o"), "v2": ("h2", "o")}
STACKS = {"w11": (235, 26), "w12": (150, 172), "w21": (150, 292), "w22": (235, 436), "v1": (610, 46), "v2": (668, 400)}
"""Where the numbers of a connection stand, one above the other: the weight, its gradient, what it becomes."""
BIASES = {"b1": "h1", "b2": "h2", "c": "o"}
DELTAS = {"delta_1": "h1", "delta_2": "h2", "delta_o": "o"}
SUMS = {"z1": "h1", "z2": "h2", "zo": "o"}
COMES_BACK = {"dL_dh1": "h1", "dL_dh2": "h2"}


def worksheet_panel(titles: Titles, known: Mapping[str, float], newest: str, words: Sequence[str]) -> Panel:
    """All numbers by the keys of the worksheet's terms and parameters; what is not known yet is a question mark.

    `newest` is framed. `words` name the target and the loss.
    """
    marks: list = [_links(known)]
    for key, node in COMES_BACK.items():
        if key in known:
            marks += _way_back(key, node, known, newest)
    for key in NODES:
        marks += _cell(_node(key), known.get(key), key == newest)
    for key, place in STACKS.items():
        marks += _parameter(key, place, (0.0, SMALL[1] + GAP), known, newest)
    for key, node in BIASES.items():
        marks += _parameter(key, _under(node, 0), (SMALL[0] + 26, 0.0), known, newest)
    for keys, row in ((DELTAS, 1), (SUMS, -1)):
        for key, node in keys.items():
            marks += _small(key, _sign(key), _under(node, row), known, newest)
    for key, word, y in (("target", words[0], UPPER), ("loss", words[1], UPPER + NODE[1] + 34)):
        box = Box(WIDE - NODE[0] - 10, y, *NODE)
        marks += [*_cell(box, known.get(key), key == newest), Words([word], [(box.x + NODE[0] / 2, y - 10)], size=12.0)]
    return Panel(*titles, WIDE, HIGH, marks)


def _node(key: str) -> Box:
    column, top = NODES[key]
    return Box(ACROSS[column], top, *NODE)


def _under(node: str, row: int) -> tuple[float, float]:
    """The left upper corner of a small cell under a node, or over it."""
    box = _node(node)
    return box.x + 20, box.y + (box.height + GAP + row * (SMALL[1] + GAP) if row >= 0 else -SMALL[1] - GAP)


def _cell(box: Box, value: float | None, newest: bool) -> list:
    if value is None:
        return [framed(box), Words(["?"], [(box.x + box.width / 2, box.y + box.height / 2)], size=14.0)]
    values = np.full((1, 1, 1), value, np.float32)
    frame = [path(_corners(box), CHOSEN, 4.0)] if newest else []
    return [Cells(box, values, signed_values(values, GREATEST), digits=DIGITS), *frame]


def _corners(box: Box) -> list[tuple[float, float]]:
    right, foot = box.x + box.width, box.y + box.height
    return [(box.x, box.y), (right, box.y), (right, foot), (box.x, foot), (box.x, box.y)]


def _small(key: str, sign: str, place: tuple[float, float], known: Mapping[str, float], newest: str, colour: str = "") -> list:
    """A small cell with its sign before it, once its number is known."""
    if key not in known:
        return []
    box = Box(*place, *SMALL)
    return [*_cell(box, known[key], key == newest), Words([sign], [(box.x - 4, box.y + box.height / 2)], "right", 12.0, colour)]


def _parameter(key: str, place: tuple[float, float], step: tuple[float, float], known: Mapping[str, float], newest: str) -> list:
    """A weight or a bias, then its gradient, then what it becomes."""
    parts = ((key, _sign(key), ""), (f"dL_d{key}", "∂L", VALIDATION), (f"new_{key}", "→", CHOSEN))
    marks = []
    for number, (name, sign, colour) in enumerate(parts):
        marks += _small(name, sign, (place[0] + number * step[0], place[1] + number * step[1]), known, newest, colour)
    return marks


def _links(known: Mapping[str, float]) -> Links:
    weights = np.array([[known[key] for key in LINKS]])
    greatest = max(float(np.abs(weights).max()), 1e-9)
    return Links(np.array([_ends(key) for key in LINKS], np.float32), strengths(weights, greatest), 1, greatest=greatest, name="w")


def _ends(key: str) -> tuple[float, float, float, float]:
    before, after = (_node(node) for node in LINKS[key])
    return before.x + NODE[0], before.y + NODE[1] / 2, after.x, after.y + NODE[1] / 2


def _way_back(key: str, node: str, known: Mapping[str, float], newest: str) -> list:
    """What of the error comes back to a hidden neuron: an arrow against the connection, and its number."""
    start, end = _node("o"), _node(node)
    side = 1 if end.y < start.y else -1
    tail, tip = np.array([start.x, start.y + NODE[1] / 2]), np.array([end.x + NODE[0] + 4, end.y + NODE[1] / 2 + 10 * side])
    along = (tip - tail) / np.linalg.norm(tip - tail)
    across = np.array([-along[1], along[0]])
    arrow = path([tail, tip, tip - 11 * along + 6 * across, tip, tip - 11 * along - 6 * across], VALIDATION, 2.0)
    middle = (tail + tip) / 2
    place = middle[0] - SMALL[0] / 2 + 14, middle[1] - SMALL[1] / 2 + 16 * side
    return [arrow, *_small(key, f"∂L/∂{_sign(node)}", place, known, newest, VALIDATION)]


def _sign(key: str) -> str:
    """A key as it is written: w₁₁, b₂, δₒ."""
    letter, index = ("δ", key[-1]) if key.startswith("delta") else (key[0], key[1:])
    return letter + "".join(INDICES[sign] for sign in index)
