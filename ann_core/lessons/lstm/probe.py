"""What did it learn: gates and memory over a sequence of the learner's, which units carry the memory, how the gradient gets back."""

from collections.abc import Mapping, Sequence

import numpy as np
import streamlit as st

from ann_core.charts import functions
from ann_core.charts.film import Panel, packed
from ann_core.charts.networks.convolution import Titles
from ann_core.charts.sequences.lstm import Cells, symbols_panel, time_panel
from ann_core.data.recall import BRACKETS, CLOSE_ENOUGH, is_balanced
from ann_core.lessons.lstm import depth, race
from ann_core.lessons.lstm.asked import LETTERS, became_of, written
from ann_core.lessons.lstm.racers import KINDS
from ann_core.maths.networks.cells import CELLS
from ann_core.maths.networks.recurrent import Network
from ann_core.probing import recall, recall_study
from ann_core.probing.measurement import light
from ann_core.probing.recall import Opened, Way
from ann_core.specs import RecallSpec
from ann_core.training.records import Run
from ann_core.ui import turns
from ann_core.ui.figures.figure import Source, figure
from ann_core.ui.figures.film import film, words
from ann_core.ui.figures.missing import not_yet
from ann_core.ui.language import current, digits, sentences, tr
from ann_core.ui.page import frame
from ann_core.ui.workbench import measure

PACE = 15.0
SHOWN = {
    "lstm": ("forget", "input", "output", "candidate", "memory", "state"),
    "gru": ("update", "reset", "candidate", "state"),
    "simple": ("state",),
}
GATES = ("forget", "input", "output", "update", "reset")
EXAMPLES = {"recall": "C", "adding": "0.3 0.5", "brackets": "··(··(··)···)···(··(··(··)··)··)···(··)·"}
GRADIENTS = 32
FAINTEST = 1e-15
STORY = 100
GROWS = 1.5
HARDLY = 0.01


def draw() -> None:
    frame.section("lstm", "probe")
    turns.fragment(_gates_that_open)()
    runs = trained()
    if not runs:
        not_yet("probe.train_first", race.begun(KINDS))
        return
    st.markdown(f"**{tr('look.title')}**")
    turns.fragment(_sequence)(runs)
    measure.fragment("without", _units, runs)
    turns.fragment(_gradients)(runs)


def _gates_that_open() -> None:
    """The picture of gates that open: a network that adds two marked numbers, trained beforehand, reads the learner's."""
    spec, made = recall_study.adder()
    st.markdown(f"**{tr('adder.title')}**")
    asked = typed(spec, "adder_text")
    if asked is not None:
        x, symbols, text = asked
        found = recall.way(made, x[None])
        st.markdown(said(spec, found.answers[0], x, symbols))
        source = Source.exact("source.kept_network", task=tr(f"choice.{spec.task}"), n=spec.examples, seed=spec.seed, epoch=spec.epochs)
        film(film_of(spec, symbols, panels_of(spec, found, symbols), f"adder {text} {current()}"), source, "adder_film")
    frame.passage(in_words(spec, _kept_story()), "kept_story")


@st.cache_data(show_spinner=False)
def _kept_story() -> list[tuple[str, dict]]:
    return story_of(*recall_study.adder())


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
    with right:
        asked = typed(run.spec, "look_text")
    if asked is not None:
        x, symbols, text = asked
        found = recall.way(recall.network_of(run), x[None])
        st.markdown(said(run.spec, found.answers[0], x, symbols))
        frames, more = depth.shown(run, x, found)
        read, *parts = panels_of(run.spec, found, symbols, frames)
        panels = [read, *more, *parts]
        film(film_of(run.spec, symbols, panels, f"{run.key} {text} {current()}"), Source.run(run), "look_film")
        st.caption(tr(f"look.how.{run.spec.cell}"))
        depth.tell(run)
    if told := _story(run.key, run):
        frame.passage(in_words(run.spec, told), "story")


def typed(spec: RecallSpec, key: str, example: str = "") -> tuple[np.ndarray, list[str], str] | None:
    """A learner's sequence (time, inputs), its symbols, and what was typed; where nothing can be read, they are told why."""
    task = spec.task
    described = {"max_chars": 250, "key": f"{key}_{task}", "help": tr(f"look.write.{task}.help")}
    text = st.text_input(tr(f"look.write.{task}"), example or EXAMPLES[task], **described)
    try:
        x, symbols = written(spec, text)
    except ValueError as problem:
        st.warning(tr(str(problem)), icon=":material/keyboard:")
        return None
    if (note := became_of(spec, text)) is not None:
        st.caption(f":material/info: {tr(note[0], **note[1])}")
    return x, symbols, text


@st.cache_data(max_entries=64, show_spinner=False)
def _story(run_key: str, _run: Run) -> list[tuple[str, dict]]:
    return story_of(_run.spec, recall.network_of(_run))


def story_of(spec: RecallSpec, made: Network) -> list[tuple[str, dict]]:
    """What the gates do where something matters, and what becomes of the memory: messages with values, a gate under its name.

    Measured on sequences held out; nothing is told of a cell without gates.
    """
    x = recall.judged(spec)[0][:STORY]
    unrolled, marks = recall.way(made, x).unrolled, recall.matters(spec, x)
    told = [_of_gate(name, recall.opened(unrolled, marks, name)) for name in SHOWN[spec.cell] if name in GATES]
    return [*told, _of_memory(np.abs(unrolled.memory[:, 1:]).mean(axis=(0, 2)))] if unrolled.memory is not None else told


def _of_gate(name: str, gate: Opened) -> tuple[str, dict]:
    verdicts = {(True, True): "story.both", (True, False): "story.opens", (False, True): "story.shuts", (False, False): "story.level"}
    unit, values = gate.most, {"gate": name, "units": len(gate.there), "wider": gate.wider, "narrower": gate.narrower}
    values |= {"there": _share(gate.there.mean()), "elsewhere": _share(gate.elsewhere.mean())}
    values |= {"unit": unit + 1, "unit_there": _share(gate.there[unit]), "unit_elsewhere": _share(gate.elsewhere[unit])}
    return verdicts[gate.wider > 0, gate.narrower > 0], values


def _share(value: float) -> str:
    return f"{value:.1%}"


def _of_memory(sizes: np.ndarray) -> tuple[str, dict]:
    """`sizes` (steps,): how large the cell state is after each step, on average."""
    first, last = float(sizes[0]), float(sizes[-1])
    verdict = "story.grows" if last > GROWS * first else "story.fades" if first > GROWS * last else "story.stays"
    return verdict, {"first": digits(first), "middle": digits(sizes[len(sizes) // 2]), "last": digits(last)}


def in_words(spec: RecallSpec, story: list[tuple[str, dict]]) -> str:
    """A story as a list of sentences."""
    lines = [tr("story.measured", sequences=STORY, far=f"{recall.FARTHER:.0%}")]
    for message, values in story:
        named = {"gate": tr(f"quantity.{values['gate']}"), "where": tr(f"story.where.{spec.task}")} if "gate" in values else {}
        lines.append(f"- {tr(message, **values | named)}")
    return "\n".join(lines)


def _named(runs: dict[str, Run]):
    return {name: tr(f"choice.{name}") for name in runs}.get


def said(spec: RecallSpec, answer: np.ndarray, x: np.ndarray, symbols: list[str]) -> str:
    """What a network answers to a sequence x (time, inputs), and what would be right."""
    if spec.task == "recall":
        best = int(answer.argmax())
        told = "look.said.recall" if symbols[0] in LETTERS else "look.said.no_letter"
        return tr(told, answer=LETTERS[best], share=f"{answer[best]:.1%}", asked=symbols[0])
    if spec.task == "adding":
        right = float((x[:, 0] * x[:, 1]).sum())
        off = abs(float(answer[0]) - right)
        told = tr("look.said.adding", answer=f"{answer[0]:.3f}", asked=f"{right:.3f}", off=f"{off:.3f}")
        return sentences(told, tr("look.near" if off < CLOSE_ENOUGH else "look.far", most=f"{CLOSE_ENOUGH:g}"))
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


def sequence_panel(spec: RecallSpec, symbols: list[str], each: int = 1) -> Panel:
    """A sequence, with the steps marked that its answer depends on; the cursor stays `each` moments at a step."""
    marked = [step for step, symbol in enumerate(symbols) if (step == 0 if spec.task == "recall" else symbol != "·")]
    title = tr("look.symbols" if spec.task == "adding" else "look.symbols.plain")
    return symbols_panel(Titles(title, tr("look.symbols.alt")), symbols, marked, each)


Frames = Mapping[str, Sequence[Cells]]
"""Cells that are framed, by the name of what is shown."""


def panels_of(spec: RecallSpec, found: Way, symbols: list[str], frames: Frames | None = None, by_hand: bool = False) -> list[Panel]:
    """The sequence, and under it every gate and the memory over time; where gates are held `by_hand`, rectangles are dragged over them."""
    shown = [sequence_panel(spec, symbols)]
    told = {
        "down": [tr("look.unit", number=unit + 1) for unit in range(spec.units)],
        "across": [f"{tr('unrolled.step', number=step + 1)} · {symbol}" for step, symbol in enumerate(symbols)],
    }
    for name, values in quantities(spec, found).items():
        greatest = 1.0 if name in GATES else max(float(np.abs(values).max()), 1e-9)
        scale = "" if name in GATES else f" (±{greatest:.2g})"
        called = tr(f"quantity.{name}")
        options = {"name": called, "values": values.T[None].astype(np.float32)} | told if by_hand else {}
        options |= {"pick": name, "spanned": True} if by_hand and name in GATES else {}
        titles = Titles(f"{called}{scale}", tr("look.time.alt", name=called))
        shown.append(time_panel(titles, values, greatest, (frames or {}).get(name, ()), **options))
    return shown


def film_of(spec: RecallSpec, symbols: list[str], panels: Sequence[Panel], name: str, offered: Mapping[str, str] | None = None) -> bytes:
    """A film that goes through a sequence step by step; with what is `offered` to do."""
    captions = [tr("look.step", step=step + 1, steps=len(symbols), symbol=symbol) for step, symbol in enumerate(symbols)]
    return packed(panels, captions, words() | (offered or {}), name, play=False, pace=PACE, columns=1)


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
    message, values = missed(shares)
    st.markdown(tr(message, sequences=recall.JUDGED, **values))


def missed(shares: np.ndarray) -> tuple[str, dict]:
    """Which unit is missed most, from the accuracy with all units and without each of them in turn: a message with values."""
    hardly, count = int((shares[1:] > shares[0] - HARDLY).sum()), len(shares) - 1
    values = {"all": f"{shares[0]:.1%}", "hardly": hardly, "count": count, "point": f"{HARDLY:.0%}"}
    if hardly == count:
        return "without.nobody", values
    worst = int(shares[1:].argmin())
    return "without.said", values | {"number": worst + 1, "share": f"{shares[1 + worst]:.1%}"}


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
    drawn, (low, high) = seen(lines)
    across = 0, max(run.spec.gap for run in runs.values()) + 1
    chart = functions.functions(tr("reach.steps"), tr("back.length"), tuple(drawn), across, (low, high), log=True, whole=True)
    figure(chart, functions.function_rows(drawn), Source.runs(list(runs.values())), tr("back.alt"), "lstm_gradients")
    hidden = any(len(drawn[name][0]) < len(steps) for name, (steps, _) in lines.items())
    st.caption(sentences(tr("back.how", sequences=GRADIENTS), *([tr("back.fainter", least=f"{FAINTEST:g}")] if hidden else [])))


Lines = dict[str, tuple[np.ndarray, np.ndarray]]


def seen(lines: Lines) -> tuple[Lines, tuple[float, float]]:
    """Lengths by steps as they are drawn, without those too small to be, and the ends of a logarithmic axis that holds all of them."""
    drawn = {name: (steps[kept], lengths[kept]) for name, (steps, lengths) in lines.items() for kept in [lengths >= FAINTEST]}
    found = np.concatenate([lengths for _, lengths in drawn.values()])
    found = found[np.isfinite(found)] if np.isfinite(found).any() else np.ones(1)
    low, high = 10.0 ** np.floor(np.log10(found.min())), 10.0 ** np.ceil(np.log10(found.max()) + 1e-9)
    return drawn, (min(low, found.min()), high)  # a power of ten may come out larger than itself by its last digit


def _lengths(slopes: np.ndarray) -> np.ndarray:
    """The length at each step back, from the last state (0) to the first."""
    with np.errstate(all="ignore"):
        return np.sqrt((slopes**2).sum(axis=(0, 2)))[::-1]
