"""A learner's own pictures: whatever is a picture is shown, the rest is refused with its reason."""

import io
import struct
import warnings
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from ann_core.data.images import SIDE
from ann_core.data.pictures import MOST_BYTES, grey, read_picture, scene
from ann_core.data.problem import DataProblem

RED, GREEN, WHITE, BLACK = (255, 0, 0), (0, 128, 0), (255, 255, 255), (0, 0, 0)


@pytest.fixture(autouse=True)
def no_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def file_of(image, kind="PNG", **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def problem_of(content):
    with pytest.raises(DataProblem) as caught:
        read_picture(content)
    return caught.value


def bomb(width, height):
    """A PNG that says it is this large."""
    chunks = ((b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(bytes(100))), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(struct.pack(">I", len(d)) + n + d + struct.pack(">I", zlib.crc32(n + d)) for n, d in chunks)


@pytest.mark.parametrize(
    ("size", "shrunk"),
    [((1, 1), (1, 1)), ((28, 28), (28, 28)), ((5, 9), (5, 9)), ((560, 280), (28, 14)), ((3, 2000), (1, 28)), ((29, 1), (28, 1))],
)
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "BMP", "GIF", "WEBP", "TIFF"])
def test_the_longer_side_has_28_pixels_at_most(size, shrunk, kind):
    picture = read_picture(file_of(Image.new("RGB", size, RED), kind))
    assert (picture.shape, picture.dtype) == ((*shrunk[::-1], 3), np.uint8)
    assert np.abs(picture.astype(int) - RED).max() < 8


def test_another_side_may_be_asked_for():
    assert read_picture(file_of(Image.new("RGB", (300, 200))), side=60).shape == (40, 60, 3)


def test_shrinking_averages():
    board = Image.fromarray((np.indices((280, 280)).sum(axis=0) % 2 * 255).astype(np.uint8))
    assert np.abs(read_picture(file_of(board)).astype(int) - 128).max() <= 2


def test_the_first_frame_of_an_animation_is_shown_on_white():
    frames = [Image.new("P", (20, 10), 0) for _ in range(2)]
    for frame, colour in zip(frames, (GREEN, RED), strict=True):
        frame.putpalette([*RED, *colour])
        frame.paste(1, (10, 0, 20, 10))
    picture = read_picture(file_of(frames[0], "GIF", save_all=True, append_images=frames[1:], transparency=0))
    np.testing.assert_array_equal(picture[:, :10], np.broadcast_to(WHITE, (10, 10, 3)))
    np.testing.assert_array_equal(picture[:, 10:], np.broadcast_to(GREEN, (10, 10, 3)))


@pytest.mark.parametrize("mode", ["LA", "RGBA"])
@pytest.mark.parametrize("width", [2, 200])
def test_what_is_transparent_becomes_white(mode, width):
    image = Image.new(mode, (width, 1), (0,) * len(mode))
    image.paste((0,) * (len(mode) - 1) + (255,), (width // 2, 0, width, 1))
    picture = read_picture(file_of(image))
    assert picture[0, 0].tolist() == [255] * 3
    assert picture[0, -1].tolist() == [0] * 3


def test_half_transparent_red_on_white_is_pink():
    assert read_picture(file_of(Image.new("RGBA", (1, 1), (*RED, 128)))).tolist() == [[[255, 127, 127]]]


def test_a_transparent_colour_of_an_opaque_mode_becomes_white():
    content = file_of(Image.new("RGB", (2, 2), RED), transparency=RED)
    assert (read_picture(content) == 255).all()


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "CMYK", "YCbCr"])
def test_other_modes_are_read(mode):
    image = Image.new("RGB", (2, 1), BLACK)
    image.putpixel((1, 0), WHITE)
    picture = read_picture(file_of(image.convert(mode), "PNG" if mode in ("1", "L", "P", "RGB") else "TIFF"))
    assert np.abs(picture.astype(int) - [[BLACK, WHITE]]).max() <= 1


@pytest.mark.parametrize(("kind", "file"), [("<u2", "PNG"), ("<u2", "TIFF"), (">u2", "TIFF"), ("<i4", "TIFF")])
def test_sixteen_bits_keep_their_own_range(kind, file):
    image = Image.fromarray(np.array([[0, 257, 128 * 257, 65_535]], kind))
    assert read_picture(file_of(image, file))[0, :, 0].tolist() == [0, 1, 128, 255]


def test_more_than_sixteen_bits_are_not_clipped():
    image = Image.fromarray(np.array([[0, 500_000, 1_000_000]], np.int32))
    assert read_picture(file_of(image, "TIFF"))[0, :, 0].tolist() == [0, 128, 255]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([-3, 0, 3], [0, 128, 255]),
        ([7, 7, 7], [0, 0, 0]),
        ([np.nan, 0, 1], [0, 0, 255]),
        ([np.inf, -np.inf, np.nan], [0, 0, 0]),
        ([-3e38, 0, 3e38], [0, 128, 255]),
    ],
)
def test_floats_are_shown_between_their_extremes(values, expected):
    image = Image.fromarray(np.array([values], np.float32))
    assert read_picture(file_of(image, "TIFF"))[0, :, 0].tolist() == expected


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP"])
def test_a_photograph_is_turned_upright(kind):
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90° clockwise
    image = Image.new("RGB", (400, 200), BLACK)
    image.paste(WHITE, (0, 0, 200, 200))
    picture = read_picture(file_of(image, kind, exif=exif))
    assert picture.shape == (28, 14, 3)
    assert picture[:10].min() > 200
    assert picture[-10:].max() < 50


def test_a_file_that_is_too_large_is_refused():
    problem = problem_of(bytes(MOST_BYTES + 1))
    assert (problem.code, problem.values) == ("picture_too_large", {"megabytes": "10"})


@pytest.mark.parametrize(("width", "height"), [(12_000, 12_000), (50_000, 50_000), (40_000_001, 1), (2**31 - 1, 2**31 - 1)])
def test_a_decompression_bomb_is_refused_by_its_header(width, height):
    limit = Image.MAX_IMAGE_PIXELS
    problem = problem_of(bomb(width, height))
    assert (problem.code, problem.values) == ("picture_too_many_pixels", {"width": width, "height": height})
    assert limit == Image.MAX_IMAGE_PIXELS


def test_a_real_bomb_is_refused_too():
    assert problem_of(file_of(Image.new("1", (12_000, 12_000)))).code == "picture_too_many_pixels"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello, I am a picture",
        "数学,语文".encode(),
        b"%!PS-Adobe-3.0 EPSF-3.0",
        bomb(0, 5),
        bomb(300, 300),
        b"GIF89a",
        b"\xff\xd8\xff",
    ],
)
def test_what_is_no_picture_is_refused(content):
    problem = problem_of(content)
    assert (problem.code, problem.values) == ("picture_unreadable", {})


def samples():
    image = Image.fromarray(np.random.default_rng(0).integers(0, 256, (40, 30, 3), np.uint8))
    options = {
        "GIF": {"save_all": True, "append_images": [image.transpose(Image.Transpose.ROTATE_180)]},
        "TIFF": {"compression": "tiff_lzw"},
    }
    return {kind: file_of(image, kind, **options.get(kind, {})) for kind in ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF")}


SAMPLES = samples()


@pytest.mark.parametrize("kind", SAMPLES)
def test_half_a_file_is_refused(kind):
    assert problem_of(SAMPLES[kind][: len(SAMPLES[kind]) // 2]).code == "picture_unreadable"


def is_read_or_refused(content):
    try:
        picture = read_picture(content)
    except DataProblem as problem:
        assert problem.code in ("picture_unreadable", "picture_too_many_pixels")  # noqa: PT017
        return
    assert picture.dtype == np.uint8
    assert picture.ndim == picture.shape[2] == 3
    assert 1 <= max(picture.shape[:2]) <= SIDE


@given(st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"\xff\xd8\xff", b"BM", b"II*\0", b"MM\0*"]), st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(start, rest):
    is_read_or_refused(start + rest)


@given(st.sampled_from(sorted(SAMPLES)), st.floats(0, 1))
def test_any_part_of_a_file_is_read_or_refused(kind, share):
    is_read_or_refused(SAMPLES[kind][: int(share * len(SAMPLES[kind]))])


@given(st.sampled_from(sorted(SAMPLES)), st.floats(0, 1), st.integers(0, 120), st.binary(min_size=1, max_size=4))
def test_a_damaged_file_is_read_or_refused(kind, share, header, damage):
    content = SAMPLES[kind]
    place = int(share * len(content)) if header > 60 else header
    is_read_or_refused(content[:place] + damage + content[place + len(damage) :])


def test_the_scene_has_clear_colours_and_edges():
    picture = scene()
    assert (picture.shape, picture.dtype) == ((SIDE, SIDE, 3), np.uint8)
    sky, wall, grass = picture[0, 0].astype(int), picture[21, 6].astype(int), picture[-1, -1].astype(int)
    assert [colour.argmax() for colour in (sky, wall, grass)] == [2, 0, 1]
    levels = grey(picture).astype(int)
    assert all(np.abs(np.diff(levels, axis=axis)).max() > 60 for axis in (0, 1))
    np.testing.assert_array_equal(read_picture(file_of(Image.fromarray(picture))), picture)


def test_grey_weighs_colours_as_eyes_do():
    picture = np.random.default_rng(1).integers(0, 256, (9, 7, 3), np.uint8)
    assert (grey(picture).shape, grey(picture).dtype) == ((9, 7), np.uint8)
    reference = np.asarray(Image.fromarray(picture).convert("L"), int)
    assert np.abs(grey(picture) - reference).max() <= 1
    assert grey(np.array([[BLACK, WHITE]], np.uint8)).tolist() == [[0, 255]]
