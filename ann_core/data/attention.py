"""Sequences that are to be written anew: copied, reversed, sorted, looked up in, and dates in one form."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache
from math import ceil
from typing import NamedTuple

import numpy as np

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
KEYS = "abcdefghij"
DIGITS = "0123456789"
QUESTION = "?"
BLANK = "·"
DATE_LENGTH, DATE_ANSWERS = 20, 10
FIRST_DAY, DAYS = date(1970, 1, 1), 36_525  # a hundred years: two digits are enough to tell the year
SHARE_OF_DAYS_HELD_OUT = 0.2
FEW, SHARE_TAKEN_OUT = 0.05, 0.1
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")


class Rewritten(NamedTuple):
    """Sequences of tokens, uint16 (n, length), and what is to be made of each, uint8 (n, answers)."""

    x: np.ndarray
    y: np.ndarray

    def at(self, rows: np.ndarray) -> "Rewritten":
        """These rows alone."""
        return Rewritten(self.x[rows], self.y[rows])


class Task(NamedTuple):
    """How sequences are drawn, what their tokens are, and what the symbols of the answers are.

    `draw` takes how many, their length, how many different symbols there are, and a random generator; `tokens` and `symbols`
    take how many different symbols there are. `answers` says how many symbols the answer to a sequence of some length has.
    """

    draw: Callable[[int, int, int, np.random.Generator], Rewritten]
    tokens: Callable[[int], tuple[str, ...]]
    symbols: Callable[[int], tuple[str, ...]]
    answers: Callable[[int], int]


def _drawn(rule: Callable[[np.ndarray], np.ndarray]) -> Callable[[int, int, int, np.random.Generator], Rewritten]:
    """Letters by lot, and what a rule makes of them."""

    def draw(count: int, length: int, symbols: int, random: np.random.Generator) -> Rewritten:
        x = random.integers(0, symbols, (count, length))
        return Rewritten(x.astype(np.uint16), rule(x).astype(np.uint8))

    return draw


def look_up(count: int, length: int, symbols: int, random: np.random.Generator) -> Rewritten:
    """Pairs of a key and a value in the first half, all keys different; then questions for keys of these: what is the value?"""
    pairs, questions = pair_count(length), length - pair_count(length)
    rows = np.arange(count)[:, None]
    keys = random.permuted(np.tile(np.arange(len(KEYS)), (count, 1)), axis=1)[:, :pairs]
    values = random.integers(0, len(DIGITS), (count, pairs))
    asked = random.permuted(np.tile(np.arange(max(pairs, questions)) % pairs, (count, 1)), axis=1)[:, :questions]
    x = np.concatenate([keys * len(DIGITS) + values, len(KEYS) * len(DIGITS) + keys[rows, asked]], axis=1)
    return Rewritten(x.astype(np.uint16), values[rows, asked].astype(np.uint8))


def pair_count(length: int) -> int:
    """How many of the tokens of a look-up are pairs, at most one for each key; the rest are questions."""
    return min(length // 2, len(KEYS))


def dates(count: int, length: int, symbols: int, random: np.random.Generator) -> Rewritten:
    """Days of a hundred years, each written in one of the forms by lot."""
    days = random.integers(0, DAYS, count)
    return dates_of(days, random.integers(0, len(FORMS), count))


def dates_of(days: np.ndarray, forms: np.ndarray) -> Rewritten:
    """These days, counted from the first one, each written in the form with this number, and in the one form that is wanted."""
    written = [FIRST_DAY + timedelta(int(day)) for day in days]
    x = [encoded(FORMS[form](day)) for day, form in zip(written, forms, strict=True)]
    y = [[DATE_SYMBOLS.index(symbol) for symbol in day.isoformat()] for day in written]
    return Rewritten(np.array(x, np.uint16), np.array(y, np.uint8))


def _in_chinese(number: int) -> str:
    """A number of 1 … 31 as it is said."""
    tens, ones = divmod(number, 10)
    return ("" if tens < 2 else CHINESE[tens]) + ("十" if tens else "") + (CHINESE[ones] if ones else "")


CHINESE = "〇一二三四五六七八九"
FORMS = (
    lambda day: f"{day.year}年{day.month}月{day.day}日",
    lambda day: "".join(CHINESE[int(digit)] for digit in str(day.year)) + f"年{_in_chinese(day.month)}月{_in_chinese(day.day)}日",
    lambda day: f"{day.year}.{day.month}.{day.day}",
    lambda day: f"{MONTHS[day.month - 1][:3]} {day.day}, {day.year}",
    lambda day: f"{MONTHS[day.month - 1]} {day.day}, {day.year}",
    lambda day: f"{day.day} {MONTHS[day.month - 1]} {day.year}",
    lambda day: f"{day.day:02}/{day.month:02}/{day.year % 100:02}",
    lambda day: f"{day.day}/{day.month}/{day.year}",
)
"""How people write a day: the day comes before the month where both are numbers and the year comes last."""

DATE_SYMBOLS = (*DIGITS, "-")
DATE_TOKENS = (BLANK, *sorted({letter for month in MONTHS for letter in month} | set(f"{DIGITS} ,./年月日十{CHINESE}")))


def encoded(text: str) -> list[int]:
    """A date as tokens, blanks at its end. Raises `KeyError` for a letter that is none, `ValueError` where there are too many."""
    if len(text) > DATE_LENGTH:
        raise ValueError(f"at most {DATE_LENGTH} letters, not {len(text)}")
    known = {token: number for number, token in enumerate(DATE_TOKENS)}
    return [known[letter] for letter in text] + [0] * (DATE_LENGTH - len(text))


def longest(task: str, length: int) -> int:
    """How many tokens a sequence has, where `length` was asked for: dates are filled up to a length of their own."""
    return DATE_LENGTH if task == "dates" else length


def day_of(text: str) -> date | None:
    """The day that a text names in one of the forms; None where it is in none of them, or there is no such day."""
    arabic = text.translate(str.maketrans(CHINESE, DIGITS))
    for pattern, order in PATTERNS:
        if found := re.fullmatch(pattern, arabic, re.ASCII):
            year, month, day = (_number(found[part]) for part in order)
            try:
                return date(year + (0 if year > 99 else 1900 if year >= 70 else 2000), month, day)
            except ValueError:
                return None
    return None


def _number(text: str) -> int:
    """A number in digits, in Chinese (with 十, tens before and ones behind), or the name of a month."""
    if "十" in text:
        tens, ones = text.split("十")
        return 10 * int(tens or 1) + int(ones or 0)
    return int(text) if text.isdigit() else 1 + [month[:3] for month in MONTHS].index(text[:3])


NUMBER = r"\d?十\d?|\d{1,2}"
NAME = f"(?P<name>{'|'.join(name for month in MONTHS for name in (month, month[:3]))})"
PATTERNS = (
    (rf"(?P<year>\d{{4}})年(?P<month>{NUMBER})月(?P<day>{NUMBER})日", ("year", "month", "day")),
    (r"(?P<year>\d{4})\.(?P<month>\d{1,2})\.(?P<day>\d{1,2})", ("year", "month", "day")),
    (NAME + r" (?P<day>\d{1,2}), (?P<year>\d{4})", ("year", "name", "day")),
    (r"(?P<day>\d{1,2}) " + NAME + r" (?P<year>\d{4})", ("year", "name", "day")),
    (r"(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{4}|\d{2})", ("year", "month", "day")),
)


def _letters(symbols: int) -> tuple[str, ...]:
    return tuple(LETTERS[:symbols])


PAIRS = tuple(key + digit for key in KEYS for digit in DIGITS) + tuple(key + QUESTION for key in KEYS)

TASKS = {
    "copy": Task(_drawn(lambda x: x), _letters, _letters, lambda length: length),
    "reverse": Task(_drawn(lambda x: x[:, ::-1]), _letters, _letters, lambda length: length),
    "sort": Task(_drawn(lambda x: np.sort(x, axis=1)), _letters, _letters, lambda length: length),
    "look_up": Task(look_up, lambda _: PAIRS, lambda _: tuple(DIGITS), lambda length: length - pair_count(length)),
    "dates": Task(dates, lambda _: DATE_TOKENS, lambda _: DATE_SYMBOLS, lambda _: DATE_ANSWERS),
}


@lru_cache(maxsize=16)
def rewritten(task: str, training: int, held_out: int, length: int, longer: int, symbols: int, seed: int) -> tuple[Rewritten, Rewritten]:
    """Sequences to train on, and others held out, longer by `longer` tokens; they cannot be changed.

    None of those held out is among those trained on; of dates, not even the day. Where nearly all that there are were
    trained on, some are taken out of the training again, and others repeated in their place.
    """
    random = np.random.default_rng([seed, 6])
    if task == "dates":
        parts = _days_apart(training, held_out, random)
    else:
        draw = TASKS[task].draw
        seen, unseen = draw(training, length, symbols, random), draw(held_out, length + longer, symbols, random)
        parts = (seen, unseen) if longer else _apart(seen, unseen, random)
    for array in (*parts[0], *parts[1]):
        array.setflags(write=False)
    return parts


def _apart(seen: Rewritten, unseen: Rewritten, random: np.random.Generator) -> tuple[Rewritten, Rewritten]:
    """Both without what they share: it is trained on only, unless then next to nothing were left to hold out."""
    names, others = _names(seen.x), _names(unseen.x)
    fresh = ~np.isin(others, names)
    if fresh.mean() < FEW:
        distinct = np.unique(others)
        taken = random.choice(distinct, ceil(SHARE_TAKEN_OUT * len(distinct)), replace=False)
        fresh |= np.isin(others, taken)
        left = np.flatnonzero(~np.isin(names, taken))
        seen = seen.at(random.permutation(np.resize(left, len(names))))
    return seen, unseen.at(fresh)


def _days_apart(training: int, held_out: int, random: np.random.Generator) -> tuple[Rewritten, Rewritten]:
    """Dates of different days to train on and to hold out."""
    days = random.permutation(DAYS)
    apart = np.split(days, [round(DAYS * SHARE_OF_DAYS_HELD_OUT)])
    unseen, seen = (random.choice(part, count) for part, count in zip(apart, (held_out, training), strict=True))
    return tuple(dates_of(part, random.integers(0, len(FORMS), len(part))) for part in (seen, unseen))


def _names(x: np.ndarray) -> np.ndarray:
    """Every sequence as a single value that can be compared."""
    return np.ascontiguousarray(x).view(f"V{x.shape[1] * x.itemsize}").ravel()


def without_places(x: np.ndarray) -> float:
    """The best accuracy by symbol at reversing sequences of whoever knows which tokens there are, but not where.

    A place knows its own token. Its answer is any of the others, each as likely; in an odd length, one place answers itself.
    """
    length = x.shape[1]
    itself = (length % 2) / length
    counts = (x[:, :, None] == x[:, None, :]).sum(axis=2)  # how often each place's token occurs
    others = counts[:, None, :] - (x[:, :, None] == x[:, None, :])  # … beside the place that asks
    likely = (1 - itself) * others / (length - 1) + itself * (x[:, :, None] == x[:, None, :])
    return float(likely.max(axis=2).mean())
