"""The marks of a film's panels, each in a box of the panel's own units.

What moves has the moments as its first axis; an array with one moment stays as it is. Marks that know what their colours
and places stand for are told in numbers too, in tables beneath the film.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import numpy as np

from ann_core.charts.film.shades import Ends, beyond, corners, places, signed_values
from ann_core.charts.palette import QUIET

FARTHEST = 100.0
"""Lines that leave their box are followed so many times as far as it reaches."""


class Box(NamedTuple):
    """Where a mark lies on its panel: its upper left corner, its width and height."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Picture:
    """Values as colours: uint8 (moments, rows, columns), made by `signed_values` or `class_values`.

    `pick` is what a click on it says; `main` marks the one that shows others when they are pointed at. A `crisp` picture
    shows its cells. One that is `filling` shows those faintly whose moment is still to come, in reading order, and a touch
    leads to the moment of a cell. Where it has `leading_rows`, pointing at a row leads to the moment with its number. The
    answers of one that `decides` may be seen as decisions.
    White stands for `middle`, the full colours for `greatest` more or less: one number for all moments, or (moments,). They
    stand for nothing where `greatest` is 0. `name` is what the picture's table is called, `down` and `across` what its rows
    and its columns are called, where they have names. At moments that are not `shown`, uint8 (moments,), it is not there.
    Where its `values` are there too, float32 as the frames are, each is told when it is pointed at. On a `paper` one can draw.
    `scaled` says what its numbers are, such as "a": the colours of all that are of the same kind may stand for the same number in
    a panel, or in the whole film. Where it is `bordered`, a line is drawn where it has the colour of `middle`. Over one that is `spanned`
    a rectangle is dragged, and says its corners in place of a cell.
    """

    kind: ClassVar = "picture"
    box: Box
    frames: np.ndarray
    palette: str = "signed"
    pick: str = ""
    chosen: bool = False
    main: bool = False
    crisp: bool = False
    filling: bool = False
    leading_rows: bool = False
    decides: bool = False
    middle: np.ndarray | float = 0.0
    greatest: np.ndarray | float = 1.0
    name: str = ""
    down: Sequence[str] = ()
    across: Sequence[str] = ()
    shown: np.ndarray | None = None
    values: np.ndarray | None = None
    paper: bool = False
    scaled: str = ""
    bordered: bool = False
    spanned: bool = False

    @classmethod
    def signed(cls, box: Box, values: np.ndarray, greatest: np.ndarray | float, /, **options: Any) -> "Picture":
        """Values of either sign, (moments, rows, columns), of which `greatest`, for all or (moments, 1, 1), has the full colours."""
        return cls(box, signed_values(values, greatest), greatest=_flat(greatest), **options)


@dataclass(frozen=True)
class Dots:
    """Points: places in the box as uint16 (moments, n, 2), made by `places`; colours as in a picture, uint8 (n,), and what they stand for.

    `corners`: the coordinates of the box's lower left and upper right, where they mean something. `beyond` are the points that
    lie outside the box, (k, 4): moment, number, true place; they are drawn hollow, at its edge. So are those `held_out`, each at
    its place. Where they are `strays`, those beyond are arrows that lead outwards, with their number on each side and how far
    the farthest is from its edge. At moments that are not `shown`, uint8 (moments,), there are none. Dots may be `numbered`, from 1.
    """

    kind: ClassVar = "dots"
    box: Box
    places: np.ndarray
    values: np.ndarray
    palette: str = "signed"
    held_out: bool = False
    radius: float = 3.0
    corners: np.ndarray | None = None
    beyond: np.ndarray | None = None
    shown: np.ndarray | None = None
    middle: float = 0.0
    greatest: float = 1.0
    name: str = ""
    strays: bool = False
    numbered: bool = False

    @classmethod
    def at(cls, box: Box, points: np.ndarray, low: Ends, high: Ends, values: np.ndarray, **options: Any) -> "Dots":
        """Points (moments, n, 2) in a box that reaches from `low` to `high`."""
        outside = beyond(points, low, high)
        return cls(box, places(points, low, high), values, corners=corners(low, high), beyond=outside, **options)


@dataclass(frozen=True)
class Lines:
    """Lines in the box: uint16 (moments, lines, points, 2); `corners` as of `Dots`.

    Lines with a `frame` reach beyond it, and are drawn within it: where one leaves it, a mark says so.
    Of bundles of lines that would be too much: they are cut off at the sides of what is `seen`. Those that are `headed` are arrows.
    `shown` as of `Picture`.
    """

    kind: ClassVar = "lines"
    box: Box
    places: np.ndarray
    colour: str = QUIET
    width: float = 1.0
    dashed: bool = False
    corners: np.ndarray | None = None
    frame: Box | None = None
    seen: Box | None = None
    name: str = ""
    headed: bool = False
    shown: np.ndarray | None = None

    @classmethod
    def at(cls, box: Box, points: np.ndarray, low: Ends, high: Ends, **options: Any) -> "Lines":
        """Lines (moments, lines, points, 2) in a box that reaches from `low` to `high`."""
        return cls(box, places(points, low, high), corners=corners(low, high), **options)

    @classmethod
    def leaving(cls, frame: Box, points: np.ndarray, low: Ends, high: Ends, **options: Any) -> "Lines":
        """The same in a frame that some of them may leave, by its own size on every side."""
        size = np.asarray(high, float) - low
        return cls.at(_enlarged(frame, 3), points, low - size, high + size, frame=frame, **options)

    @classmethod
    def cut(cls, box: Box, points: np.ndarray, reach: float, **options: Any) -> "Lines":
        """Lines (moments, lines, points, 2) around zero that may leave a box from -`reach` to `reach`: placed in a larger one."""
        times = float(np.clip(np.abs(points, where=np.isfinite(points), out=np.zeros_like(points)).max(initial=0.0) / reach, 1, FARTHEST))
        return cls.at(_enlarged(box, times), points, -times * reach, times * reach, seen=box, **options)


@dataclass(frozen=True)
class Links:
    """Connections, static float32 (n, 4) in the panel's units; strength and sign of each: int8 (moments, n).

    Those without any strength are drawn faintly, or, where it is `quiet`, not at all. They lead from each thing of
    a column to each of the `second` things of another; the strongest stands for `greatest`. Where their `weights` are there, float32
    as the strengths are, each tells its own when it is pointed at, and each of the second things its bias, (moments, second).
    """

    kind: ClassVar = "links"
    ends: np.ndarray
    strengths: np.ndarray
    second: int
    quiet: bool = False
    greatest: float = 1.0
    weights: np.ndarray | None = None
    biases: np.ndarray | None = None
    name: str = ""
    down: Sequence[str] = ()
    across: Sequence[str] = ()


@dataclass(frozen=True)
class Cursor:
    """A vertical line that shows which moment it is: uint16 (moments,), a place along the box."""

    kind: ClassVar = "cursor"
    box: Box
    places: np.ndarray


@dataclass(frozen=True)
class Cells:
    """Numbers in a grid: float32 (moments, rows, columns), each in a cell of its colour, uint8 of the same shape.

    `name`, `down`, `across`, `pick` and `shown` as of `Picture`. Numbers that can be `turned` are changed by dragging them.
    """

    kind: ClassVar = "cells"
    box: Box
    values: np.ndarray
    frames: np.ndarray
    palette: str = "signed"
    digits: int = 2
    name: str = ""
    down: Sequence[str] = ()
    across: Sequence[str] = ()
    pick: str = ""
    turned: bool = False
    shown: np.ndarray | None = None


@dataclass(frozen=True)
class Window:
    """A window that moves over a picture of `rows` × `columns`: which of its cells it looks at, uint16 (moments, cells, 2).

    A cell is its row and its column.
    """

    kind: ClassVar = "window"
    box: Box
    cells: np.ndarray
    rows: int
    columns: int


@dataclass(frozen=True)
class Place:
    """A place that is picked by its row and column, and not painted: what it says is `pick`.

    One that `leads` says nothing: pointing at a cell leads to the moment that has its number, in reading order.
    """

    kind: ClassVar = "place"
    box: Box
    pick: str
    rows: int
    columns: int
    name: str = ""
    leads: bool = False


@dataclass(frozen=True)
class Words:
    """Texts at places of the panel; `align` is left, center or right; `shown` as of `Picture`.

    Those that are `bound` shrink with the panel, and never lie over one another; others stay as large as one can read them.
    """

    kind: ClassVar = "words"
    texts: Sequence[str]
    places: Sequence[tuple[float, float]]
    align: str = "center"
    size: float = 12.0
    colour: str = ""
    shown: np.ndarray | None = None
    bound: bool = False


@dataclass(frozen=True)
class Panel:
    """A canvas: its size in units of its own, what it is called, what it shows in words, the marks on it.

    A panel with a `choice` is one of several that take the same place; the learner chooses between them. `hovered` is
    what it is called while its main picture shows another, which is pointed at. A drawing without numbers is not `told` in
    tables. Those that are `large` fill the first rows of the page, the others follow; one that stands `alone` has a row for itself.
    In a `gliding` one dots, lines and colours go evenly from moment to moment while the film plays, and dots leave a short trail.
    """

    title: str
    alt: str
    width: float
    height: float
    marks: Sequence[Any]
    choice: str = ""
    hovered: str = ""
    told: bool = True
    large: bool = False
    alone: bool = False
    gliding: bool = False


def framed(box: Box) -> Lines:
    """A thin frame around a box."""
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]])
    return Lines(box, places(corners[None, None], 0, 1))


def _enlarged(box: Box, times: float) -> Box:
    """A box so many times as wide and as high, around the same middle."""
    more = (times - 1) / 2
    return Box(box.x - more * box.width, box.y - more * box.height, times * box.width, times * box.height)


def _flat(greatest: np.ndarray | float) -> np.ndarray | float:
    whole = np.nan_to_num(greatest)
    return np.ravel(whole).astype(np.float32) if np.size(whole) > 1 else float(np.reshape(whole, ()))
