"""What a learner asks of a trained network: a text that is read as the tokens of its task, and what would be right."""

import re
import unicodedata
from typing import NamedTuple

import numpy as np

from ann_core.data.attention import (
    BLANK,
    DATE_LENGTH,
    DATE_TOKENS,
    DIGITS,
    FIRST_DAY,
    KEYS,
    LETTERS,
    PAIRS,
    QUESTION,
    TASKS,
    day_of,
    encoded,
    pair_count,
)
from ann_core.specs import AttentionSpec

LAST_YEAR = FIRST_DAY.year + 99
LONGEST_SHOWN = 3
EXAMPLES = {
    "copy": "TOGETHER",
    "reverse": "STRESSED",
    "sort": "KEYBOARD",
    "look_up": "a3 c7 e1 b5 c? a? b? e?",
    "dates": "2026年11月23日",
}


class Asked(NamedTuple):
    """A sequence: its tokens (length,), how they are written, and what is right at each place of the answer, None where nobody knows.

    `notes` are messages about what became of the text, each with its values.
    """

    tokens: np.ndarray
    written: tuple[str, ...]
    right: tuple[int | None, ...]
    notes: tuple[tuple[str, dict], ...] = ()


def read(spec: AttentionSpec, text: str) -> Asked:
    """A learner's text as the network of a spec reads it. Raises `ValueError` with a message id and its values where it cannot."""
    text = unicodedata.normalize("NFKC", text).strip()
    if not text:
        raise ValueError("ask.empty", {})
    if spec.task == "dates":
        return _date(text)
    return _pairs(spec, text) if spec.task == "look_up" else _word(spec, text)


def _word(spec: AttentionSpec, text: str) -> Asked:
    letters = LETTERS[: spec.letters]
    known = [letters.index(letter) for letter in text.upper() if letter in letters]
    unknown = sorted({letter for letter in text.upper() if letter not in letters and not letter.isspace()})
    if not known:
        raise ValueError("ask.letters", {"first": letters[0], "last": letters[-1]})
    length = spec.length + spec.longer
    filled = np.random.default_rng(spec.seed).integers(0, spec.letters, length).tolist()
    tokens = np.array((known + filled[len(known) :])[:length])
    notes = [("ask.left_out", {"signs": _some(unknown)})] if unknown else []
    if len(known) != length:
        notes.append(("ask.filled" if len(known) < length else "ask.cut", {"length": length}))
    right = {"copy": tokens, "reverse": tokens[::-1], "sort": np.sort(tokens)}[spec.task]
    return Asked(tokens, tuple(letters[token] for token in tokens), tuple(right.tolist()), tuple(notes))


def _pairs(spec: AttentionSpec, text: str) -> Asked:
    """Pairs of a letter and a digit, then letters with a question mark; what is missing is filled up."""
    length = spec.length + spec.longer
    room, questions = pair_count(length), length - pair_count(length)
    given = dict(reversed(re.findall(rf"([{KEYS}])\s*(\d)", text.lower())))  # the first word on a letter counts
    asked = re.findall(rf"([{KEYS}])\s*\{QUESTION}", text.lower())
    if not given and not asked:
        raise ValueError("ask.pairs", {"first": KEYS[0], "last": KEYS[-1]})
    random = np.random.default_rng(spec.seed)
    others = [key for key in random.permutation(list(KEYS)) if key not in given]
    pairs = list(given.items())[::-1][:room]
    pairs += [(key, str(random.integers(0, len(DIGITS)))) for key in others[: room - len(pairs)]]
    known = dict(pairs)
    wanted = (asked + [key for key, _ in pairs] * questions)[:questions]
    written = tuple([key + value for key, value in pairs] + [key + QUESTION for key in wanted])
    right = tuple(int(known[key]) if key in known else None for key in wanted)
    changed = [("ask.pairs_filled", {"pairs": room, "questions": questions})] if (len(given), len(asked)) != (room, questions) else []
    missing = sorted(set(wanted) - set(known))
    notes = [*changed, *([("ask.no_such_key", {"keys": " ".join(missing)})] if missing else [])]
    return Asked(np.array([PAIRS.index(token) for token in written]), written, right, tuple(notes))


def _date(text: str) -> Asked:
    unknown = sorted({sign for sign in text if sign not in DATE_TOKENS or sign == BLANK})
    if unknown:
        raise ValueError("ask.signs", {"signs": _some(unknown)})
    if len(text) > DATE_LENGTH:
        raise ValueError("ask.too_long", {"n": len(text), "most": DATE_LENGTH})
    tokens = np.array(encoded(text))
    day = day_of(text)
    symbols = TASKS["dates"].symbols(0)
    written = tuple(DATE_TOKENS[token] if DATE_TOKENS[token] != " " else "␣" for token in tokens)
    if day is None:
        return Asked(tokens, written, (None,) * TASKS["dates"].answers(DATE_LENGTH), (("ask.no_day", {}),))
    strange = not FIRST_DAY.year <= day.year <= LAST_YEAR
    notes = (("ask.other_century", {"first": FIRST_DAY.year, "last": LAST_YEAR}),) if strange else ()
    return Asked(tokens, written, tuple(symbols.index(symbol) for symbol in day.isoformat()), notes)


def _some(signs: list[str]) -> str:
    """The first signs, with a mark where there are more."""
    return " ".join([*signs[:LONGEST_SHOWN], *["…"] * (len(signs) > LONGEST_SHOWN)])
