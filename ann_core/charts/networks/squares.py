"""Where squares stand: as many as there are in rows, each alone, or with another one beside it."""

from ann_core.charts.film import Box

APART = 5.0
"""Between the two of a pair."""


def squares(room: Box, count: int, gap: float, paired: bool = False) -> list[Box]:
    """So many squares in rows, as large as the room allows with a gap between them, in its middle; or the first ones of pairs."""

    def side(columns: int) -> float:
        wide = room.width / columns - gap
        return min((wide - APART) / 2 if paired else wide, room.height / -(-count // columns) - gap)

    columns = max(range(1, count + 1), key=side)
    each, rows = side(columns), -(-count // columns)
    across, down = (2 * each + APART if paired else each) + gap, each + gap
    left, top = room.x + (room.width - columns * across + gap) / 2, room.y + (room.height - rows * down + gap) / 2
    return [Box(left + place % columns * across, top + place // columns * down, each, each) for place in range(count)]


def next_to(box: Box) -> Box:
    """The second one of a pair."""
    return Box(box.x + box.width + APART, box.y, box.width, box.height)
