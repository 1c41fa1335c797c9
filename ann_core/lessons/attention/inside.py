"""Attention in the learner's hand: a text, and every number from its vectors to what one word takes over from the others."""

import re
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import streamlit as st

from ann_core.catalogue import Lesson
from ann_core.charts.film import Panel, packed
from ann_core.charts.networks.attention import plane_panel, shares_panel, weights_panel
from ann_core.charts.networks.convolution import Titles
from ann_core.charts.sequences.recurrent import product_panel
from ann_core.exhibits.attention import HEAD_SIZE, MOST_HEADS, MOST_WORDS, VECTOR, AttendExhibit
from ann_core.maths.networks.attention import Heads, Look, attend, causal, waves
from ann_core.ui import session, turns
from ann_core.ui.figures.figure import Source
from ann_core.ui.figures.film import film, words
from ann_core.ui.inputs import controls, grid
from ann_core.ui.language import labels, sentences, tr
from ann_core.ui.page import address, frame

EXHIBIT = "attend"
BLANK = "·"
MOST = 20.0
TABLES = ("vectors", "query_weights", "key_weights", "value_weights", "output_weights")
PACE = 1.0
ALONE = r"\u2e80-\u9fff\uac00-\ud7af\U0001f000-\U0001faff"
SIGNS = re.compile(rf"[{ALONE}]|[^\s{ALONE}]+")
"""A sign of a script that writes without blanks, a picture, or a word."""


class Hand(NamedTuple):
    """What the learner has made: the words, the vectors that go in (words, 4), the heads, who may look at whom, what came of it."""

    words: list[str]
    x: np.ndarray
    heads: Heads
    allowed: np.ndarray
    look: Look


def draw(lesson: Lesson) -> None:
    frame.section("attention", "inside")
    turns.fragment(_bench)(lesson)


def _bench(lesson: Lesson) -> None:
    controls.preset_choice(EXHIBIT)
    controls.controls(EXHIBIT, ("text",))
    st.caption(tr("attend.words"))
    picture, settings = frame.picture_and_settings("attend")
    with settings:
        spec = _settings()
    with picture:
        if len(words_of(text_of(spec))) > MOST_WORDS - spec.blanks:
            st.caption(f":material/info: {tr('attend.cut', n=MOST_WORDS - spec.blanks)}")
        film(film_of(spec), Source.exact(), "attend_film")
        st.caption(sentences(*notes_on(spec), tr("attend.how")))
    address.write(lesson)


def _settings() -> AttendExhibit:
    bench = session.bench(EXHIBIT)
    fields = ("heads", "head", "places_added", "scaled", "sharpness", "mask", "blanks")
    controls.controls(EXHIBIT, [name for name in fields if name != "head" or bench.spec.heads > 1])
    name = st.selectbox(tr("attend.table"), TABLES, format_func=labels("field", TABLES), key="attend_table")
    spec = bench.spec
    whole = _table(spec, name)
    shown, rows, columns = _shown(spec, name, whole)
    typed = grid.edited(f"attend_{name}_{len(rows)}_{spec.head}", shown, MOST if name != "vectors" else 5.0, columns, rows)
    if not np.array_equal(typed, shown):
        _place(spec, name, whole)[...] = typed
        bench.spec = spec.changed(**{name: tuple(whole.ravel().tolist())})
    return bench.spec


def _table(spec: AttendExhibit, name: str) -> np.ndarray:
    rows = {"vectors": MOST_WORDS, "output_weights": MOST_HEADS * HEAD_SIZE}.get(name, VECTOR)
    return np.array(getattr(spec, name)).reshape(rows, -1)


def _place(spec: AttendExhibit, name: str, whole: np.ndarray) -> np.ndarray:
    """The part of a table that is edited, a view: the vectors of the words at hand, the weights of the head at hand."""
    first = HEAD_SIZE * (spec.head - 1)
    if name == "vectors":
        return whole[: len(_different(spec))]
    return whole[first : first + HEAD_SIZE] if name == "output_weights" else whole[:, first : first + HEAD_SIZE]


def _shown(spec: AttendExhibit, name: str, whole: np.ndarray) -> tuple[np.ndarray, list[str], list[str]]:
    of_vector = [f"x{_low(number)}" for number in range(VECTOR)]
    letter = {"query_weights": "q", "key_weights": "k", "value_weights": "v"}.get(name, "z")
    of_head = [f"{letter}{_low(number)}" for number in range(HEAD_SIZE)]
    part = _place(spec, name, whole).copy()
    if name == "vectors":
        return part, _numbered(_different(spec)), of_vector
    return (part, of_head, of_vector) if name == "output_weights" else (part, of_vector, of_head)


def _low(number: int) -> str:
    return "₁₂₃₄₅₆₇₈₉"[number]


def text_of(spec: AttendExhibit) -> str:
    """The learner's text, or the example in their language."""
    return spec.text if spec.text.split() else tr("field.text.placeholder")


def words_of(text: str) -> list[str]:
    """The words between the blanks of a text; without a blank, the signs of Chinese or of pictures, or the letters of a word."""
    if len(words := text.split()) > 1:
        return words
    found = SIGNS.findall(text)
    return list(found[0]) if len(found) == 1 else found


def sequence(spec: AttendExhibit) -> list[str]:
    """The words that are looked at, at most ten, with the blanks behind them."""
    return words_of(text_of(spec))[: MOST_WORDS - spec.blanks] + [BLANK] * spec.blanks


def _different(spec: AttendExhibit) -> list[str]:
    return list(dict.fromkeys(sequence(spec)))


def _numbered(names: list[str]) -> list[str]:
    """Names as the rows of a table, which must differ."""
    return [name[:12] for name in names]


def hand_of(spec: AttendExhibit) -> Hand:
    """All that is computed from the settings, for a text that has words."""
    names, different = sequence(spec), _different(spec)
    x = _table(spec, "vectors")[[different.index(name) for name in names]]
    if spec.places_added:
        x = x + waves(len(names), VECTOR)
    count = spec.heads
    kernels = [_table(spec, name).reshape(VECTOR, MOST_HEADS, HEAD_SIZE)[:, :count] for name in TABLES[1:4]]
    output = _table(spec, "output_weights").reshape(MOST_HEADS, HEAD_SIZE, VECTOR)[:count]
    heads, allowed = Heads(*kernels, output, spec.scaled), allowed_by(spec, names)
    return Hand(names, x, heads, allowed, attend(heads, x[None], allowed=allowed, temperature=spec.sharpness))


def allowed_by(spec: AttendExhibit, names: list[str]) -> np.ndarray:
    """Who may look at whom: (words, words)."""
    open_ = np.ones((len(names), len(names)), bool)
    if spec.mask in ("causal", "both"):
        open_ &= causal(len(names))
    if spec.mask in ("blanks", "both"):
        open_ &= np.array(names) != BLANK
    return open_


def notes_on(spec: AttendExhibit) -> list[str]:
    """What is to be said of these settings beneath the picture: what is hatched, and who looks at the word before."""
    hand = hand_of(spec)
    told = [] if hand.allowed.all() else [tr("attend.hatched")]
    if spec.places_added and len(hand.words) > 1:
        told.append(_before(hand, hand.look.weights[0, spec.head - 1]))
    return told


def _before(hand: Hand, weights: np.ndarray) -> str:
    """How many look most at the word before theirs, and at whom the first one looks, which has none before it."""
    found = sum(_favourites(weights[place]) == [place - 1] for place in range(1, len(weights)))
    counted = tr("attend.before", n=len(weights) - 1, found=found)
    return sentences(counted, tr("attend.first_word"), _caption(hand, weights, 0))


def film_of(spec: AttendExhibit) -> bytes:
    """One word after the other asks: its query, its scores, its shares, and what it takes over."""
    hand, head = hand_of(spec), spec.head - 1
    look = hand.look
    weights, share = look.weights[0, head], tr("attend.share")
    with_sum = np.pad(hand.allowed, ((0, 0), (0, 1)), constant_values=True)
    shown = [
        weights_panel(Titles(tr("attend.matrix"), tr("attending.matrix.alt")), hand.words, hand.words, weights, hand.allowed),
        plane_panel(
            Titles(tr("attend.plane"), tr("attend.plane.alt")), hand.words, look.q[0, :, head], look.k[0, :, head], ("q₁, k₁", "q₂, k₂")
        ),
        *_products(hand, head),
        shares_panel(Titles(tr("attend.scores"), tr("attend.scores.alt")), hand.words, _scores(spec, hand, head), hand.allowed, share),
        shares_panel(Titles(tr("attend.mixed"), tr("attend.mixed.alt")), [*hand.words, "Σ"], _mixture(hand, head), with_sum, share),
        _output(hand, spec.heads),
    ]
    captions = [sentences(_caption(hand, weights, place), *_barred(hand, place)) for place in range(len(hand.words))]
    return packed(shown, captions, words(), f"attend {hand.words}", play=False, pace=PACE, begin=0)


def _products(hand: Hand, head: int) -> list[Panel]:
    """The products x · W for the query, the key and the value of the word at hand; the learner chooses one of the three."""
    kernels = {"value": hand.heads.value, "key": hand.heads.key, "query": hand.heads.query}  # the last one is shown first
    named = {"query": ("W_Q", "q"), "key": ("W_K", "k"), "value": ("W_V", "v")}
    titles = Titles(tr("attend.product"), tr("attend.product.alt"))
    return [
        replace(
            product_panel(titles, hand.x, kernel[:, head], ("x", named[name][0], tr("cell.products")), named[name][1]),
            choice=tr(f"attend.{name}"),
        )
        for name, kernel in kernels.items()
    ]


def _scores(spec: AttendExhibit, hand: Hand, head: int) -> list[tuple[str, np.ndarray]]:
    """For every word that is looked at: the products, their sum, the scaled score, whether it may be seen, its share."""
    q, k = hand.look.q[0, :, head], hand.look.k[0, :, head]
    products = q[:, None] * k[None]  # (asking, asked, size)
    rows = [(f"q{_low(number)} · k{_low(number)}", products[:, :, number]) for number in range(HEAD_SIZE)]
    rows.append(("q · k", products.sum(axis=2)))
    if spec.scaled:
        rows.append(("÷ √2", hand.look.scores[0, head]))
    if spec.sharpness != 1:
        rows.append((f"÷ {spec.sharpness:g}", hand.look.scores[0, head] / spec.sharpness))
    if not hand.allowed.all():
        rows.append((tr("attend.may_look"), hand.allowed.astype(float)))
    return [*rows, (tr("attend.share"), hand.look.weights[0, head])]


def _mixture(hand: Hand, head: int) -> list[tuple[str, np.ndarray]]:
    """What the word at hand takes over from every word, and in all."""
    weights, v = hand.look.weights[0, head], hand.look.v[0, :, head]
    rows = [(tr("attend.share"), np.concatenate([weights, weights.sum(axis=1, keepdims=True)], axis=1))]
    for number in range(HEAD_SIZE):
        parts = weights * v[:, number]
        name = f"{tr('attend.share')} · v{_low(number)}"
        rows.append((name, np.concatenate([parts, parts.sum(axis=1, keepdims=True)], axis=1)))
    return rows


def _output(hand: Hand, count: int) -> Panel:
    """What all heads have found, side by side, times W_O: the new vector of the word at hand."""
    found = hand.look.mixed[0].reshape(len(hand.words), -1)  # (words, heads · size)
    kernel = hand.heads.output.reshape(count * HEAD_SIZE, VECTOR)
    return product_panel(
        Titles(tr("attend.output"), tr("attend.output.alt")), found, kernel, ("z", "W_O", tr("cell.products")), tr("attend.new")
    )


def _barred(hand: Hand, place: int) -> list[str]:
    """How many words one may not look at, where there are such."""
    count = int((~hand.allowed[place]).sum())
    return [tr("attend.barred", n=count)] if count else []


def _caption(hand: Hand, weights: np.ndarray, place: int) -> str:
    if not weights[place].any():
        return tr("attend.nobody", asking=tr("attend.numbered", word=hand.words[place], number=place + 1))
    first = _favourites(weights[place])
    others = tr("list.comma").join(tr("attend.numbered", word=hand.words[number], number=number + 1) for number in first)
    asking = tr("attend.numbered", word=hand.words[place], number=place + 1)
    return tr("attend.step" if len(first) == 1 else "attend.tied", asking=asking, others=others, share=f"{weights[place].max():.1%}")


def _favourites(shares: np.ndarray) -> list[int]:
    """Where somebody with these shares of attention looks most: one place, or several alike; nowhere without attention."""
    return np.flatnonzero(np.isclose(shares, shares.max()) & (shares > 0)).tolist()
