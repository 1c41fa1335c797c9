"""Knock out: a token, a link, a head, the positions; and whether a strong weight always matters."""

from collections.abc import Sequence
from math import ceil

import numpy as np
import streamlit as st

from ann_core.catalogue import Lesson
from ann_core.charts.film import packed
from ann_core.data.attention import BLANK, TASKS
from ann_core.exhibits import KnockExhibit
from ann_core.lessons.attention.network import EXPERIMENT, asking_places, layers, trained
from ann_core.lessons.attention.picture import answer_words
from ann_core.lessons.attention.typed.asked import Asked
from ann_core.lessons.attention.typed.probe import asked_of, caption, looked_at
from ann_core.maths.networks.attention import KnockedOut, Look, Pass, forward
from ann_core.probing import attention
from ann_core.probing.attention import Idle
from ann_core.starts.attention import network as network_with
from ann_core.training.records import Run
from ann_core.ui import session, turns
from ann_core.ui.figures.figure import Source
from ann_core.ui.figures.film import film, words
from ann_core.ui.figures.missing import not_yet
from ann_core.ui.inputs import controls
from ann_core.ui.language import current, sentences, tr
from ann_core.ui.page import address, frame

EXHIBIT = "knock"
SEARCHED = 40
LEAST_SHOWN = 0.0001
PACE = 1.5


def draw(lesson: Lesson) -> None:
    frame.section("attention", "knock")
    run = trained()
    if run is None:
        not_yet("attending.train_first", session.bench(EXPERIMENT).run)
        return
    turns.fragment(_knock)(lesson, run)
    _not_an_explanation(run)


def _knock(lesson: Lesson, run: Run) -> None:
    picture, settings = frame.picture_and_settings("knock")
    with settings:
        asked = asked_of(run, "knock_text")
        if asked is not None:
            _settings(run, asked)
    if asked is not None:
        with picture:
            _result(run, asked, session.bench(EXHIBIT).spec)
    address.write(lesson)


def _settings(run: Run, asked: Asked) -> None:
    """What can be taken out of this network while it reads this text."""
    bench, named = session.bench(EXHIBIT), layers(run.spec)
    tokens = [tr("knock.token", number=number, token=token) for number, token in enumerate(asked.written, 1)]
    _pick("token", tokens)
    if len(named) > 1:
        _pick("layer", named, least=1)
    layer = min(bench.spec.layer, len(named))
    reads = run.spec.task == "dates" and layer == len(named)
    _pick("link_from", [tr("knock.answer_place", number=number + 1) for number in range(len(asked.right))] if reads else tokens)
    _pick("link_to", tokens)
    _pick("knocked_head", [str(head + 1) for head in range(run.spec.heads)])
    if run.spec.positions != "none":
        controls.controls(EXHIBIT, ("no_places",))


def _pick(field: str, names: Sequence[str], least: int = 0) -> None:
    """A slider over names that are counted from 1; 0 leaves all as it is."""
    bench, key = session.bench(EXHIBIT), KnockExhibit.query_key(field)
    options = range(least, len(names) + 1)
    now = session.value(key, getattr(bench.spec, field))
    if now not in options:
        session.put(key, least)
    shown = dict(enumerate([tr("knock.nothing"), *names]))
    value = st.select_slider(tr(f"field.{field}"), options, getattr(bench.spec, field) if now in options else least, shown.get, key=key)
    bench.spec = bench.spec.changed(**{field: value})


def _result(run: Run, asked: Asked, spec: KnockExhibit) -> None:
    """The answer and the accuracy, before and after, and at whom the tokens look now."""
    network = attention.network_of(run)
    intact = forward(network, asked.tokens[None])
    without = knocked_out(spec, intact.looks)
    broken = forward(network, asked.tokens[None], without)
    before, after = (answer_words(run.spec, each.answers[0].argmax(axis=1)) for each in (intact, broken))
    if untouched(spec):
        st.markdown(tr("knock.untouched", before=before))
    else:
        most = float(np.abs(broken.answers - intact.answers).max())
        st.markdown(tr("knock.answer", before=before, after=after, most=at_most(most, 1)))
    shares = (*_accuracy(run.key, "", run, None), *_accuracy(run.key, spec.key(), run, without))
    values = dict(zip(("symbols", "whole", "symbols_after", "whole_after"), (f"{share:.1%}" for share in shares), strict=True))
    st.markdown(tr("knock.accuracy", n=len(attention.judged(run.spec)[0]), **values))
    _film(run, asked, spec, broken, without)


def untouched(spec: KnockExhibit) -> bool:
    """Whether nothing is taken out; a link needs both its ends."""
    return not (spec.token or (spec.link_from and spec.link_to) or spec.knocked_head or spec.no_places)


def at_most(share: float, digits: int) -> str:
    """A share in per cent, rounded up: what is said to be no more than that is not."""
    return f"{ceil(share * 10 ** (digits + 2)) / 10 ** (digits + 2):.{digits}%}"


def _film(run: Run, asked: Asked, spec: KnockExhibit, broken: Pass, without: KnockedOut) -> None:
    layer = min(spec.layer, len(broken.looks)) - 1
    head = min(max(spec.knocked_head, 1), run.spec.heads) - 1
    places = asking_places(run.spec, layer, asked.written, broken.answers[0])
    captions = [caption(broken.looks[layer].weights[0, head], places, asked.written, place) for place in range(len(places))]
    name = f"{run.key} {spec.key()} {asked.written} {current()}"
    begin = min(max(spec.link_from, 1), len(places)) - 1
    allowed = without.allowed[layer][head]
    shown = looked_at(broken, layer, head, places, asked.written, allowed)
    film(packed(shown, captions, words(), name, play=False, pace=PACE, begin=begin), Source.run(run), "knock_film")
    if not allowed.all():
        st.caption(tr("knock.hatched"))


def knocked_out(spec: KnockExhibit, looks: tuple[Look, ...]) -> KnockedOut:
    """What is taken out, for a network whose layers of attention have these sizes; what is beyond them is left alone.

    A token is hidden from all layers that look at the sequence; a link and a head belong to the layer that is set.
    """
    allowed, kept, layer = {}, {}, min(spec.layer, len(looks)) - 1
    for number, look in enumerate(looks):
        _, heads, asking, asked = look.weights.shape
        open_ = np.ones((heads, asking, asked), bool)
        if 1 <= spec.token <= asked:
            open_[:, :, spec.token - 1] = False
        if number == layer and 1 <= spec.link_from <= asking and 1 <= spec.link_to <= asked:
            open_[:, spec.link_from - 1, spec.link_to - 1] = False
        allowed[number] = open_
        if number == layer and 1 <= spec.knocked_head <= heads:
            kept[number] = np.arange(heads) != spec.knocked_head - 1
    return KnockedOut(allowed, kept, spec.no_places)


@st.cache_data(max_entries=256, show_spinner=False)
def _accuracy(run_key: str, knocked: str, _run: Run, _without: KnockedOut | None) -> tuple[float, float]:
    """By symbol and by whole sequence, on sequences held out; in single precision, which is twice as fast."""
    network, (x, y) = network_with(_run.spec, _run.final.weights), attention.judged(_run.spec)
    return attention.accuracy(forward(network, x, _without).answers, y)


def _not_an_explanation(run: Run) -> None:
    """A strong link of the learner's own network that does not matter, if there is one among many sequences."""
    frame.text("attention", "not_an_explanation")
    least, strong, idle = _searched(run.key, run)
    searched = min(SEARCHED, len(attention.judged(run.spec)[0]))
    if least is None:
        st.markdown(tr("idle.nothing_strong", n=searched))
        return
    st.markdown(tr("idle.counted", n=strong, sequences=searched, idle=f"{idle:,}", hardly=f"{attention.HARDLY:.0%}"))
    _case(run, least)


def _case(run: Run, least: Idle) -> None:
    written = [token for token in _written(run, least) if token != BLANK]
    text = (" " if run.spec.task == "look_up" else "").join(written)
    values = {"text": text, "asking": least.asking + 1, "asked": least.asked + 1, "weight": f"{least.weight:.0%}"}
    values["change"] = at_most(max(least.change, LEAST_SHOWN), 2)
    where = tr("heads.head", layer=layers(run.spec)[least.layer], number=least.head + 1)
    idle = least.change < attention.HARDLY
    told = [tr("idle.case" if idle else "idle.all_matter", where=where, **values)]
    if not idle and run.spec.heads * len(layers(run.spec)) == 1:
        told.append(tr("idle.alone"))
    if idle and (least.tokens == least.tokens[least.asked]).sum() > 1:
        told.append(tr("idle.again", token=_written(run, least)[least.asked]))
    st.markdown(sentences(*told))


def _written(run: Run, least: Idle) -> list[str]:
    tokens = TASKS[run.spec.task].tokens(run.spec.letters)
    return [tokens[token] for token in least.tokens]


@st.cache_resource(max_entries=24, show_spinner=False)
def _searched(run_key: str, _run: Run) -> tuple[Idle | None, int, int]:
    x, y = attention.judged(_run.spec)
    return attention.idlest(attention.network_of(_run), x[:SEARCHED], y[:SEARCHED])
