"""What the LSTM lesson says: surgery, gates, memory, how often each cell finds its task, and how far it reaches."""

import json
import re
from dataclasses import replace
from itertools import product
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ann_core import models
from ann_core.charts.networks.convolution import Titles
from ann_core.charts.sequences.lstm import symbols_panel
from ann_core.data.recall import BRACKETS, chance, sequences
from ann_core.data.recall import TASKS as MEMORY_TASKS
from ann_core.exhibits import GatesExhibit, HorizonExhibit, OperationExhibit, RaceExhibit
from ann_core.lessons.lstm import horizon, inside, probe, questions, race, takeaways
from ann_core.lessons.lstm.asked import LETTERS, OTHERS, became_of, held_gates, placed, written
from ann_core.lessons.lstm.lockstep import picture, reel, seen
from ann_core.lessons.lstm.racers import KINDS, racers
from ann_core.lessons.lstm.surgery import operate
from ann_core.maths.networks.cells import first_biases
from ann_core.probing import recall, recall_study
from ann_core.probing.recall_study import FOUND, RACERS
from ann_core.specs import RecallSpec
from ann_core.training.engine import tasks
from ann_core.training.engine.jobs import Assignment, run_side_by_side
from ann_core.training.examples import HELD_OUT_SEQUENCES, examples_of
from ann_core.training.records import Checkpoint, Progress
from ann_core.training.train import train
from ann_core.ui import language
from tests.charts.test_film import array_of, unpacked
from tests.claims.register import claim
from tests.claims.study_of_recall import course

SHORT = RecallSpec(gap=15, examples=2_048, epochs=8, learning_rate=0.01)
TASKS = st.sampled_from(["recall", "adding", "brackets"])
GAPS = st.integers(5, 200)
COUNT = 400


@pytest.fixture(scope="module")
def run():
    """An LSTM that has learned to recall over a short gap."""
    return train(SHORT)


@pytest.fixture(params=language.LANGUAGES)
def in_language(request, monkeypatch):
    monkeypatch.setattr(language, "current", lambda: request.param)
    return request.param


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def lstm_by_hand(weights, x, forget_shut=range(0)):
    """Keras' LSTM and its answers to x (n, time, inputs), step by step; forget gates are shut at some steps. Gates (time, n, units)."""
    kernel, recurrent, bias, last, last_bias = (weight.astype(float) for weight in weights)
    h = c = np.zeros((len(x), len(recurrent)))
    gates, memory = [], []
    for step in range(x.shape[1]):
        i, f, k, o = np.split(x[:, step] @ kernel + h @ recurrent + bias, 4, axis=1)
        kept = 0.0 if step in forget_shut else sigmoid(f)
        c = kept * c + sigmoid(i) * np.tanh(k)
        h = sigmoid(o) * np.tanh(c)
        gates.append(sigmoid(i))
        memory.append(c)
    return h @ last + last_bias, np.array(gates), np.array(memory)


# --- surgery


@claim(
    "lstm", "operate.untouched", "operate.said", "operate.unnoticed", "operate.changed", "operate.unnoticed_sums", "operate.changed_sums"
)
@given(seed=st.integers(0, 9999), task=TASKS, same=st.sampled_from([0.0, 0.5, 1.0]), held=st.booleans())
@settings(deadline=None, max_examples=60)
def test_surgery_tells_what_became_of_the_answers(seed, task, same, held):
    """Accuracies, how many answers are others than before, and which way they went, are counted; nothing held says so."""
    spec, random = RecallSpec(task=task), np.random.default_rng(seed)
    before, after = random.random((2, COUNT, spec.outputs))
    y = random.integers(0, spec.classes, COUNT) if spec.classes else random.random((COUNT, 1))
    after[: int(same * COUNT)] = before[: int(same * COUNT)]
    told = dict(operate.outcome(spec, before, after, y, held))
    said = [answers_by_hand(spec, each) for each in (before, after)]
    right = [is_right(spec, each, y) for each in said]
    if not held:
        assert list(told) == ["operate.untouched"]
        assert told["operate.untouched"]["share"] == f"{right[1].mean():.1%}"
        return
    assert told["operate.said"] == {"n": COUNT, "before": f"{right[0].mean():.1%}", "after": f"{right[1].mean():.1%}"}
    others, sums = said[0] != said[1] if spec.classes else right[0] != right[1], "" if spec.classes else "_sums"
    assert (f"operate.unnoticed{sums}" in told) == (not others.any())
    if others.any():
        lost, gained = (right[0] & ~right[1]).sum(), (~right[0] & right[1]).sum()
        assert told[f"operate.changed{sums}"] == {"n": others.sum(), "lost": lost, "gained": gained}
        level = np.bincount(y).max() / COUNT if spec.classes else (np.abs(y - 1) < 0.1).mean()
        no_more = right[1].mean() <= level + 2 * (level * (1 - level) / COUNT) ** 0.5
        assert (f"operate.no_better{sums}" in told) == no_more


def answers_by_hand(spec, answers):
    if spec.classes > 2:
        return np.array([row.tolist().index(max(row)) for row in answers])
    return (answers[:, 0] > 0.5).astype(int) if spec.classes else answers[:, 0]


def is_right(spec, said, y):
    return said == y if spec.classes else np.abs(said - y[:, 0]) < 0.1


@claim("lstm", "operate.always", "operate.mostly", "operate.no_better")
@given(seed=st.integers(0, 9999), task=st.sampled_from(["recall", "brackets"]), leaning=st.sampled_from([0.0, 0.2, 0.5, 0.9, 1.0]))
@settings(deadline=None, max_examples=60)
def test_who_gives_one_answer_to_all_is_found_out(seed, task, leaning):
    """One answer to all, one answer far oftener than it is asked for, no more right than the commonest answer: each if, and only if, so."""
    spec, random = RecallSpec(task=task), np.random.default_rng(seed)
    y = random.integers(0, spec.classes, COUNT)
    say = np.where(random.random(COUNT) < leaning, 1, y)
    answers = np.eye(spec.classes)[say] if spec.classes > 2 else say[:, None].astype(float)
    other = np.roll(answers, 1, axis=1) if spec.classes > 2 else 1 - answers
    told = dict(operate.outcome(spec, other, answers, y, True))
    often = np.bincount(say, minlength=spec.classes)
    asked = np.bincount(y, minlength=spec.classes)
    assert ("operate.always" in told) == (often.max() == COUNT)
    assert ("operate.mostly" in told) == (often.max() < COUNT and often.max() - asked[often.argmax()] >= COUNT / 4)
    level, accuracy = asked.max() / COUNT, (say == y).mean()
    assert ("operate.no_better" in told) == (accuracy <= level + 2 * (level * (1 - level) / COUNT) ** 0.5)


@claim("lstm", "operate.always", "operate.table.alt", "operate.asked", "operate.answered")
def test_a_wiped_memory_is_seen_through_whatever_letter_is_asked_for(run):
    """All eight letters asked × answered: the table is that of an LSTM computed by hand, its diagonal the accuracy that is told."""
    operation = OperationExhibit(forget_gate="shut", first=6, last=12)
    x, y = recall.judged(SHORT)
    held = held_gates(operation, SHORT.gap + 1, SHORT.units)
    after = recall.way(recall.network_of(run), x, held).answers
    by_hand = lstm_by_hand(run.final.weights, x, range(5, 12))[0].argmax(axis=1)
    table = recall.asked_and_answered(SHORT, after, y)
    expected = [[int(((y == asked) & (by_hand == answered)).sum()) for answered in range(8)] for asked in range(8)]
    assert table.tolist() == expected
    before = recall.way(recall.network_of(run), x).answers
    told = dict(operate.outcome(SHORT, before, after, y, True))
    assert told["operate.said"]["after"] == f"{np.trace(table) / len(y):.1%}"
    assert "operate.no_better" in told
    assert np.trace(recall.asked_and_answered(SHORT, before, y)) > 0.95 * len(y)


@claim("lstm", "look.said.recall", "look.said.no_letter")
@pytest.mark.parametrize("letter", LETTERS + "a")
def test_the_letter_is_the_learners_own(run, letter, in_language):
    """The sentence about an example names the letter that was typed, and the answer that an LSTM by hand gives to it."""
    x, symbols = written(SHORT, letter)
    said = probe.said(SHORT, recall.way(recall.network_of(run), x[None]).answers[0], x, symbols)
    answer = LETTERS[int(lstm_by_hand(run.final.weights, x[None])[0].argmax())]
    assert f"**{letter}**" in said
    assert f"**{answer}**" in said
    wordless = language.tr("look.said.no_letter").rpartition("{asked}")[2]
    assert (letter in OTHERS) == said.endswith(wordless)


@claim("lstm", "field.first", "field.last", "preset.operation.wipe", "preset.operation.hold", "lstm.md#operate")
@given(gap=GAPS, name=st.sampled_from(list(OperationExhibit.presets)))
def test_what_is_done_in_the_midst_of_the_gap_is_done_there(gap, name):
    """However long the sequences: the steps of an operation exist, and wiping and holding neither begins at the letter nor ends last."""
    steps = gap + 1
    operation = placed(name, steps)
    assert 1 <= operation.first <= operation.last <= steps
    if name in ("wipe", "hold"):
        assert 2 <= operation.first < operation.last < steps
        assert abs((operation.first + operation.last) / 2 - steps / 2) <= 1
    held = held_gates(operation, steps, 3)
    assert all(np.isfinite(values).any(axis=1).sum() == operation.last - operation.first + 1 for values in held.values())


# --- gates


@claim("lstm", "story.opens", "story.shuts", "story.both", "story.level", "story.measured")
@given(seed=st.integers(0, 9999), task=TASKS, kind=st.sampled_from(["opens", "shuts", "both", "level"]))
@settings(deadline=None, max_examples=40)
def test_what_a_gate_does_is_told_as_it_was_measured(seed, task, kind):
    """A gate opens, shuts, does both or neither, by how far its units stand open where something matters and elsewhere."""
    spec, random = RecallSpec(task=task, gap=12), np.random.default_rng(seed)
    x = sequences(task, 30, 12, seed).x
    marks = {"recall": np.arange(13) == 0, "adding": x[:, :, 1] > 0, "brackets": x[:, :, -1] == 0}[task]
    marks = np.broadcast_to(marks, x.shape[:2])
    np.testing.assert_array_equal(recall.matters(spec, x), marks)
    moved = {"opens": [0.3, 0], "shuts": [-0.3, 0], "both": [0.3, -0.3], "level": [0.1, -0.1]}[kind]
    values = 0.5 + marks[..., None] * np.array(moved) + random.uniform(-0.02, 0.02, (*x.shape[:2], 2))
    found = recall.Opened(*(np.stack([values[where, unit].mean() for unit in range(2)]) for where in (marks, ~marks)))
    message, told = probe._of_gate("input", found)
    assert message == f"story.{kind}"
    unit = told["unit"] - 1
    assert told["unit_there"] == f"{values[marks][:, unit].mean():.1%}"
    assert told["elsewhere"] == f"{values[~marks].mean():.1%}"


@claim("lstm", "adder.title", "story.opens", "lstm.md#probe")
def test_the_network_that_is_kept_opens_its_input_gate_at_the_marked_numbers():
    """Of the kept network, by an LSTM by hand: it adds, and its input gate stands farther open at marked numbers than elsewhere."""
    spec, made = recall_study.adder()
    x, y = recall.judged(spec)
    weights = (made.cell.kernel, made.cell.recurrent, made.cell.bias, made.readout.kernel, made.readout.bias)
    answers, gates, memory = lstm_by_hand(weights, x)
    assert (np.abs(answers - y) < 0.1).mean() > 0.95
    x, gates = x[: probe.STORY], gates[:, : probe.STORY].swapaxes(0, 1)
    marks = x[:, :, 1] == 1
    there, elsewhere = gates[marks].mean(axis=0), gates[~marks].mean(axis=0)
    assert there.mean() > 2 * elsewhere.mean()
    told = dict(probe.story_of(spec, made))
    assert told["story.opens"]["gate"] == "input"
    assert told["story.opens"]["wider"] == (there - elsewhere >= 0.2).sum() > 0
    assert told["story.opens"]["there"] == f"{there.mean():.1%}"
    assert told["story.grows"]["last"] == f"{np.abs(memory[-1, : probe.STORY]).mean():.3g}"


@claim("lstm", "story.level", "story.grows", "lstm.md#probe")
@pytest.mark.slow
def test_in_the_default_run_no_gate_opens_for_the_letter_and_the_memory_grows():
    """Input gate .060 at the letter and .084 afterwards, forget gate .98 throughout: the story says so, and that |c| grows."""
    run = train(RecallSpec())
    told = probe.story_of(run.spec, recall.network_of(run))
    by_gate = {values["gate"]: (message, values) for message, values in told if "gate" in values}
    message, values = by_gate["input"]
    assert message == "story.level"
    assert float(values["there"].rstrip("%")) == pytest.approx(6.0, abs=2)
    assert float(values["elsewhere"].rstrip("%")) == pytest.approx(8.4, abs=2)
    assert float(by_gate["forget"][1]["elsewhere"].rstrip("%")) == pytest.approx(98, abs=1)
    assert told[-1][0] == "story.grows"


@claim("lstm", "story.grows", "story.fades", "story.stays")
@given(first=st.floats(0.001, 50), last=st.floats(0.001, 50))
def test_whether_the_memory_grows_is_measured(first, last):
    """Grown or faded is what is half as large again at the one end as at the other."""
    message, values = probe._of_memory(np.array([first, 1.0, last]))
    expected = "story.grows" if last / first > 1.5 else "story.fades" if first / last > 1.5 else "story.stays"
    assert message == expected or min(abs(last / first - 1.5), abs(first / last - 1.5)) < 1e-6
    assert values["last"] == f"{last:.3g}"


@claim("lstm", "look.symbols", "look.symbols.plain", "look.symbols.alt")
@given(task=TASKS, gap=GAPS, seed=st.integers(0, 99))
@settings(deadline=None, max_examples=40)
def test_everything_that_is_read_is_shown(task, gap, seed):
    """Every symbol of a sequence stands above its step, however long the sequence; none lies on another."""
    spec = RecallSpec(task=task, gap=gap, seed=seed)
    _, symbols = written(spec, probe.EXAMPLES[task])
    marked = [step for step in range(len(symbols)) if step % 7 == 0]
    panel = symbols_panel(Titles("", ""), symbols, marked)
    shown = [pair for mark in panel.marks if mark.kind == "words" for pair in zip(mark.places, mark.texts, strict=True)]
    assert [text for _, text in sorted(shown, key=lambda pair: pair[0][0])] == symbols
    lines = {}
    for (x, y), _ in shown:
        lines.setdefault(y, []).append(x)
        assert 0 < y < panel.height
    assert all(np.diff(sorted(line)).min(initial=99) >= 11 for line in lines.values())


@claim("lstm", "look.said.adding", "look.near", "look.far", "look.rest_by_lot")
@given(first=st.floats(0, 1), second=st.floats(0, 1), gap=GAPS, answer=st.floats(-1, 3))
@settings(deadline=None)
def test_the_sum_is_that_of_the_numbers_as_they_were_typed(first, second, gap, answer):
    """Not of rounded ones; and an answer counts as right by the rule of the task."""
    spec = RecallSpec(task="adding", gap=gap)
    x, symbols = written(spec, f"{first:.4f} {second:.4f}")
    right = float(f"{first:.4f}") + float(f"{second:.4f}")
    said = probe.said(spec, np.array([answer]), x, symbols)
    assert f"**{right:.3f}**" in said or abs(right * 1000 % 1 - 0.5) < 0.01
    assert (language.tr("look.near", most="0.1") in said) == (abs(answer - right) < 0.1) or abs(abs(answer - right) - 0.1) < 1e-6
    assert became_of(spec, "") == ("look.rest_by_lot", {"n": gap + 1 - 2})


@claim("lstm", "look.filled.letters", "look.filled.blanks", "look.cut")
@given(text=st.text("ABab()xy", min_size=1, max_size=250), gap=GAPS, task=st.sampled_from(["recall", "brackets"]))
@settings(deadline=None)
def test_what_was_added_to_a_text_or_left_out_is_told(text, gap, task):
    """How many steps were filled up, or that the rest was not read: by what of the text the network understands."""
    understood = [sign for sign in text if task == "brackets" or sign in "ABab"]
    missing = gap + 1 - len(understood)
    note = became_of(RecallSpec(task=task, gap=gap), text)
    if missing < 0:
        assert note == ("look.cut", {"n": gap + 1})
    else:
        assert (note is None) == (missing == 0)
        assert note is None or note[1] == {"n": missing}


# --- who carries the memory, how the gradient gets back


@claim("lstm", "without.said", "without.nobody")
@given(shares=st.lists(st.integers(0, 500), min_size=2, max_size=30))
def test_a_unit_is_missed_only_where_something_is_lost(shares):
    """The unit with the lowest accuracy is named only where it costs a point at least; how many cost less is counted."""
    found = np.array(shares) / 500
    message, values = probe.missed(found)
    costs = [round(500 * float(found[0] - each)) for each in found[1:]]
    assert (message == "without.nobody") == all(cost < 5 for cost in costs)
    assert values["hardly"] == sum(cost < 5 for cost in costs)
    if message == "without.said":
        assert costs[values["number"] - 1] == max(costs)


@claim("lstm", "back.how", "back.fainter", "back.alt")
@given(exponents=st.lists(st.floats(-30, 6), min_size=1, max_size=40))
@example(exponents=[-5.0])
def test_no_gradient_runs_along_the_edge_of_its_picture(exponents):
    """All that is drawn lies within the axis; what is too small to be drawn is left out, and said to be."""
    lengths = 10.0 ** np.array(exponents)
    drawn, (low, high) = probe.seen({"a": (np.arange(len(lengths)), lengths)})
    steps, kept = drawn["a"]
    assert len(kept) == (lengths >= probe.FAINTEST).sum() == len(steps)
    assert low < high
    assert ((kept >= low) & (kept <= high)).all()


@claim("lstm", "back.how")
@pytest.mark.parametrize("task", ["brackets", "recall", "adding"])
def test_gradients_are_those_of_the_loss_that_was_trained(task):
    """∂L/∂ of the last state, by nudging it: cross-entropy where there are classes, squared error for a sum."""
    spec = RecallSpec(task=task, gap=6, examples=256, units=3, epochs=1)
    run = train(spec)
    found = recall.slopes(run, 4).states[:, -1]
    x, y = recall.judged(spec)
    made = recall.network_of(run)
    last = recall.way(made, x[:4]).unrolled.states[:, -1].astype(float)

    def loss(states):
        sums = states @ made.readout.kernel + made.readout.bias
        if task == "recall":
            return -np.log(np.exp(sums)[range(4), y[:4]] / np.exp(sums).sum(axis=1)).mean()
        chances = sigmoid(sums[:, 0])
        losses = {"brackets": -np.log(np.where(y[:4].ravel(), chances, 1 - chances)), "adding": (sums[:, 0] - y[:4].ravel()) ** 2}
        return losses[task].mean()

    for row, unit in product(range(4), range(3)):
        nudge = np.zeros_like(last)
        nudge[row, unit] = 1e-4
        slope = (loss(last + nudge) - loss(last - nudge)) / 2e-4
        assert slope == pytest.approx(found[row, unit], abs=1e-5)


# --- the start


@claim("lstm", "race.radii", "race.radius", "field.start.help", "guess.ten_times.because.worse", "lstm.md#train")
@pytest.mark.parametrize(("cell", "low", "high"), [("lstm", 0.4, 0.62), ("gru", 0.5, 0.8), ("simple", 1.0, 1.0)])
def test_a_simple_cell_begins_orthogonal_and_no_single_gate_does(cell, low, high):
    """U of a simple cell is orthogonal, spectral radius 1; of gated cells it is so over all gates together, and each gate's shrinks."""
    run = train(RecallSpec(cell=cell, gap=6, examples=256, epochs=1))
    weights = models.build(run.spec).layers[0].get_weights()[1].astype(float)
    np.testing.assert_allclose(weights @ weights.T, np.eye(16), atol=1e-5)
    parts = np.split(weights, weights.shape[1] // 16, axis=1)
    radii = [np.abs(np.linalg.eigvals(part)).max() for part in parts]
    assert min(radii) >= low - 1e-5
    assert max(radii) <= high + 1e-5
    assert all(np.allclose(part @ part.T, np.eye(16), atol=1e-3) == (cell == "simple") for part in parts)
    told = race._span(recall.first_radii(run))
    assert told == (f"{min(radii):.2f}–{max(radii):.2f}" if cell != "simple" else "1.00")


@claim("lstm", "field.start.help", "choice.memory", "choice.usual")
@given(gap=GAPS, seed=st.integers(0, 9999), units=st.integers(1, 200))
def test_open_to_memory_lasts_between_one_step_and_twice_the_gap(gap, seed, units):
    """Forget gates begin at T / (1 + T) with T of 1 … 2 gap, input gates as far shut; the usual start is a forget bias of 1, in a GRU 0."""
    bias = first_biases("lstm", units, "memory", gap, seed).astype(float)
    forget, entered = sigmoid(bias[units : 2 * units]), sigmoid(bias[:units])
    lasting = forget / (1 - forget)
    assert (lasting >= 1 - 1e-4).all()
    assert (lasting <= 2 * gap * (1 + 1e-4)).all()
    np.testing.assert_allclose(entered, 1 - forget, atol=1e-6)
    usual = first_biases("lstm", units, "usual", gap, seed)
    assert (usual[units : 2 * units] == 1).all()
    assert usual.sum() == units
    assert not first_biases("gru", units, "usual", gap, seed).any()


@claim("lstm", "lstm.md#train", "guess.usual_start.because.nothing")
def test_what_is_left_by_the_usual_forget_gate():
    """σ(1) is 73 %; 4 % are left after ten such steps, two in a thousand after twenty, two in a hundred million million after a hundred."""
    kept = sigmoid(1.0)
    assert [f"{kept:.0%}", f"{kept**10:.0%}", f"{1000 * kept**20:.0f}", f"{1e14 * kept**100:.0f}"] == ["73%", "4%", "2", "2"]


@claim("lstm", "lstm.md#inside", "gates.how")
@given(st.lists(st.floats(-1, 1), min_size=12, max_size=12), st.lists(st.booleans(), min_size=12, max_size=12))
@settings(deadline=None)
def test_the_notebook_writes_down_tanh_of_twice_x(values, written_down):
    """c is tanh(2 x₁) of the last step with x₂ = 1; held at 1 and 0, forget and input gate leave c as it is."""
    sequence = tuple(part for value, mark in zip(values, written_down, strict=True) for part in (value, float(mark)))
    memory = inside.unit_of(GatesExhibit(steps=12, sequence=sequence)).memory[1:, 0]
    expected = 0.0
    for step, (value, mark) in enumerate(zip(values, written_down, strict=True)):
        expected = np.tanh(2 * value) if mark else expected
        assert memory[step] == pytest.approx(expected, abs=0.15)
    kept = inside.unit_of(GatesExhibit(steps=12, sequence=sequence, forget_gate="open", input_gate_held="shut"))
    assert not kept.memory.any()


# --- how often


@claim("lstm", "study.recall", "study.gap", "study.adding", "study.reached", "study.longer", "study.longer_none", "lstm.md#takeaways")
def test_how_often_a_cell_found_its_task_is_counted(in_language):
    """Every number of the sentences, counted from the accuracies that are kept; short gaps are found by all, long ones are not."""
    for name in RACERS:
        parts = takeaways._short(recall_study.parts_of("recall", name))
        said = takeaways.by_gap(name, parts)
        for part in parts:
            found = sum(each[part.spec.epochs - 1] >= FOUND for each in part.courses.values())
            assert language.tr("study.gap", gap=part.spec.gap, found=found) in said
    reached = {part.racer: [each[-1] for each in part.courses.values()] for part in recall_study.study() if part.spec.task == "adding"}
    said = takeaways.adding()
    assert set(reached) == set(RACERS)
    for values in reached.values():
        assert f"{min(values):.1%} – {max(values):.1%}" in said
    assert min(reached["lstm"] + reached["usual_lstm"]) > 0.9
    assert max(reached["simple"]) < 0.5
    for part in recall_study.study():
        if part.spec.epochs > 6 and part.spec.task == "recall":
            whole = [each for each in part.courses.values() if max(each) >= FOUND]
            told = next(line for line in takeaways.longer() if language.tr(f"choice.{part.racer}") in line)
            assert str(len(whole)) in told or not whole
            assert all(str([value >= FOUND for value in each].index(True) + 1) in told for each in whole)


@claim("lstm", "lstm.md#takeaways", "study.recall")
def test_the_start_counts_over_long_gaps_and_not_over_short_ones():
    """Over a gap of 10 every cell finds it with every seed; over 100, in six epochs, the one that begins open does, the usual one never."""
    at = {(part.racer, part.spec.gap): recall_study.share_of(part) for part in recall_study.study() if part.spec.epochs == 6}
    assert all(at[racer, 10].found == at[racer, 10].seeds for racer in RACERS)
    assert at["lstm", 100].found == at["lstm", 100].seeds
    assert at["usual_lstm", 100].found == 0


@claim("lstm", "source.study")
@pytest.mark.parametrize("name", ["recall.json", "xor.json"])
def test_a_study_names_the_commit_that_it_was_measured_at(name):
    """Each study that is kept says of which code its figures are."""
    kept = json.loads((recall_study.KEPT / name).read_text(encoding="utf-8"))
    assert re.fullmatch("[0-9a-f]{7,40}", kept["commit"])


@claim("lstm", "study.recall", "study.adding", "source.study", "source.kept_network")
@pytest.mark.slow
@pytest.mark.parametrize("racer", RACERS)
def test_the_figures_of_the_study_come_out_again(racer):
    """The same cells, settings and seeds, trained again: the same have found their task, with about the same accuracy."""
    for part in recall_study.study():
        if part.racer == racer:
            for seed in list(part.courses)[:2]:
                again = course(racer, part.spec, seed)
                assert (again[-1] >= FOUND) == (part.courses[seed][-1] >= FOUND), (part.spec, seed)
                assert again[-1] == pytest.approx(part.courses[seed][-1], abs=0.1)


@claim("lstm", "horizon.none", "horizon.all", "horizon.up_to")
@example({5: [0.8996]}, 6)
@given(st.dictionaries(st.integers(5, 200), st.lists(st.floats(0, 1), min_size=1, max_size=5), min_size=1, max_size=5), st.integers(1, 200))
def test_how_far_a_memory_reached_is_told_with_its_conditions(found, epochs):
    """The last gap before the first median that is written under 90 %; the next gap with its median; how many seeds, how many epochs."""
    said = horizon.reached("X", found, epochs)
    solved, beyond = 0, None
    for gap in sorted(found):
        if round(np.median(found[gap]), 3) < 0.9:
            beyond = gap
            break
        solved = gap
    message = "horizon.all" if beyond is None else "horizon.up_to" if solved else "horizon.none"
    last = solved if beyond is None else beyond
    values = {"name": "X", "epochs": language.tr("count.epochs", n=epochs), "share": "90%", "n": len(found[last])}
    if beyond is not None:
        values |= {"beyond": beyond, "reached": f"{np.median(found[beyond]):.1%}"}
    assert said == language.tr(message, **values, **({"gap": solved} if solved else {}))
    assert values.get("reached") != "90.0%"


@claim("lstm", "source.seed", "source.seeds")
@given(st.sets(st.integers(0, 9999), min_size=1, max_size=5))
def test_one_seed_is_not_told_as_from_one_to_one(seeds):
    """A source of one seed names it once; of several the first and the last."""
    seeds = tuple(sorted(seeds))
    text = horizon.source_of(seeds).text
    assert text.count(str(seeds[0])) >= 1
    if len(seeds) == 1:
        assert text == language.tr("source.seed", seed=seeds[0])
    else:
        assert text == language.tr("source.seeds", first=seeds[0], last=seeds[-1])


@claim("lstm", "quiz.guessing", "quiz.guessing.because", "quiz.guessing_sum", "quiz.guessing_sum.because", "race.chance")
@given(task=TASKS, gap=st.integers(5, 40))
@settings(deadline=None, max_examples=30)
def test_what_is_right_without_a_memory(task, gap):
    """The answer of the quiz is near what the best constant answer gets right on a thousand drawn sequences."""
    spec = RecallSpec(task=task, gap=gap)
    asked = questions.guessing(spec)
    y = sequences(task, 4_000, gap, 1).y
    level = np.bincount(y).max() / len(y) if spec.classes else (np.abs(y - 1) < 0.1).mean()
    assert float(asked.answers[asked.right]) == pytest.approx(100 * level, abs=3)
    assert asked.name == ("guessing" if spec.classes else "guessing_sum")


# --- the race


@claim("lstm", "race.chance", "lstm.md#train", "operate.no_better")
def test_the_dashed_line_is_one_answer_and_not_all_that_goes_without_a_memory(in_language):
    """On short brackets the last symbol alone tells far more than always the same answer does; the line is named by the answer."""
    x, y = sequences("brackets", 4_000, 5, 1)
    level = np.bincount(y.ravel()).max() / len(y)
    assert chance("brackets", y.ravel()) == pytest.approx(level)
    opening = x[:, -1].argmax(axis=1) == BRACKETS.index("(")
    assert (y.ravel() != opening).mean() > level + 0.1
    assert not re.search("memory|记忆", language.tr("race.chance") + language.tr("operate.no_better", level=""))


@claim("lstm", "race.alt", "race.racer.alt", "race.memory", "race.legend", "race.curves", "race.waiting")
@pytest.mark.parametrize("task", MEMORY_TASKS)
def test_all_racers_are_seen_at_the_same_moment_and_as_they_are(task, in_language):
    """What is drawn before a training is its moment 0; a line ends at the rows of the history; no moment that one has not come to.

    At full epochs the accuracy is that on all that is held out, before and in between that on the first hundred.
    """
    spec = SHORT.changed(task=task, gap=12, examples=512, epochs=2, units=6)
    specs = racers(spec, RaceExhibit(racers=("lstm", "usual_lstm", "gru", "simple")))
    runs = run_side_by_side([Assignment(each) for each in specs.values()], lambda progress: None, lambda: False)
    parts = {name: tasks.Part.of(run) for name, run in zip(specs, runs, strict=True)}
    for name, part in parts.items():
        begins = seen.look(part.spec, part.checkpoints[0])
        assert reel.before(part.spec).accuracy == pytest.approx(begins.accuracy, abs=0.011)
        for one, other in zip(reel.before(part.spec).parts.values(), begins.parts.values(), strict=True):
            np.testing.assert_allclose(one, other, atol=1e-5)
            assert (np.abs(one) <= 1).all()
        column = part.spec.metrics.index("val_accuracy")
        for checkpoint in part.checkpoints:
            if checkpoint.epoch and not checkpoint.batch:
                told = seen.right(part.spec, checkpoint, checkpoint.predicted)
                assert told == pytest.approx(part.rows[checkpoint.epoch - 1, column], abs=6e-4), name
                assert len(checkpoint.predicted) == HELD_OUT_SEQUENCES
    late = replace(parts["gru"], checkpoints=parts["gru"].checkpoints[:3], epochs=parts["gru"].checkpoints[2].time)
    moments = reel.common(parts | {"gru": late})
    assert moments == tuple(checkpoint.moment for checkpoint in late.checkpoints)
    assert reel.waiting(parts | {"gru": replace(late, epochs=0.0)}) == ["gru"]
    lanes = {name: [(each.time, seen.look(part.spec, each)) for each in part.checkpoints[:3]] for name, part in parts.items()}
    header, body = unpacked(picture.film_of(specs, lanes, moments, 0, "name", False))
    curves, *racing = header["panels"]
    widths = [mark["width"] for mark in curves["marks"] if mark["kind"] == "lines" and mark["name"] and not mark["dashed"]]
    assert widths == sorted(widths, reverse=True)
    assert len(set(widths)) == len(racing) == 4
    for panel, (name, part) in zip(racing, ((kind, parts[kind]) for kind in KINDS), strict=True):
        bar = next(mark for mark in panel["marks"] if mark["kind"] == "lines" and mark["name"] == panel["title"])
        assert array_of(bar["places"], body)[-1, 0, 1, 0] / 65_535 == pytest.approx(lanes[name][-1][1].accuracy, abs=1e-4)
        pictures = [mark for mark in panel["marks"] if mark["kind"] == "picture"][1:]
        *steps, reach = [array_of(mark["frames"], body) for mark in pictures]
        assert {each.shape[1:] for each in steps} == {(part.spec.units, spec.gap + 1)}
        told = pictures[-1]["middle"] + pictures[-1]["greatest"] * (reach[:, 0] - 128.0) / 127
        np.testing.assert_allclose(told, np.minimum([each.reach for _, each in lanes[name]], 0), atol=0.03)


@claim("lstm", "race.how", "race.over")
def test_the_seconds_of_a_stopped_racer_are_its_own(monkeypatch):
    """Two that train one after the other, stopped: the first took five seconds, the second two, the third has none and is no run."""
    clock = iter([10.0, 12.0, 15.0, 20.0, 22.0])
    monkeypatch.setattr(tasks, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    job = tasks.Job(None, [Assignment(SHORT.changed(seed=seed)) for seed in (1, 2, 3)])
    row, checkpoint = np.ones((1, len(SHORT.metrics))), (Checkpoint(1, (), np.zeros(1), None),)
    parts, data = job.parts, examples_of(SHORT)[1]
    for index, times in ((0, 3), (1, 2)):
        parts[index] = tasks._advanced(parts[index], Progress("", index, "compiling"))
        for _ in range(times):
            parts[index] = tasks._advanced(parts[index], Progress("", index, "training", 1.0, row, checkpoint, data))
    assert [run and run.seconds for run in (part.run() for part in parts)] == [5.0, 2.0, None]


@claim("lstm", "guess.ten_times.because.worse")
@given(units=st.integers(8, 64), alike=st.sampled_from(["units", "parameters"]))
def test_the_race_has_no_cell_with_ten_times_the_units(units, alike):
    """So what ten times the units cost is not to be seen in its table, and the words do not send anybody there."""
    spec = RecallSpec(units=units)
    assert all(each.units < 10 * units for each in racers(spec, RaceExhibit(racers=("simple",), alike=alike)).values())
    assert "table" not in language.catalogue("en").gettext("guess.ten_times.because.worse")


@claim("lstm", "horizon.how")
@given(units=st.integers(1, 64), longest=st.integers(20, 200))
def test_all_that_are_measured_have_as_many_units(units, longest):
    """Whatever the race says of parameters: each cell has the units of the settings, and so it is said."""
    asked = HorizonExhibit(longest=longest)
    assert {spec.units for _, spec in horizon.tasks_of(RecallSpec(units=units), asked)} == {units}
    assert "equally many units" in language.catalogue("en").ngettext("horizon.how", "horizon.how", 2)


@claim("lstm", "look.symbols.alt")
@pytest.mark.parametrize(("task", "text", "expected"), [("recall", "CabAB", [0]), ("brackets", "(·)", [0, 2])])
def test_what_the_right_answer_depends_on_is_coloured_and_nothing_else(monkeypatch, task, text, expected):
    """In recall the first symbol alone, however many capitals come later; the brackets, and no fillers."""
    spec, drawn = SHORT.changed(task=task, epochs=1, examples=256), []
    monkeypatch.setattr(probe, "symbols_panel", lambda titles, symbols, marked, each: drawn.append(marked))
    monkeypatch.setattr(probe, "quantities", lambda spec, found: {})
    x, symbols = written(spec, text)
    probe.panels_of(spec, None, symbols)
    assert drawn == [expected] == [np.flatnonzero(recall.matters(spec, x[None])[0]).tolist()]


@claim("lstm", "quiz.gates", "story.level")
def test_one_unit_is_not_told_as_many():
    """Of a cell with one unit no words say 1 units."""
    asked, words = questions.gates(RecallSpec(units=1)), language.catalogue("en")
    told = words.gettext("story.level").format(gate="", there="", elsewhere="", where="", units=1)
    for text in (words.gettext("quiz.gates").format(**asked.values), told):
        assert not re.search(r"\b1 [a-z]+s\b", text)
