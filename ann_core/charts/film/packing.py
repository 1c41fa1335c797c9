"""Films as bytes, as `format.json` says; the browser checks by the same file what it is given."""

import json
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import MISSING, asdict, dataclass, fields
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from ann_core.charts.film import computed, marks, relief, tokens, touring, wandering
from ann_core.charts.film.marks import Panel
from ann_core.charts.palette import CHOSEN, CLASSES, NEGATIVE, POSITIVE

FORMAT = json.loads((Path(__file__).parent / "format.json").read_text(encoding="utf-8"))


def _defaults(described: type) -> dict[str, Any]:
    return {field.name: field.default for field in fields(described) if field.default is not MISSING}


ROOMS = (marks, computed, relief, tokens, touring, wandering)
KINDS = {each.kind: each for room in ROOMS for each in vars(room).values() if hasattr(each, "kind")}
DEFAULTS = {"panel": _defaults(Panel), "marks": {kind: _defaults(each) for kind, each in KINDS.items()}}
"""What a panel or a mark has where a film does not say otherwise: the browser has the same table."""

FINE_ENOUGH = 2
"""Decimals of a place on a panel, whose units are about a pixel."""

HYPHEN = re.compile(r"(?<!\w)-(?=\d)")
"""What stands for a minus sign where Python formats a number."""


@dataclass(frozen=True)
class Course:
    """Where a film belongs that is of a training, the whole or a part of it; without values, the place of one that is to come.

    `take` tells it from another training of the same settings, `edition` from the same training in other words or another light.
    Its moments are counted from `first`; those before `known` have been sent already. There may be `more` to come, and `expected`
    moments in the end. With a course alone, and no film after it, the browser goes on with what it has, up to `known`. A browser
    in which the film plays says once where it is when something is `asked`, and holds it until nothing is. Of one that is `endless` it
    asks for more before it is over.
    """

    take: int = 0
    edition: int = 0
    first: int = 0
    known: int = 0
    more: bool = False
    expected: int = 0
    asked: str = ""
    endless: bool = False


def packed(
    panels: Sequence[Panel],
    moments: Sequence[str],
    words: Mapping[str, str],
    name: str,
    play: bool,
    columns: int = 0,
    pace: float | None = None,
    begin: int = -1,
    small: bool = False,
) -> bytes:
    """A film as bytes: the length of its description, the description as JSON, the arrays one after the other.

    `moments` are the captions, one a moment; `name` tells this film from others at the same place: where it stays
    the same, so does the moment shown. `play` starts a new film by itself. Panels flow as there is room, or stand in so
    many `columns`. `pace` is the number of moments a second; without one, the film is spread over a few seconds, its early moments
    slower than the late ones. A film that does not play begins at the moment `begin`. A `small` one can be played and stopped, and no more.
    """
    body = Body()
    described = [_described(panel, body) for panel in panels]
    colours = {"signed": (NEGATIVE, POSITIVE), "classes": CLASSES, "chosen": CHOSEN}
    content = {
        "version": FORMAT["version"],
        "name": name,
        "play": play,
        "columns": columns,
        "pace": pace,
        "begin": begin % len(moments),
        "small": small,
        "moments": list(moments),
        "words": dict(words),
        "colours": colours,
        "panels": described,
    }
    content["hash"] = sha256(body.content + json.dumps(content).encode()).hexdigest()[:16]
    _check("header", content.keys(), content, FORMAT["header"])
    return _counted(content) + body.content


def sourced(content: bytes, text: str, moments: Sequence[str], course: Course | None = None, icon: str = "") -> bytes:
    """A packed film with the line that says where its numbers come from, before it: its length, then as JSON.

    The browser fills the name of the moment shown, one of `moments` where there are any, in for `{moment}` in the text. The name
    of an `icon` says what kind of source it is. With it goes the `course` of a training's film.
    """
    source = {"text": text, "moments": list(moments), "icon": icon, "course": course and asdict(course)}
    _check("source", source.keys(), source, FORMAT["source"])
    if course:
        _check("course", source["course"].keys(), source["course"], FORMAT["course"])
    return _counted(source) + content


class Body:
    """The arrays of a film, one after the other; what several marks share lies there once."""

    def __init__(self) -> None:
        self.content, self.places = bytearray(), {}

    def stored(self, array: np.ndarray) -> dict[str, Any]:
        """Where an array lies, which begins at a multiple of four bytes."""
        content = array.tobytes()
        if content not in self.places:
            self.places[content] = len(self.content)
            self.content += content + bytes(-len(content) % 4)
        return {"type": array.dtype.str[1:], "shape": array.shape, "place": self.places[content]}


def _counted(record: Mapping[str, Any]) -> bytes:
    """A record as JSON, padded to a multiple of four bytes, after its length."""
    described = json.dumps(record, ensure_ascii=False).encode()
    described += b" " * (-len(described) % 4)
    return len(described).to_bytes(4, "little") + described


def _described(panel: Panel, body: Body) -> dict[str, Any]:
    described = {field.name: getattr(panel, field.name) for field in fields(panel)}
    described["marks"] = [_mark(mark, body) for mark in panel.marks]
    _check("panel", described.keys(), described, FORMAT["panel"])
    return _sparse(described, DEFAULTS["panel"])


def _mark(mark: Any, body: Body) -> dict[str, Any]:
    if mark.kind not in FORMAT["marks"]:
        raise ValueError(f"film: there is no mark of the kind {mark.kind}")
    defaults, missing = DEFAULTS["marks"].get(mark.kind, {}), object()
    described = {name: value for name, value in vars(mark).items() if value is not defaults.get(name, missing)}
    _check(f"mark {mark.kind}", {**defaults, **described}.keys(), described, FORMAT["marks"][mark.kind])
    stored = {name: body.stored(value) if isinstance(value, np.ndarray) else value for name, value in described.items()}
    if "box" in stored:
        stored["box"] = [round(side, FINE_ENOUGH) for side in mark.box]
    if mark.kind == "words":
        stored["texts"] = [HYPHEN.sub("−", text) for text in mark.texts]
    return {"kind": mark.kind} | _sparse(stored, defaults)


def _sparse(described: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    """Without what goes without saying: of a hundred small pictures that would be most of a film."""
    return {name: value for name, value in described.items() if name not in defaults or value != defaults[name]}


def _check(what: str, names: Collection[str], described: Mapping[str, Any], expected: Mapping[str, str]) -> None:
    """Hold the names of a record's fields, and of those that say anything of their own what they say, to the format."""
    if names != expected.keys():
        name = next(name for name in (*expected, *names) if name not in expected or name not in names)
        raise ValueError(f"film: {what}, field {name}: {'missing' if name in expected else 'unknown'}")
    for name in described:
        if not _suits(described[name], expected[name]):
            raise ValueError(f"film: {what}, field {name}: expected {expected[name]}, came {_told(described[name])}")


def _suits(value: Any, types: str) -> bool:
    allowed = _types(types)
    if isinstance(value, np.ndarray):
        return _told(value) in allowed
    return any(PLAIN[each](value) for each in allowed if each in PLAIN)


@cache
def _types(types: str) -> tuple[str, ...]:
    return tuple(types.split("|"))


def _told(value: Any) -> str:
    """The type of an array as in the format (one in another byte order has none there), a plain value as it is."""
    return value.dtype.str.lstrip("<|") if isinstance(value, np.ndarray) else repr(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_list(value: Any, each: Callable[[Any], bool]) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str) and all(map(each, value))


PLAIN: Mapping[str, Callable[[Any], bool]] = {
    "nothing": lambda value: value is None,
    "number": _is_number,
    "text": lambda value: isinstance(value, str),
    "flag": lambda value: isinstance(value, bool),
    "box": lambda value: _is_list(value, _is_number) and len(value) == 4,
    "numbers": lambda value: _is_list(value, _is_number),
    "texts": lambda value: _is_list(value, PLAIN["text"]),
    "points": lambda value: _is_list(value, lambda point: _is_list(point, _is_number) and len(point) == 2),
    "record": lambda value: isinstance(value, Mapping),
    "records": lambda value: _is_list(value, PLAIN["record"]),
}
