"""Knock out: a token, a link, a head, the positions; and whether a strong weight always matters."""

import numpy as np
import streamlit as st

from ann_core.catalogue import Lesson
from ann_core.charts.film import packed
from ann_core.data.rewriting import TASKS
from ann_core.exhibits import KnockExhibit
from ann_core.lessons.attention.network import asking_places, layers, trained
from ann_core.lessons.attention.picture import answer_words
from ann_core.lessons.attention.probe import asked_of, caption, looked_at
from ann_core.maths.attention import KnockedOut, Look, forward
from ann_core.training import attending
from ann_core.training.attending import Idle
from ann_core.training.records import Run
from ann_core.ui import address, controls, frame, session
from ann_core.ui.figure import Source
from ann_core.ui.film import film, words
from ann_core.ui.language import current, sentences, tr

EXHIBIT = "knock"
SEARCHED = 40
PACE = 1.5


def draw(lesson: Lesson) -> None:
    frame.section("attention", "knock")
    run = trained()
    if run is None:
        st.info(tr("attending.train_first"), icon=":material/model_training:")
        return
    st.fragment(_knock)(lesson, run)
    _not_an_explanation(run)


def _knock(lesson: Lesson, run: Run) -> None:
    picture, settings = st.columns([5, 2], gap="medium")
    with settings:
        asked = asked_of(run, "knock_text")
        fields = ("token", "layer", "link_from", "link_to", "knocked_head", "no_places")
        shown = [name for name in fields if not (name == "layer" and len(layers(run.spec)) == 1)]
        controls.controls(EXHIBIT, [name for name in shown if not (name == "no_places" and run.spec.positions == "none")])
    spec: KnockExhibit = session.bench(EXHIBIT).spec
    with picture:
        if asked is not None:
            network = attending.network_of(run)
            intact = forward(network, asked.tokens[None])
            without = knocked_out(spec, intact.looks)
            broken = forward(network, asked.tokens[None], without)
            before, after = (answer_words(run.spec, each.answers[0].argmax(axis=1)) for each in (intact, broken))
            most = float(np.abs(broken.answers - intact.answers).max())
            untouched = spec.changed(layer=1) == KnockExhibit()
            st.markdown(tr("knock.untouched" if untouched else "knock.answer", before=before, after=after, most=f"{most:.1%}"))
            shares = (*_accuracy(run.key, "", run, None), *_accuracy(run.key, spec.key(), run, without))
            values = dict(zip(("symbols", "whole", "symbols_after", "whole_after"), (f"{share:.1%}" for share in shares), strict=True))
            st.markdown(tr("knock.accuracy", n=attending.JUDGED, **values))
            layer = min(spec.layer, len(intact.looks)) - 1
            head = min(max(spec.knocked_head, 1), run.spec.heads) - 1
            places = asking_places(run.spec, layer, asked.written, broken.answers[0])
            captions = [caption(broken.looks[layer].weights[0, head], places, asked.written, place) for place in range(len(places))]
            begin = min(max(spec.link_from, 1), len(places)) - 1
            name = f"{run.key} {spec.key()} {asked.written} {current()}"
            shown = looked_at(broken, layer, head, places, asked.written)
            film(packed(shown, captions, words(), name, play=False, pace=PACE, begin=begin), Source.run(run), "knock_film")
    address.write(lesson)


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
    network, (x, y) = attending.network(_run.spec, list(_run.final.weights)), attending.judged(_run.spec)
    return attending.accuracy(forward(network, x, _without).answers, y)


def _not_an_explanation(run: Run) -> None:
    """A strong link of the learner's own network that does not matter, if there is one among many sequences."""
    frame.text("attention", "not_an_explanation")
    least, strong, idle = _searched(run.key, run)
    if least is None:
        st.markdown(tr("idle.nothing_strong", n=SEARCHED))
        return
    st.markdown(tr("idle.counted", n=SEARCHED, strong=f"{strong:,}", idle=f"{idle:,}", hardly=f"{attending.HARDLY:.0%}"))
    _case(run, least)


def _case(run: Run, least: Idle) -> None:
    from_ = least.asking + 1
    text = "".join(_written(run, least))
    values = {"text": text, "asking": from_, "asked": least.asked + 1, "weight": f"{least.weight:.0%}", "change": f"{least.change:.2%}"}
    where = tr("heads.head", layer=layers(run.spec)[least.layer], number=least.head + 1)
    idle = least.change < attending.HARDLY
    told = [tr("idle.case" if idle else "idle.all_matter", where=where, **values)]
    if idle and (least.tokens == least.tokens[least.asked]).sum() > 1:
        told.append(tr("idle.again", token=_written(run, least)[least.asked]))
    st.markdown(sentences(*told))


def _written(run: Run, least: Idle) -> list[str]:
    tokens = TASKS[run.spec.task].tokens(run.spec.letters)
    return [tokens[token] for token in least.tokens]


@st.cache_resource(max_entries=24, show_spinner=False)
def _searched(run_key: str, _run: Run) -> tuple[Idle | None, int, int]:
    return attending.idlest(attending.network_of(_run), attending.judged(_run.spec)[0][:SEARCHED])
