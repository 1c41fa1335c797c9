"""The browser reads the films of its own format, and no others."""

import base64
import json

import pytest
from playwright.sync_api import Error

from ann_core.charts.film import FORMAT, Course, sourced
from ann_core.ui.figures.film import script
from tests.charts.test_film import one_of_each, packed_alone, unpacked

pytestmark = pytest.mark.browser

READ = """text => {
  const film = read(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)))
  const plain = (part) => (part?.shape ? [part.values.constructor.name, part.shape, [...part.values]] : part)
  return film.panels[0].marks.map((mark) => Object.fromEntries(Object.entries(mark).map(([name, part]) => [name, plain(part)])))
}"""
NOW = FORMAT["version"]
NAMES = {"|u1": "Uint8Array", "|i1": "Int8Array", "<u2": "Uint16Array", "<f4": "Float32Array"}


@pytest.fixture(scope="module")
def page(context):
    opened = context().new_page()
    opened.add_script_tag(content=script())
    yield opened
    opened.close()


def read(page, content):
    return page.evaluate(READ, base64.b64encode(content).decode())


def changed(change):
    header, body = unpacked(packed_alone(*one_of_each()))
    change(header)
    described = json.dumps(header).encode()
    described += b" " * (-len(described) % 4)
    return len(described).to_bytes(4, "little") + described + body


def mark_of(header, kind):
    return next(mark for mark in header["panels"][0]["marks"] if mark["kind"] == kind)


def test_the_source_and_the_course_stand_before_the_film(page):
    course = Course(1, 2, 3, 4, True, 9, "pace", True)
    content = sourced(packed_alone(*one_of_each()), "run {moment}", ("epoch 0", "epoch 7"), course, "draw")
    found = page.evaluate(
        "text => parted(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)))", base64.b64encode(content).decode()
    )
    assert found["source"] == {"text": "run {moment}", "moments": ["epoch 0", "epoch 7"], "icon": "draw"}
    assert [found[name] for name in FORMAT["course"]] == [1, 2, 3, 4, True, 9, "pace", True]


def test_every_kind_of_mark_is_read_and_painted(page):
    marks = one_of_each()
    for mark, found in zip(marks, read(page, packed_alone(*marks)), strict=True):
        assert found.pop("kind") == mark.kind
        assert found.keys() == FORMAT["marks"][mark.kind].keys()
        for name, part in found.items():
            value = getattr(mark, name)
            if hasattr(value, "dtype"):
                assert part == [NAMES[value.dtype.str], list(value.shape), value.ravel().tolist()]
            else:
                assert part == json.loads(json.dumps(value))
    assert set(page.evaluate("() => Object.keys(DRAW)")) == FORMAT["marks"].keys()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda header: header.update(version=NOW + 1), f"expected version {NOW}, came {NOW + 1}"),
        (lambda header: header.pop("version"), f"expected version {NOW}, came undefined"),
        (lambda header: header.pop("pace"), "header, field pace: missing"),
        (lambda header: header["panels"][0].pop("alt"), "panel, field alt: missing"),
        (lambda header: mark_of(header, "picture").pop("frames"), "mark picture, field frames: missing"),
        (lambda header: mark_of(header, "dots").update(colour="red"), "mark dots, field colour: unknown"),
        (lambda header: mark_of(header, "cells")["values"].update(type="u1"), "mark cells, field values: expected f4, came u1"),
        (lambda header: mark_of(header, "words").update(kind="toString"), "no mark of the kind toString"),
    ],
)
def test_a_film_that_is_not_as_the_format_says_is_refused(page, change, said):
    with pytest.raises(Error, match=said):
        read(page, changed(change))
