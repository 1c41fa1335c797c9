"""A film: many small pictures over the moments of a training, packed for the browser to play.

A film is made of panels; on a panel lie marks. `format.json` says what each is made of, for Python and the browser alike.
"""

from ann_core.charts.film.computed import Network, Neuron, Spot
from ann_core.charts.film.marks import Box, Cells, Cursor, Dots, Lines, Links, Panel, Picture, Place, Window, Words, framed
from ann_core.charts.film.packing import DEFAULTS, FORMAT, Course, packed, sourced
from ann_core.charts.film.relief import Contours, Mesh
from ann_core.charts.film.shades import (
    FINEST,
    SHARES_OF_CLASS,
    Ends,
    class_values,
    corners,
    light_values,
    places,
    signed_values,
    strengths,
)
from ann_core.charts.film.tokens import Labels, Numbers, Tokens
from ann_core.charts.film.touring import Hatch, Station
from ann_core.charts.film.wandering import Stroll, Sweep

__all__ = [
    "DEFAULTS",
    "FINEST",
    "FORMAT",
    "SHARES_OF_CLASS",
    "Box",
    "Cells",
    "Contours",
    "Course",
    "Cursor",
    "Dots",
    "Ends",
    "Hatch",
    "Labels",
    "Lines",
    "Links",
    "Mesh",
    "Network",
    "Neuron",
    "Numbers",
    "Panel",
    "Picture",
    "Place",
    "Spot",
    "Station",
    "Stroll",
    "Sweep",
    "Tokens",
    "Window",
    "Words",
    "class_values",
    "corners",
    "framed",
    "light_values",
    "packed",
    "places",
    "signed_values",
    "sourced",
    "strengths",
]
