"""The eye for emptiness, on pictures made by hand."""

import numpy as np

from tests.browser.emptiness import Box, empty_boxes

PAGE = Box(100, 0, 1100, 1000)


def page():
    """A page full of lines, with a sidebar and a margin on which nothing is."""
    picture = np.full((1000, 1200, 3), 250, np.uint8)
    picture[::20, PAGE.left : PAGE.right] = 0
    return picture


def test_a_full_page_has_no_empty_place_and_its_margins_do_not_count():
    assert empty_boxes(page(), PAGE) == []
    assert empty_boxes(page(), Box(0, 0, 1200, 1000)) == []
    wide = np.pad(page(), ((0, 0), (400, 0), (0, 0)), constant_values=250)
    assert len(empty_boxes(wide, Box(0, 0, 1600, 1000))) == 1


def test_an_empty_place_is_found_where_it_is():
    picture = page()
    picture[200:620, 500:900] = 250
    assert empty_boxes(picture, PAGE) == [Box(500, 190, 900, 620)]


def test_what_is_small_or_narrow_is_no_empty_place():
    picture = page()
    picture[200:480, 100:1100] = 250
    picture[500:1000, 300:590] = 250
    assert empty_boxes(picture, PAGE) == []


def test_the_frame_of_a_figure_is_not_empty():
    picture = page()
    picture[200:700, 300:800] = 250
    assert empty_boxes(picture, PAGE)
    assert empty_boxes(picture, PAGE, filled=[Box(300, 200, 800, 700)]) == []


def test_a_dark_page_is_seen_as_a_light_one():
    picture = 255 - page()
    picture[0:500, 100:600] = 5
    assert len(empty_boxes(picture, PAGE)) == 1
