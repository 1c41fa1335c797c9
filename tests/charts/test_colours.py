"""Colours that readers with the three kinds of colour blindness can tell apart, by the model of Machado et al. (2009)."""

import re
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from colorspacious import cspace_convert, deltaE

from ann_core.charts import palette

SIGHTS = (None, "protanomaly", "deuteranomaly", "tritanomaly")
PAIRS = {
    "training and held out": (palette.TRAINING, palette.VALIDATION),
    "signs": (palette.POSITIVE, palette.NEGATIVE),
    "real and generated": (palette.REAL, palette.FAKE),
    "chosen and others": (palette.CHOSEN, palette.QUIET),
}
FAMILIES = {"classes": palette.CLASSES, "runs": palette.RUNS, "categories": palette.CATEGORIES[:5]}
GROUNDS = {"light": "#fdfdfc", "dark": "#14171c"}
FAR, APART = 17, 10
"""Distances in CAM02-UCS, where 1 is just noticeable: of pairs that carry the meaning alone, and of lines that have names too."""
CONTRAST = 3.0
"""What WCAG 2.2 asks of graphics; yellow and orange miss it on white, and are always drawn with an outline or beside a name."""


def rgb(colour):
    return np.array([int(colour[place : place + 2], 16) for place in (1, 3, 5)]) / 255


def seen(colour, sight):
    if sight is None:
        return rgb(colour)
    simulated = {"name": "sRGB1+CVD", "cvd_type": sight, "severity": 100}
    return np.clip(cspace_convert(rgb(colour), simulated, "sRGB1"), 0, 1)


def distance(first, second, sight):
    return float(deltaE(seen(first, sight), seen(second, sight), input_space="sRGB1", uniform_space="CAM02-UCS"))


def contrast(first, second):
    lights = sorted(float(_linear(rgb(colour)) @ (0.2126, 0.7152, 0.0722)) for colour in (first, second))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def _linear(channels):
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("name", PAIRS)
def test_pairs_are_far_apart_for_everybody(name, sight):
    assert distance(*PAIRS[name], sight) >= FAR


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("name", FAMILIES)
def test_families_can_be_told_apart(name, sight):
    nearest = min((distance(*pair, sight), *pair) for pair in combinations(FAMILIES[name], 2))
    assert nearest[0] >= APART, nearest


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("colour", [palette.TRAINING, palette.POSITIVE, palette.NEGATIVE, palette.REAL, palette.CHOSEN])
def test_colours_stand_out_from_the_ground(colour, ground):
    assert contrast(colour, GROUNDS[ground]) >= CONTRAST


def test_a_simulation_is_no_identity():
    assert distance("#0a8f7a", "#c8447a", "deuteranomaly") < 6, "a green and a pink that look alike to some must be found out"


PAINT = (Path(__file__).parents[2] / "ann_core" / "ui" / "figures" / "film" / "paint.js").read_text(encoding="utf-8")
INKS = {"light": "#0b131c", "dark": "#e7ebf0"}
READABLE = 4.5
"""What WCAG 2.2 asks of text."""


def constant(name):
    return float(re.search(rf"^const {name} = ([\d.]+)", PAINT, re.MULTILINE)[1])


def mixed(first, second, share):
    """A colour on the way from the first to the second, as hex."""
    parts = np.rint(255 * (rgb(first) + share * (rgb(second) - rgb(first)))).astype(int)
    return "#" + "".join(f"{part:02x}" for part in parts)


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("colour", palette.CLASSES)
def test_the_edge_of_a_dot_stands_out_from_the_strongest_ground(colour, ground):
    strongest = mixed(GROUNDS[ground], colour, constant("GROUND"))
    assert contrast(INKS[ground], strongest) >= CONTRAST


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("colour", [*palette.CLASSES, palette.TRAINING, palette.VALIDATION, palette.CHOSEN, palette.QUIET])
def test_coloured_words_can_be_read(colour, ground):
    assert contrast(mixed(colour, INKS[ground], constant("TO_INK") / 100), GROUNDS[ground]) >= READABLE
