"""Drawings become digits as MNIST made its own.

The study on MNIST needs its images in a folder: `ANN_DATA_DIR=folder python -m pytest -m slow -n 0 tests/test_drawing.py`
"""

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFilter

from ann_core.data.drawing import BOX, CENTRE, MOST_PLACES, inked, stages, to_digit
from ann_core.data.images import SIDE, load
from ann_core.data.problem import DataProblem

CANVAS = 280
SIZES = (0.5, 1, 1.5)
PENS = (-2, 0, 2)
MOST_LOST = 0.02


def rgba(ink):
    """A canvas with white ink on nothing, as the page's canvas gives it; ink: uint8 (h, w)."""
    return np.dstack([np.full((*ink.shape, 3), 255, np.uint8), ink])


def stroked(height, width, strokes, pen):
    image = Image.new("L", (width, height))
    ImageDraw.Draw(image).line([(x * width, y * height) for x, y in strokes], 255, pen)
    return np.array(image)


def repainted(digit, size, pen, random):
    """A digit, uint8 (28, 28), painted somewhere on a canvas with crisp edges.

    At size 1 a pixel becomes ten wide, and strokes gain `pen` pixels on each side; no more than fits.
    """
    rows, columns = (np.flatnonzero(digit.any(axis=axis)) for axis in (1, 0))
    box = np.pad(digit[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1], 2)
    scale = min(10 * size, CANVAS / max(box.shape))
    large = Image.fromarray(box).resize([int(scale * length) for length in box.shape[::-1]], Image.Resampling.BICUBIC)
    large = large.point([min(max(4 * value - 382, 0), 255) for value in range(256)])
    growth = ImageFilter.MaxFilter if pen > 0 else ImageFilter.MinFilter
    painted = np.array(large.filter(growth(2 * round(abs(pen) * scale / 10) + 1)))
    top, left = (random.integers(0, CANVAS - length + 1) for length in painted.shape)
    ink = np.zeros((CANVAS, CANVAS), np.uint8)
    ink[top : top + painted.shape[0], left : left + painted.shape[1]] = painted
    return rgba(ink)


def likeness(one, other):
    return np.corrcoef(one.ravel(), other.ravel())[0, 1]


@pytest.mark.parametrize("shape", [(280, 280, 4), (280, 280, 3), (28, 28), (1, 1), (3, 200, 4)])
def test_an_empty_canvas_gives_zeros(shape):
    found = stages(np.zeros(shape, np.uint8))
    assert found.ink.shape == found.cropped.shape == shape[:2]
    np.testing.assert_array_equal(found.centred, np.zeros((SIDE, SIDE), np.float32))


def test_what_is_transparent_is_background():
    ink = stroked(CANVAS, CANVAS, [(0.2, 0.3), (0.7, 0.6)], 20)
    np.testing.assert_array_equal(to_digit(rgba(ink)), to_digit(ink))
    np.testing.assert_allclose(to_digit(np.dstack([ink] * 3)), to_digit(ink), atol=1e-5)
    assert not to_digit(rgba(np.zeros_like(ink))).any()


def test_a_dot_remains_a_dot_in_the_middle():
    ink = np.zeros((CANVAS, CANVAS), np.uint8)
    ink[30:50, 200:220] = 255
    digit = to_digit(ink)
    rows, columns = np.nonzero(digit)
    assert np.ptp(rows) == np.ptp(columns) == 5
    assert abs(rows.mean() - CENTRE) <= 0.5
    ink[:] = 0
    ink[30, 200] = 255
    assert (to_digit(ink) > 0).sum() == 1
    assert to_digit(ink)[CENTRE, CENTRE] == 1


def test_a_white_canvas_is_a_square_and_a_thin_line_is_one_pixel_thick():
    assert to_digit(np.full((CANVAS, CANVAS), 255, np.uint8)).sum() == BOX**2
    ink = np.zeros((CANVAS, CANVAS), np.uint8)
    ink[9, 30:250] = 255
    found = stages(ink)
    np.testing.assert_array_equal(found.fitted, np.ones((1, BOX)))
    np.testing.assert_array_equal(found.centred[CENTRE], np.pad(np.ones(BOX), 4))
    np.testing.assert_array_equal(to_digit(ink.T), found.centred.T)


def test_the_centre_of_mass_and_not_of_the_box_is_in_the_middle():
    ink = stroked(CANVAS, CANVAS, [(0.3, 0.1), (0.3, 0.9)], 60) | stroked(CANVAS, CANVAS, [(0.3, 0.9), (0.9, 0.9)], 8)
    digit = to_digit(ink)
    for axis in (0, 1):
        assert abs(np.average(np.arange(SIDE), weights=digit.sum(axis=axis)) - CENTRE) <= 0.51


CORNERS = st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=2, max_size=5)


@given(st.integers(1, 120), st.integers(1, 120), CORNERS, st.integers(1, 40))
def test_any_drawing_gives_a_digit_of_which_nothing_is_cut_off(height, width, strokes, pen):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = stages(rgba(stroked(height, width, strokes, pen)))
    digit = found.centred
    assert (digit.shape, digit.dtype) == ((SIDE, SIDE), np.float32)
    assert digit.min() >= 0
    assert digit.max() in (0, 1)
    assert max(found.fitted.shape) <= BOX
    np.testing.assert_allclose(digit.sum(), found.fitted.sum(), rtol=1e-5)


@given(st.integers(0, 2**32 - 1), st.sampled_from([(8, 8), (28, 28, 3), (60, 40, 4), (1, 30)]))
def test_noise_gives_a_digit(seed, shape):
    digit = to_digit(np.random.default_rng(seed).integers(0, 256, shape, np.uint8))
    assert np.isfinite(digit).all()
    assert digit.max() == 1


@given(CORNERS, st.integers(2, 20), st.integers(0, 180), st.integers(0, 180))
def test_where_on_the_canvas_does_not_matter(strokes, pen, down, right):
    drawing = stroked(100, 100, strokes, pen)
    found = [to_digit(np.pad(drawing, ((top, 180 - top), (left, 180 - left)))) for top, left in ((0, 0), (down, right))]
    np.testing.assert_array_equal(*found)


@pytest.mark.parametrize("factor", [2, 3])
def test_how_fine_the_canvas_is_hardly_matters(factor):
    for digit in load("digits").x_test[:50]:
        canvas = repainted(digit, 1, 0, np.random.default_rng(1))
        finer = canvas.repeat(factor, axis=0).repeat(factor, axis=1)
        np.testing.assert_allclose(to_digit(finer), to_digit(canvas), atol=0.05)


def test_painted_digits_come_back():
    random = np.random.default_rng(1)
    originals = load("digits").x_test[:60]
    for pen, least in ((-2, 0.92), (0, 0.94), (2, 0.94)):
        for size in SIZES:
            likenesses = [likeness(to_digit(repainted(digit, size, pen, random)), to_digit(digit)) for digit in originals]
            assert np.median(likenesses) > least, (pen, size)


@pytest.fixture(scope="module")
def unseen(study_data):
    """Images of MNIST, with labels, that the network of `reads` was not trained on."""
    try:
        mnist = load("mnist")
    except DataProblem:
        pytest.skip("MNIST is not in ANN_DATA_DIR")
    return np.concatenate([mnist.x_test[:1000], mnist.x_train[5000:7000]]), np.concatenate([mnist.y_test[:1000], mnist.y_train[5000:7000]])


@pytest.fixture(scope="module")
def reads(unseen):
    """The share of images, float (n, 28, 28) in [0, 1], that a network trained on MNIST reads rightly."""
    from ann_core.models import portable
    from ann_core.specs import ConvolutionalSpec
    from ann_core.training.train import train

    run = train(ConvolutionalSpec())
    network = portable(run.spec)
    network.set_weights(run.final.weights)
    return lambda images: float(np.mean(network.predict(images, verbose=0).argmax(axis=-1) == unseen[1]))


@pytest.mark.slow
def test_mnist_itself_comes_back_unchanged(unseen):
    off = [np.abs(to_digit(image) - image / 255).max() > 0.01 for image in unseen[0]]
    assert np.mean(off) < 0.03


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("pen", PENS)
def test_painted_digits_are_read_like_the_originals(unseen, reads, size, pen):
    random = np.random.default_rng(1)
    painted = np.stack([to_digit(repainted(image, size, pen, random)) for image in unseen[0]])
    original, found = reads(unseen[0].astype(np.float32) / 255), reads(painted)
    assert found >= original - MOST_LOST, (original, found)


STROKES = st.lists(st.lists(st.tuples(st.floats(-0.5, 1.5), st.floats(-0.5, 1.5)), min_size=1, max_size=6), max_size=5)


@given(STROKES, st.floats(0.02, 0.2))
def test_strokes_become_a_digit_wherever_a_hand_leaves_the_picture(strokes, width):
    sheet = inked(strokes, width)
    assert sheet.shape == (CANVAS, CANVAS)
    assert sheet.dtype == np.uint8
    within = [(x, y) for stroke in strokes for x, y in stroke if 0.01 < x < 0.99 and 0.01 < y < 0.99]
    assert all(sheet[int(y * CANVAS), int(x * CANVAS)] == 255 for x, y in within)
    centred = stages(sheet).centred
    assert centred.shape == (SIDE, SIDE)
    assert 0 <= centred.min() <= centred.max() <= 1


@pytest.mark.parametrize("strokes", [[[(0.5, np.nan)]], [[(np.inf, 0.5)]], [[(0.1, 0.2, 0.3)]], [[(0.5, 0.5)] * (MOST_PLACES + 1)]])
def test_strokes_that_no_hand_draws_are_refused(strokes):
    with pytest.raises(ValueError, match=r"strokes|reshape"):
        inked(strokes, 0.08)
