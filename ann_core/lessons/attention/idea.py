"""The idea: a soft look-up, drawn by hand; and what it costs against going step by step, measured."""

from dataclasses import replace

import numpy as np
import streamlit as st

from ann_core.charts import functions
from ann_core.charts.film import packed
from ann_core.charts.networks.attention import arcs_panel
from ann_core.charts.networks.convolution import Titles
from ann_core.probing import attention_costs
from ann_core.ui.figures.figure import Source, figure
from ann_core.ui.figures.film import film, words
from ann_core.ui.language import current, sentences, tr
from ann_core.ui.page import frame
from ann_core.ui.workbench import measure

PACE = 0.6
SENTENCES = {
    "en": ["The", "cat", "left", "the", "milk", "because", "it", "was", "full"],
    "zh": ["小猫", "没有", "喝", "牛奶", "，", "因为", "它", "饱了"],
}
GLANCES = {
    "en": {1: {0: 3, 1: 7}, 2: {1: 5, 4: 5}, 4: {2: 4, 3: 3, 4: 3}, 6: {1: 9, 4: 1}, 8: {1: 3, 6: 7}},
    "zh": {0: {0: 10}, 2: {0: 4, 1: 3, 3: 3}, 3: {2: 6, 3: 4}, 6: {0: 9, 3: 1}, 7: {0: 3, 6: 7}},
}
"""Who might look at whom, in tenths: drawn by hand."""


def draw() -> None:
    frame.section("attention", "idea")
    film(_sentence(current()), Source.schematic(), "attention_sentence")
    frame.text("attention", "path")
    st.markdown(tr("costs.table"))
    measure.fragment("costs", _measured)


@st.cache_resource(show_spinner=False)
def _sentence(language: str) -> bytes:
    """Each word of a sentence, and where it might look."""
    sentence = SENTENCES[language]
    weights = np.eye(len(sentence))
    for asking, glances in GLANCES[language].items():
        weights[asking] = 0
        for asked, tenths in glances.items():
            weights[asking, asked] = tenths / 10
    panel = arcs_panel(Titles(tr("sentence.title"), tr("sentence.alt")), sentence, sentence, weights)
    moments = [tr("sentence.asks", word=word) for word in sentence]
    return packed(
        [replace(panel, told=False)],
        moments,
        words(),
        "sentence",
        play=False,
        pace=PACE,
        begin=sentence.index({"en": "it", "zh": "它"}[language]),
    )


def _measured(live: bool) -> None:
    """How long both take here, for sequences of growing length."""
    found = measure.measured("costs", "costs", attention_costs.forward_seconds, tuple, live)
    if found is None:
        st.caption(tr("costs.how", lengths=tr("list.comma").join(map(str, attention_costs.LENGTHS))))
        return
    names = tr("costs.recurrent"), tr("costs.attention")
    milliseconds = 1000 * found
    limits = 10 ** np.floor(np.log10(milliseconds.min())), 10 ** np.ceil(np.log10(milliseconds.max()))
    chart = functions.functions(
        tr("costs.length"), tr("costs.milliseconds"), names, (0, attention_costs.LENGTHS[-1]), limits, log=True, whole=True
    )
    places = {name: (np.array(attention_costs.LENGTHS), line) for name, line in zip(names, milliseconds, strict=True)}
    source = Source("run", tr("source.measured", repeats=attention_costs.REPEATS))
    figure(chart, functions.function_rows(places, places), source, tr("costs.alt"), "attention_costs")
    growth = milliseconds[:, -1] / milliseconds[:, -2]
    factor = attention_costs.LENGTHS[-1] / attention_costs.LENGTHS[-2]
    values = {"factor": f"{factor:g}", "recurrent": f"{growth[0]:.1f}", "attention": f"{growth[1]:.1f}"}
    told = tr("costs.said", first=attention_costs.LENGTHS[-2], last=attention_costs.LENGTHS[-1], **values)
    st.markdown(sentences(told, tr(why_so(growth[1], factor), square=f"{factor**2:g}")))


def why_so(growth: float, factor: float) -> str:
    """What is said of how attention's time grew where the length grew by a factor: like its square, less, or more."""
    if growth > factor**2.5:
        return "costs.beyond"
    return "costs.like_square" if growth > factor**1.5 else "costs.not_yet"
