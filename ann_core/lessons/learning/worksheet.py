"""The backpropagation worksheet: a whole training step by hand, one number after the other."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from ann_core.catalogue import Lesson
from ann_core.charts.film import packed
from ann_core.charts.networks.convolution import Titles
from ann_core.charts.networks.worksheet import worksheet_panel
from ann_core.exhibits import WorksheetExhibit
from ann_core.maths.learning.backpropagation import (
    PARAMETERS,
    Small,
    Term,
    finite_differences,
    gradients,
    loss,
    parameters,
    updated,
    worksheet,
)
from ann_core.spec import bounds
from ann_core.ui import session, turns
from ann_core.ui.figures.figure import Source, source_line
from ann_core.ui.figures.film import film, words
from ann_core.ui.inputs import controls
from ann_core.ui.language import fixed, sentences, tr
from ann_core.ui.page import address, frame

EXHIBIT = "worksheet"
SHOWN_KEY = "_worksheet_shown"
SAID_KEY = "_worksheet_said"
PREDICTION_KEY, FILM_KEY = "worksheet_prediction", "worksheet_film"
CLOSE = 0.005
MOVED = 1e-6
COLUMNS = 6
NUMBERS = ("x1", "w11", "w12", "b1", "v1", "c", "x2", "w21", "w22", "b2", "v2", "target_value")
EXAMPLES = ((1.0, 0.5, 1.0), (-0.5, 1.5, 0.0), (0.3, -1.2, 1.0), (-1.4, -0.6, 0.0))


def draw(lesson: Lesson) -> None:
    frame.section("learning", "worksheet")
    turns.fragment(_worksheet)(lesson)


def _worksheet(lesson: Lesson) -> None:
    with st.container(horizontal=True, key="rows_worksheet"):
        controls.controls(EXHIBIT, ("function", "output_function", "rate"))
    controls.number_grid(EXHIBIT, NUMBERS, COLUMNS)
    spec: WorksheetExhibit = session.bench(EXHIBIT).spec
    network, inputs = network_of(spec), (spec.x1, spec.x2)
    terms = worksheet(network, inputs, spec.target_value, spec.rate)
    picture, sheet = st.columns([3, 2], gap="medium")
    with picture, st.container(key="sticky_worksheet"):
        _drawing(spec, terms)
    with sheet:
        _sheet(spec, terms)
    if session.value(SHOWN_KEY, 0) >= len(terms):
        _check(spec, network)
    address.write(lesson)


def network_of(spec: WorksheetExhibit) -> Small:
    kernel = np.array([[spec.w11, spec.w12], [spec.w21, spec.w22]])
    return Small(kernel, np.array([spec.b1, spec.b2]), np.array([spec.v1, spec.v2]), spec.c, spec.function, spec.output_function)


def _drawing(spec: WorksheetExhibit, terms: Sequence[Term]) -> None:
    """The network, with the numbers that are known so far; it stays in view while the sheet grows (page.css)."""
    shown = terms[: session.value(SHOWN_KEY, 0)]
    known = {name: getattr(spec, name) for name in NUMBERS} | {"target": spec.target_value} | {term.key: term.value for term in shown}
    titles = Titles(tr("worksheet.picture"), tr("worksheet.picture.alt"))
    panel = worksheet_panel(titles, known, shown[-1].key if shown else "", (tr("worksheet.target"), tr("worksheet.loss")))
    film(packed([panel], [""], words(), FILM_KEY, play=False), Source.exact(), FILM_KEY)


def _sheet(spec: WorksheetExhibit, terms: Sequence[Term]) -> None:
    """What has been computed, stage by stage, and what comes next."""
    shown = min(session.value(SHOWN_KEY, 0), len(terms))
    stage = ""
    for term in terms[:shown]:
        if term.stage != stage:
            stage = term.stage
            st.markdown(f"**{tr(f'worksheet.stage.{stage}')}**")
        st.latex(_written(term, rf"\mathbf{{{term.value:.4f}}}"))
    said = session.value(SAID_KEY)
    if said and said[0] == spec:
        st.caption(tr(said[1], **said[2]))
    with st.container(border=True, key="worksheet_next"):
        if shown < len(terms):
            _next(spec, terms[shown], terms[shown - 1].stage if shown else "")
        with st.container(horizontal=True):
            rest = len(terms) - shown
            st.button(tr("worksheet.all", n=rest), key="worksheet_all", on_click=_show, args=(len(terms),), disabled=not rest)
            st.button(tr("worksheet.again"), key="worksheet_again", on_click=_show, args=(0,), disabled=not shown)


def _written(term: Term, value: str) -> str:
    """A term in symbols, in numbers, and its value, each on a line of its own."""
    return rf"\begin{{aligned}} {term.symbol} &= {term.formula} \\ &= {term.numbers} \\ &= {value} \end{{aligned}}"


def _next(spec: WorksheetExhibit, term: Term, stage: str) -> None:
    if term.stage != stage:
        st.markdown(f"**{tr(f'worksheet.stage.{term.stage}')}** · {tr(f'worksheet.stage.{term.stage}.how')}")
    st.latex(_written(term, r"\;?"))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.number_input(tr("worksheet.prediction"), value=None, step=0.01, format="%.4f", key=PREDICTION_KEY)
        st.button(tr("worksheet.show"), key="worksheet_show", type="primary", on_click=_reveal, args=(spec, term))


def _reveal(spec: WorksheetExhibit, term: Term) -> None:
    """Show a term, and say how close the prediction was, if there was one."""
    predicted = session.value(PREDICTION_KEY)
    session.put(SAID_KEY, None if predicted is None else (spec, *verdict(predicted, term.value)))
    session.put(PREDICTION_KEY, None)
    session.put(SHOWN_KEY, session.value(SHOWN_KEY, 0) + 1)


def verdict(predicted: float, value: float) -> tuple[str, dict[str, str]]:
    """What is said of a prediction, as a message with its values."""
    off = abs(predicted - value)
    values = {"predicted": fixed(predicted, 4), "value": fixed(value, 4)}
    if values["predicted"] == values["value"]:
        return "worksheet.right", values
    return ("worksheet.close" if off <= CLOSE * max(1, abs(value)) else "worksheet.off"), values | {"off": f"{off:.4f}"}


def _show(count: int) -> None:
    session.put(SHOWN_KEY, count)
    session.put(SAID_KEY, None)


def _check(spec: WorksheetExhibit, network: Small) -> None:
    """The gradient beside a finite difference, and the network after the step."""
    inputs, target = (spec.x1, spec.x2), spec.target_value
    ours, theirs = gradients(network, inputs, target), finite_differences(network, inputs, target, MOVED)
    after = updated(network, inputs, target, spec.rate)
    now, then = parameters(network), parameters(after)
    with st.container(border=True, key="worksheet_check"):
        st.markdown(f"**{tr('worksheet.check')}** {tr('worksheet.check.how')}")
        head = " | ".join(tr(f"worksheet.column.{name}") for name in ("parameter", "gradient", "difference", "before", "after"))
        lines = [
            f"| ${symbol}$ | {fixed(ours[key], 6)} | {fixed(theirs[key], 6)} | {fixed(now[key], 4)} | {fixed(then[key], 4)} |"
            for key, symbol in PARAMETERS.items()
        ]
        st.markdown(f"| {head} |\n|---|---|---|---|---|\n" + "\n".join(lines))
        source_line(Source.exact())
        st.markdown(sentences(_agreement(network, inputs, ours, theirs), _of_loss(network, after, spec)))
        if beyond(spec, then):
            st.caption(tr("worksheet.beyond", most=f"{bounds(type(spec), 'w11')[1]:g}"))
        st.button(
            tr("worksheet.next"), key="worksheet_next_example", icon=":material/arrow_forward:", on_click=_next_example, args=(spec, then)
        )


def _agreement(network: Small, inputs: Sequence[float], ours: dict[str, float], theirs: dict[str, float]) -> str:
    """How far backpropagation and finite differences are apart, and why, where a sum lies on a corner."""
    apart = tr("worksheet.check.apart", most=f"{max(abs(ours[key] - theirs[key]) for key in ours):.1e}")
    return sentences(apart, tr("worksheet.check.corner")) if on_corner(network, inputs) else apart


def on_corner(network: Small, inputs: Sequence[float]) -> bool:
    """Whether moving a parameter takes a hidden sum across the corner of ReLU, where there is no single slope."""
    sums = np.asarray(inputs) @ network.hidden_kernel + network.hidden_bias
    return network.activation == "relu" and bool((np.abs(sums) <= MOVED * max(1.0, *np.abs(inputs))).any())


def _of_loss(network: Small, after: Small, spec: WorksheetExhibit) -> str:
    """What the step has done to the loss of the example it was made for."""
    inputs, target = (spec.x1, spec.x2), spec.target_value
    before, behind = (f"{loss(each, inputs, target):.5f}" for each in (network, after))
    change = "same" if before == behind else "fell" if float(behind) < float(before) else "rose"
    return tr(f"worksheet.loss.{change}", before=before, after=behind)


def beyond(spec: WorksheetExhibit, weights: dict[str, float]) -> bool:
    """Whether the step has taken a weight beyond what can be typed here."""
    low, high = bounds(type(spec), "w11")
    return any(not low <= weight <= high for weight in weights.values())


def _next_example(spec: WorksheetExhibit, weights: dict[str, float]) -> None:
    """The updated weights, and another example."""
    places = [place for place, example in enumerate(EXAMPLES) if example == (spec.x1, spec.x2, spec.target_value)]
    x1, x2, target = EXAMPLES[(places[0] + 1 if places else 0) % len(EXAMPLES)]
    low, high = bounds(type(spec), "w11")
    kept = {key: float(np.clip(value, low, high)) for key, value in weights.items()}
    controls.fill(spec.changed(x1=x1, x2=x2, target_value=target, **kept))
    _show(0)
