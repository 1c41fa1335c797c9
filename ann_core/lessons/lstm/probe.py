"""What did it learn: gates and memory over a sequence of the learner's, which units carry the memory, how the gradient gets back."""

import numpy as np
import streamlit as st

from ann_core.charts import functions
from ann_core.charts.film import Panel, packed
from ann_core.charts.networks.convolution import Titles
from ann_core.charts.networks.lstm import symbols_panel, time_panel
from ann_core.data.recall import BRACKETS, is_balanced
from ann_core.lessons.lstm import race
from ann_core.lessons.lstm.asked import LETTERS, written
from ann_core.lessons.lstm.racers import KINDS
from ann_core.maths.networks.cells import CELLS
from ann_core.probing import recall
from ann_core.probing.measurement import light
from ann_core.probing.recall import Way
from ann_core.specs import RecallSpec
from ann_core.training.records import Run
from ann_core.ui.figures.figure import Source, figure
from ann_core.ui.figures.film import film, words
from ann_core.ui.language import tr
from ann_core.ui.page import frame
from ann_core.ui.workbench import measure

PACE = 15.0
SHOWN = {
    "lstm": ("forget", "input", "output", "candidate", "memory", "state"),
    "gru": ("update", "reset", "candidate", "state"),
    "simple": ("state",),
}
GATES = ("forget", "input", "output", "update", "reset")
EXAMPLES = {"recall": "C", "adding": "0.3 0.5", "brackets": "(·(·)·)··()"}
GRADIENTS = 32
LIMITS = 1e-12, 1e3


def draw() -> None:
    frame.section("lstm", "probe")
    runs = trained()
    if not runs:
        st.info(tr("probe.train_first"), icon=":material/model_training:")
        return
    st.fragment(_sequence)(runs)
    measure.fragment("without", _units, runs)
    st.fragment(_gradients)(runs)


def trained() -> dict[str, Run]:
    """All racers that have been trained, in the order in which they are drawn."""
    return {name: run for name in KINDS if (run := race.trained(name)) is not None}


def _sequence(runs: dict[str, Run]) -> None:
    """One sequence, as the learner writes it, on its way through one of the networks."""
    left, right = st.columns(2)
    name = left.segmented_control(
        tr("look.who"), list(runs), format_func=_named(runs), default=next(iter(runs)), key="look_who", required=True, wrap=True
    )
    run = runs.get(name) or next(iter(runs.values()))
    task = run.spec.task
    text = right.text_input(
        tr(f"look.write.{task}"), EXAMPLES[task], max_chars=250, key=f"look_text_{task}", help=tr(f"look.write.{task}.help")
    )
    try:
        x, symbols = written(run.spec, text)
    except ValueError as problem:
        st.warning(tr(str(problem)), icon=":material/keyboard:")
        return
    found = recall.way(recall.network_of(run), x[None])
    st.markdown(said(run.spec, found.answers[0], symbols))
    film(film_of(run.spec, found, symbols, f"{run.key} {text}"), Source.run(run), "look_film")
    st.caption(tr(f"look.how.{run.spec.cell}"))


def _named(runs: dict[str, Run]):
    return {name: tr(f"choice.{name}") for name in runs}.get


def said(spec: RecallSpec, answer: np.ndarray, symbols: list[str]) -> str:
    """What a network answers to a sequence, and what would be right."""
    if spec.task == "recall":
        best = int(answer.argmax())
        asked = symbols[0] if symbols[0] in LETTERS else "–"
        return tr("look.said.recall", answer=LETTERS[best], share=f"{answer[best]:.1%}", asked=asked)
    if spec.task == "adding":
        marked = [float(symbol) for symbol in symbols if symbol != "·"]
        return tr("look.said.adding", answer=f"{answer[0]:.3f}", asked=f"{sum(marked):.3f}")
    balanced = _balanced(symbols)
    verdict = "yes" if answer[0] > 0.5 else "no"
    share = f"{max(answer[0], 1 - answer[0]):.1%}"
    return tr("look.said.brackets", answer=tr(f"look.{verdict}"), share=share, asked=tr("look.yes" if balanced else "look.no"))


def _balanced(symbols: list[str]) -> bool:
    return is_balanced(np.array([BRACKETS.index(symbol) for symbol in symbols]))


def quantities(spec: RecallSpec, found: Way) -> dict[str, np.ndarray]:
    """What is shown of a cell, by name: (steps, units)."""
    unrolled = found.unrolled
    special = {"state": unrolled.states[0, 1:]} | ({"memory": unrolled.memory[0, 1:]} if unrolled.memory is not None else {})
    return {name: special[name] if name in special else unrolled.parts[name][0] for name in SHOWN[spec.cell]}


def panels_of(spec: RecallSpec, found: Way, symbols: list[str], held: dict[str, np.ndarray] | None = None) -> list[Panel]:
    """The sequence, and under it every gate and the memory over time."""
    marked = [
        step for step, symbol in enumerate(symbols) if symbol in LETTERS or symbol in "()" or (spec.task == "adding" and symbol != "·")
    ]
    shown = [symbols_panel(Titles(tr("look.symbols"), tr("look.symbols.alt")), symbols, marked)]
    for name, values in quantities(spec, found).items():
        greatest = 1.0 if name in GATES else max(float(np.abs(values).max()), 1e-9)
        here = np.isfinite(held[name]) if held and name in held else None
        scale = "" if name in GATES else f" (±{greatest:.2g})"
        shown.append(
            time_panel(Titles(f"{tr(f'quantity.{name}')}{scale}", tr("look.time.alt", name=tr(f"quantity.{name}"))), values, greatest, here)
        )
    return shown


def film_of(spec: RecallSpec, found: Way, symbols: list[str], name: str, held: dict[str, np.ndarray] | None = None) -> bytes:
    captions = [tr("look.step", step=step + 1, steps=len(symbols), symbol=symbol) for step, symbol in enumerate(symbols)]
    return packed(panels_of(spec, found, symbols, held), captions, words(), name, play=False, pace=PACE, columns=1)


def _units(runs: dict[str, Run], live: bool) -> None:
    """Every unit in turn is put to sleep: which ones carry the memory?"""
    gated = {name: run for name, run in runs.items() if CELLS[run.spec.cell].blocks}
    if not gated:
        return
    st.markdown(f"**{tr('without.title')}**")
    name, run = next(iter(gated.items()))
    shares = measure.measured("without", run.key, recall.without_each, lambda: (light(run),), live)
    if shares is None:
        st.caption(tr("without.how", name=tr(f"choice.{name}")))
        return
    numbers = np.arange(1, len(shares))
    names = tr("without.all"), tr("without.one")
    chart = functions.functions(tr("without.unit"), tr("metric.accuracy"), names, (0.5, len(shares) - 0.5), (0, 1.02), whole=True)
    rows = functions.function_rows({names[0]: ([0.5, len(shares) - 0.5], [shares[0]] * 2)}, {names[1]: (numbers, shares[1:])})
    figure(chart, rows, Source.run(run), tr("without.alt"), "lstm_without")
    worst = int(shares[1:].argmin())
    hardly = int((shares[1:] > shares[0] - 0.01).sum())
    told = {"number": worst + 1, "share": f"{shares[1 + worst]:.1%}", "all": f"{shares[0]:.1%}"}
    st.markdown(tr("without.said", hardly=hardly, count=len(shares) - 1, sequences=recall.JUDGED, **told))


def _gradients(runs: dict[str, Run]) -> None:
    """How long the gradient is at every step back, in all cells that were trained: one picture."""
    st.markdown(f"**{tr('back.title')}**")
    lines = {}
    for name, run in runs.items():
        steps = np.arange(run.spec.gap + 2)
        found = recall.slopes(run, GRADIENTS)
        lines[tr("back.state", name=tr(f"choice.{name}"))] = steps, _lengths(found.states)
        if found.memory is not None:
            lines[tr("back.memory", name=tr(f"choice.{name}"))] = steps, _lengths(found.memory)
    lines = {name: (steps[lengths > 0], lengths[lengths > 0]) for name, (steps, lengths) in lines.items()}
    gap = max(run.spec.gap for run in runs.values())
    chart = functions.functions(tr("reach.steps"), tr("back.length"), tuple(lines), (0, gap + 1), LIMITS, log=True, whole=True)
    figure(chart, functions.function_rows(lines), Source.runs(list(runs.values())), tr("back.alt"), "lstm_gradients")
    st.caption(tr("back.how"))


def _lengths(slopes: np.ndarray) -> np.ndarray:
    """The length at each step back, from the last state (0) to the first."""
    with np.errstate(all="ignore"):
        return np.sqrt((slopes**2).sum(axis=(0, 2)))[::-1]
