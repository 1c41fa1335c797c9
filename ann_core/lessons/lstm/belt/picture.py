"""The film of the belt: a memory arrives, is kept in part, is added to and is read out, step by step of the learner's sequence."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
import streamlit as st

from ann_core.charts.film import packed
from ann_core.charts.memory.belt import STAGES, Carried, Quantity, belt_panel, course_panel
from ann_core.charts.networks.convolution import Titles
from ann_core.lessons.lstm.belt.carried import at_hand, carried, next_change, shares
from ann_core.lessons.lstm.probe import said, sequence_panel, typed
from ann_core.probing import recall
from ann_core.specs import RecallSpec
from ann_core.ui import session
from ann_core.ui.figures.film import film, words
from ann_core.ui.language import current, sentences, signed, tr

KEY = "belt_film"
PACE = 2.5
STORY = ("arrives", "keeps", "adds", "reads")


@dataclass
class Asked:
    """How often the learner has asked for the next change, and at which moment they did last."""

    times: int = 0
    moment: int = -1


def draw() -> None:
    """A sequence of the learner's on its way through one unit of their LSTM."""
    hand = at_hand()
    left, right = st.columns(2)
    with right:
        wanted = typed(hand.spec, "belt_text")
    if wanted is None:
        return
    x, symbols, text = wanted
    found = recall.way(hand.made, x[None])
    added = shares(hand.made, found)
    most = int(np.abs(added).argmax())
    with left:
        unit = _unit(hand.spec.units, most)
    st.markdown(said(hand.spec, found.answers[0], x, symbols))
    one, asked = carried(found, unit), session.kept("_belt_asked", Asked)
    begin = next_change(one, asked.moment // STAGES) if asked.times else 0
    name = f"{hand.key} {text} {unit} {asked.times} {current()}"
    film(film_of(hand.spec, one, symbols, name, begin), hand.source, KEY, on_picked=_asked)
    told = {"number": unit + 1, "share": signed(added[unit])}
    which = tr("belt.unit.first", **told) if unit == most else tr("belt.unit.other", most=most + 1, **told)
    st.caption(sentences(which, tr("belt.how")))


def _unit(units: int, most: int) -> int:
    """Which unit is looked at: the one that counts most in the answer, or the one that the learner says."""
    called = {0: tr("belt.unit.most", number=most + 1)} | {number: str(number) for number in range(1, units + 1)}
    chosen = st.selectbox(tr("belt.unit"), list(called), format_func=called.get, key=f"belt_unit_{units}")
    return chosen - 1 if chosen else most


def _asked() -> None:
    """The next change was asked for; what no browser of ours says changes nothing."""
    picked, asked = session.value(KEY)["picked"], session.kept("_belt_asked", Asked)
    with suppress(ValueError, TypeError, KeyError):
        if picked["do"] == "change":
            asked.moment, asked.times = int(picked["moment"]), asked.times + 1


def film_of(spec: RecallSpec, one: Carried, symbols: list[str], name: str, begin: int = 0) -> bytes:
    """What a unit carries through a sequence, from its step `begin` on; beneath, the whole of the sequence, and all that it does."""
    names = {each: tr(f"gate.{each}") for each in ("forget", "input", "candidate", "output")} | {"reads": tr("belt.symbol")}
    greatest = max(float(np.abs(one.after).max()), 1e-9)
    course = [Quantity(f"c ±{greatest:.2g}", tr("quantity.memory"), one.after, -greatest, greatest)]
    course += [Quantity(each[0], tr(f"quantity.{each}"), getattr(one, each), 0.0, 1.0) for each in ("forget", "input", "output")]
    panels = [
        belt_panel(Titles(tr("belt.title"), tr("belt.alt")), names, symbols, one),
        sequence_panel(spec, symbols, STAGES),
        course_panel(Titles(tr("belt.course"), tr("belt.course.alt")), course, STAGES),
    ]
    told = words() | {"do.change": tr("belt.do.change")}
    return packed(panels, captions(one, symbols), told, name, play=False, pace=PACE, columns=1, begin=begin * STAGES)


def captions(one: Carried, symbols: Sequence[str]) -> list[str]:
    """Every moment in words and numbers."""
    told = []
    for step, symbol in enumerate(symbols):
        values = {name: signed(getattr(one, name)[step]) for name in one._fields}
        values |= {"kept": signed(one.forget[step] * one.before[step]), "added": signed(one.input[step] * one.candidate[step])}
        head = tr("belt.step", step=step + 1, steps=len(symbols), symbol=symbol)
        told += [sentences(head, tr(f"belt.{stage}", **values)) for stage in STORY]
    return told
