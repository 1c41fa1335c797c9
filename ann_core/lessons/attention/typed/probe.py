"""What did it learn: a learner's own sequence, the answer with its probabilities, and who looks at whom in every head."""

from collections.abc import Mapping, Sequence
from math import floor

import numpy as np
import streamlit as st

from ann_core.charts.film import Panel, packed
from ann_core.charts.networks.attention import answers_panel, arcs_panel, weights_panel
from ann_core.charts.networks.block import heads_panel
from ann_core.charts.networks.convolution import Titles
from ann_core.data.attention import TASKS
from ann_core.lessons.attention.network import EXPERIMENT, asking_places, layers, rows_of_heads, trained
from ann_core.lessons.attention.picture import answer_words
from ann_core.lessons.attention.typed.asked import EXAMPLES, Asked, read
from ann_core.maths.networks.attention import Pass, forward
from ann_core.probing import attention
from ann_core.specs import AttentionSpec
from ann_core.training.records import Run
from ann_core.ui import session, turns
from ann_core.ui.figures.figure import Source
from ann_core.ui.figures.film import film, words
from ann_core.ui.figures.missing import not_yet
from ann_core.ui.language import current, plain, sentences, tr
from ann_core.ui.page import frame

FRAGMENT, BIRD = "attention_probe", "attention_bird"
PACE = 1.5
CERTAIN = 0.999


def draw() -> None:
    frame.section("attention", "probe")
    run = trained()
    if run is None:
        not_yet("attending.train_first", session.bench(EXPERIMENT).run)
        return
    turns.fragment(_probe, key=FRAGMENT)(run)


def asked_of(run: Run, key: str) -> Asked | None:
    """What the learner has typed in a field of their own; where it cannot be read, they are told why."""
    text = st.text_input(tr(f"ask.{run.spec.task}"), EXAMPLES[run.spec.task], max_chars=200, key=f"{key}_{run.spec.task}")
    try:
        asked = read(run.spec, text)
    except ValueError as problem:
        st.warning(_note(*problem.args), icon=":material/help:")
        return None
    for message, values in asked.notes:
        st.caption(f":material/info: {_note(message, values)}")
    return asked


def _note(message: str, values: Mapping[str, object]) -> str:
    """What became of a text; signs of it are shown as they are."""
    return tr(message, **{name: plain(value) if isinstance(value, str) else value for name, value in values.items()})


def _probe(run: Run) -> None:
    session.put_what_waits()
    asked = asked_of(run, "attention_text")
    if asked is None:
        return
    found = forward(attention.network_of(run), asked.tokens[None])
    st.markdown(said(run.spec, asked, found))
    layer, head = _chosen(run)
    film(_answers(run, asked, found, layer, head), Source.run(run), "attention_look_film")
    st.caption(sentences(tr("attending.how"), *how(run.spec, layer)))
    if run.spec.heads * len(found.looks) > 1:
        _bird(run, asked, found, (layer, head))


def how(spec: AttentionSpec, layer: int) -> list[str]:
    """What the rows of a layer are for: those of the last one make the answer."""
    rows = tr(f"attending.how.{spec.task}" if layer == len(layers(spec)) - 1 else "attending.how.earlier")
    return [rows, tr("attending.how.blanks")] if spec.task == "dates" else [rows]


def said(spec: AttentionSpec, asked: Asked, found: Pass) -> str:
    """What the network answers, how sure it is, and what would be right."""
    symbols, sure = found.answers[0].argmax(axis=1), found.answers[0].max(axis=1)
    least = int(sure.argmin())
    certain = sure[least] > CERTAIN
    shown = floor(1_000 * sure[least]) / 1_000 if certain else sure[least]  # "or more": never rounded up
    message = "attending.certain" if certain else "attending.said"
    told = tr(message, answer=answer_words(spec, symbols), least=f"{shown:.1%}", place=least + 1)
    if None in asked.right:
        return told
    wrong = int((symbols != np.array(asked.right)).sum())
    return sentences(told, tr("attending.wrong", n=wrong, right=answer_words(spec, asked.right)) if wrong else tr("attending.right"))


def _chosen(run: Run) -> tuple[int, int]:
    """The layer and the head that are looked at; to begin with, the last layer's first head."""
    named = layers(run.spec)
    layer, head = len(named) - 1, 0
    with st.container(horizontal=True):
        if len(named) > 1:
            described = {
                "format_func": dict(enumerate(named)).get,
                "default": layer,
                "key": f"attention_layer_{len(named)}",
                "required": True,
                "wrap": True,
            }
            layer = st.segmented_control(tr("attending.layer"), range(len(named)), **described)
        if run.spec.heads > 1:
            described = {"default": 1, "key": f"attention_head_{run.spec.heads}", "required": True, "wrap": True}
            head = st.segmented_control(tr("attending.head"), range(1, run.spec.heads + 1), **described) - 1
    return layer, head


def _answers(run: Run, asked: Asked, found: Pass, layer: int, head: int) -> bytes:
    """The answer's probabilities, and the attention of a head, as a matrix and as arcs: all at the same place."""
    name = f"{run.key} {asked.written} {layer} {head} {current()}"
    places = asking_places(run.spec, layer, asked.written, found.answers[0])
    shown = looked_at(found, layer, head, places, asked.written)
    if len(places) == len(asked.right):
        symbols = TASKS[run.spec.task].symbols(run.spec.letters)
        shown.append(answers_panel(Titles(tr("attending.chances"), tr("attending.chances.alt")), symbols, found.answers[0], asked.right))
    captions = [caption(found.looks[layer].weights[0, head], places, asked.written, place) for place in range(len(places))]
    return packed(shown, captions, words(), name, play=False, pace=PACE, begin=0)


def looked_at(
    found: Pass, layer: int, head: int, places: Sequence[str], written: Sequence[str], allowed: np.ndarray | None = None
) -> list[Panel]:
    """Who looks at whom in a head, as arcs and as a matrix; what is not `allowed` (asking, asked) is marked."""
    weights = found.looks[layer].weights[0, head]
    return [
        arcs_panel(Titles(tr("attending.arcs"), tr("attending.arcs.alt")), places, written, weights, allowed),
        weights_panel(Titles(tr("attending.matrix"), tr("attending.matrix.alt")), places, written, weights, allowed),
    ]


def caption(weights: np.ndarray, places: Sequence[str], written: Sequence[str], place: int) -> str:
    """At whom a place looks most."""
    most = int(weights[place].argmax())
    values = {"asking": places[place], "number": place + 1, "asked": written[most], "at": most + 1, "share": f"{weights[place, most]:.0%}"}
    return tr("attending.looks", **values)


def _bird(run: Run, asked: Asked, found: Pass, chosen: tuple[int, int]) -> None:
    """All heads of all layers; a click takes one of them to the view above."""
    panel = heads_panel(Titles(tr("attending.bird"), tr("heads.alt")), rows_of_heads(run.spec, [found]), asked.written, chosen)
    film(packed([panel], [""], words(), f"bird {run.key}", play=False), Source.run(run), BIRD, _picked)


def _picked() -> None:
    picked = session.value(BIRD)["picked"]
    run = trained()
    if not picked or run is None:
        return
    layer, head = map(int, picked["pick"].split())
    session.put_later(f"attention_layer_{len(layers(run.spec))}", layer)
    session.put_later(f"attention_head_{run.spec.heads}", head + 1)
    st.rerun(FRAGMENT)
