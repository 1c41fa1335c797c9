"""The LSTM lesson: memory tasks, starts of gates, the race, surgery on a really trained network, the page."""

from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from ann_core import models
from ann_core.data import recall
from ann_core.exhibits import GatesExhibit, HorizonExhibit, OperationExhibit, RaceExhibit
from ann_core.lessons.lstm import break_it, horizon, inside, probe, questions, race
from ann_core.lessons.lstm.asked import held_gates, written
from ann_core.lessons.lstm.racers import KINDS, cell_parameters, racers
from ann_core.maths.networks.cells import first_biases
from ann_core.probing import recall as memory
from ann_core.specs import RecallSpec
from ann_core.training.examples import examples_of
from ann_core.training.train import train
from ann_core.ui import trainings
from ann_core.ui.language import catalogue
from tests.patience import PATIENCE, wait_for

ROOT = Path(__file__).parents[2]
SHORT = RecallSpec(gap=15, examples=2_048, epochs=8, learning_rate=0.01)
TINY = RecallSpec(gap=6, examples=256, units=4, epochs=1)


@pytest.fixture(scope="module")
def run():
    """An LSTM that has learned to recall over a short gap."""
    return train(SHORT)


@pytest.fixture(scope="module", autouse=True)
def close_engine():
    yield
    trainings.engine.clear()


@pytest.mark.parametrize("task", recall.TASKS)
@settings(deadline=None, max_examples=20)
@given(gap=st.integers(5, 60), seed=st.integers(0, 9999))
def test_sequences_are_the_same_for_the_same_seed_and_as_their_task_says(task, gap, seed):
    made = recall.sequences(task, 40, gap, seed)
    recall.sequences.cache_clear()
    again = recall.sequences(task, 40, gap, seed)
    np.testing.assert_array_equal(made.x, again.x)
    assert made.x.shape == (40, gap + 1, recall.TASKS[task].inputs)
    if task == "adding":
        assert (made.x[:, :, 1].sum(axis=1) == 2).all()
        np.testing.assert_allclose((made.x[:, :, 0] * made.x[:, :, 1]).sum(axis=1), made.y[:, 0], rtol=1e-5)
    else:
        assert (made.x.sum(axis=2) == 1).all()
    if task == "recall":
        np.testing.assert_array_equal(made.x[:, 0].argmax(axis=1), made.y)
        assert (made.x[:, 1:].argmax(axis=2) >= recall.CUES).all()
    if task == "brackets":
        assert [recall.is_balanced(symbols) for symbols in made.x.argmax(axis=2)] == made.y.astype(bool).tolist()


def test_brackets_cannot_be_told_by_counting_alone():
    symbols, y = recall.sequences("brackets", 600, 30, 1).x.argmax(axis=2), recall.sequences("brackets", 600, 30, 1).y
    even = (symbols == recall.OPEN).sum(axis=1) == (symbols == recall.CLOSED).sum(axis=1)
    assert 0.15 < even[y == 0].mean() < 0.8
    assert 0.4 < y.mean() < 0.6


@pytest.mark.parametrize(("text", "balanced"), [("()", True), ("(()())", True), (")(", False), ("(", False), ("·", True), ("())(", False)])
def test_what_is_balanced(text, balanced):
    assert recall.is_balanced(np.array([recall.BRACKETS.index(letter) for letter in text])) == balanced


def test_chance_is_what_always_answering_the_same_gives():
    assert recall.chance("recall", np.array([0, 0, 1, 2])) == 0.5
    assert recall.chance("adding", np.array([[0.95], [1.05], [0.2], [1.9]])) == 0.5


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_gates_begin_as_their_start_says(cell):
    units = 16
    usual, open_ = (RecallSpec(cell=cell, start=start, units=units) for start in ("usual", "memory"))
    model = models.build(usual)
    theirs = {"lstm": keras.layers.LSTM, "gru": keras.layers.GRU}[cell](units)
    theirs.build((None, 5, 16))
    np.testing.assert_array_equal(model.layers[0].get_weights()[2], theirs.get_weights()[2])
    bias = first_biases(cell, units, "memory", open_.gap, open_.seed)
    forget = bias[0, :units] if cell == "gru" else bias[units : 2 * units]
    lasting = 1 / (1 - 1 / (1 + np.exp(-forget)))  # how many steps until a memory is down to 1 / e, about
    assert lasting.max() <= 2 * open_.gap + 2
    assert np.median(lasting) > 0.4 * open_.gap
    if cell == "lstm":
        np.testing.assert_allclose(bias[:units], -forget)


def test_without_an_input_gate_it_stays_open():
    run = train(TINY.changed(input_gate=False, epochs=2))
    x, _ = memory.judged(run.spec)
    gate = memory.way(memory.network_of(run), x[:5]).unrolled.parts["input"]
    np.testing.assert_allclose(gate, 1.0, atol=1e-6)


@pytest.mark.parametrize("cell", ["simple", "gru", "lstm"])
@pytest.mark.parametrize("task", recall.TASKS)
def test_the_network_by_hand_answers_as_keras_does(cell, task):
    spec = TINY.changed(cell=cell, task=task)
    run = train(spec)
    examples, _ = examples_of(spec)
    found = memory.way(memory.network_of(run), examples.x_val[:50])
    np.testing.assert_allclose(found.answers, run.predictions[:50], atol=1e-5)
    whole = memory.way(memory.network_of(run), examples.x_val)
    assert memory.accuracy(spec, whole.answers, examples.y_val) == pytest.approx(run.value("val_accuracy"), abs=2e-3)


def test_all_who_race_see_the_same_sequences():
    asked = racers(SHORT, RaceExhibit(racers=tuple(KINDS)))
    assert set(asked) == set(KINDS)
    prints = {examples_of(spec)[1].fingerprint for spec in asked.values()}
    assert len(prints) == 1
    assert {spec.units for spec in asked.values()} == {SHORT.units}


def test_as_many_parameters_means_about_as_many():
    asked = racers(SHORT, RaceExhibit(racers=tuple(KINDS), alike="parameters"))
    counts = {name: cell_parameters(spec) for name, spec in asked.items()}
    for count in counts.values():
        assert count == pytest.approx(counts["lstm"], rel=0.05)
    for spec in asked.values():
        assert cell_parameters(spec) == models.build(spec).layers[0].count_params()


def test_two_racers_that_are_the_same_run_once():
    assert list(racers(SHORT.changed(start="usual"), RaceExhibit(racers=("lstm", "usual_lstm")))) == ["lstm"]


def test_a_trained_memory_is_wiped_held_and_blocked(run):
    assert run.value("val_accuracy") > 0.95
    made, (x, y) = memory.network_of(run), memory.judged(SHORT)

    def accuracy(**operation):
        held = held_gates(OperationExhibit(**operation), SHORT.gap + 1, SHORT.units)
        return memory.accuracy(SHORT, memory.way(made, x, held).answers, y)

    level = recall.chance("recall", y)
    assert accuracy() > 0.95
    assert accuracy(forget_gate="shut", first=6, last=12) < level + 0.1, "wiped in mid-gap"
    assert accuracy(forget_gate="open", input_gate_held="shut", first=6, last=12) > 0.9, "held in mid-gap"
    assert accuracy(input_gate_held="shut", first=1, last=1) < level + 0.1, "never let in"
    one = [accuracy(forget_gate="shut", first=6, last=12, unit=unit) for unit in range(1, SHORT.units + 1)]
    assert max(one) > level + 0.1, "one unit is not the memory"


def test_an_operation_holds_only_what_it_names():
    held = held_gates(OperationExhibit(forget_gate="shut", first=9, last=4, unit=2), 12, 3)
    assert list(held) == ["forget"]
    assert np.isnan(held["forget"][:, [0, 2]]).all()
    np.testing.assert_array_equal(np.flatnonzero(held["forget"][:, 1] == 0), np.arange(3, 9))
    assert not held_gates(OperationExhibit(), 12, 3)


def test_every_unit_is_put_to_sleep_in_turn(run):
    said = []
    shares = memory.without_each(run, said.append, lambda: False)
    assert len(shares) == SHORT.units + 1
    assert shares[0] > 0.95
    assert shares.min() < shares[0]
    asleep = memory.way(memory.network_of(run), memory.judged(SHORT)[0][:3], memory.asleep(SHORT, 2)).unrolled
    assert not asleep.memory[:, :, 2].any()
    assert not asleep.states[:, :, 2].any()


def test_slopes_agree_with_finite_differences(run):
    """∂L/∂h₀ by nudging the start, for the cross-entropy that the page shows."""
    light = replace(run, spec=SHORT)
    made = memory.network_of(light)
    x, y = memory.judged(SHORT)
    found = memory.slopes(light, 8)
    assert found.states.shape == (8, SHORT.gap + 2, SHORT.units)

    def loss(kernel):
        changed = replace(made, readout=replace(made.readout, kernel=kernel))
        answers = memory.way(changed, x[:8]).answers
        return -np.log(answers[np.arange(8), y[:8]]).mean()

    last = memory.way(made, x[:8]).unrolled.states[:, -1]
    shares = memory.way(made, x[:8]).answers
    slope = (shares - np.eye(8)[y[:8]]) / 8
    np.testing.assert_allclose(found.states[:, -1], slope @ made.readout.kernel.T, atol=1e-5)
    nudged = made.readout.kernel.astype(float).copy()
    nudged[0, 0] += 1e-3
    assert (loss(nudged) - loss(made.readout.kernel.astype(float))) / 1e-3 == pytest.approx((last.T @ slope)[0, 0], abs=1e-3)


@settings(deadline=None, max_examples=40)
@given(
    spec=st.builds(
        GatesExhibit,
        steps=st.integers(1, 12),
        sequence=st.lists(st.floats(-20, 20), max_size=24).map(tuple),
        gate_weights=st.lists(st.floats(-20, 20), max_size=16).map(tuple),
        forget_gate=st.sampled_from(["free", "shut", "open"]),
        input_gate_held=st.sampled_from(["free", "shut", "open"]),
    )
)
def test_the_unit_in_the_hand_adds_up_and_is_drawn(spec):
    made = inside.unit_of(spec)
    forget, entered, candidate, output = (made.part(gate) for gate in ("forget", "input", "candidate", "output"))
    np.testing.assert_allclose(made.memory[1:], forget * made.memory[:-1] + entered * candidate, atol=1e-12)
    np.testing.assert_allclose(made.states[1:], output * np.tanh(made.memory[1:]), atol=1e-12)
    if spec.forget_gate != "free":
        assert (forget == {"shut": 0, "open": 1}[spec.forget_gate]).all()
    assert len(inside.film_of(spec)) > 500
    assert GatesExhibit.from_query(spec.to_query()) == spec


def test_the_notebook_keeps_and_the_counter_counts():
    kept = inside.unit_of(GatesExhibit())
    np.testing.assert_allclose(kept.memory[1:5, 0], kept.memory[1, 0], atol=0.05)
    assert kept.memory[5, 0] < -0.7
    counter = inside.unit_of(GatesExhibit.preset("counter"))
    np.testing.assert_allclose(counter.memory[1:, 0], np.cumsum(counter.x[:, 1]), atol=0.2)


def test_forget_one_and_input_zero_keep_for_ever():
    spec = GatesExhibit(forget_gate="open", input_gate_held="shut", steps=12)
    assert not inside.unit_of(spec).memory.any()


@pytest.mark.parametrize(
    ("task", "text", "expected"),
    [
        ("recall", "Cab", ["C", "a", "b"]),
        ("recall", "  d!!E ", ["d", "E"]),
        ("brackets", "(x)", ["(", "·", ")"]),
        ("brackets", "", ["·", "·"]),
        ("brackets", "（）", ["(", ")"]),
        ("adding", "0.25, 0.5", ["0.25"]),
    ],
)
def test_what_is_written_is_read(task, text, expected):
    x, symbols = written(TINY.changed(task=task), text)
    assert x.shape == (TINY.gap + 1, recall.TASKS[task].inputs)
    assert symbols[: len(expected)] == expected


@pytest.mark.parametrize(
    ("task", "text"), [("recall", "123 😀"), ("recall", ""), ("adding", "one two"), ("adding", "0.5"), ("adding", "3 4")]
)
def test_what_cannot_be_read_is_told(task, text):
    with pytest.raises(ValueError, match=r"write\."):
        written(TINY.changed(task=task), text)


@given(text=st.text(max_size=300), task=st.sampled_from(sorted(recall.TASKS)))
def test_nothing_that_is_written_makes_it_stumble(text, task):
    with suppress(ValueError):  # told in words: see above
        x, symbols = written(TINY.changed(task=task), text)
        assert len(x) == len(symbols) == TINY.gap + 1


def test_the_horizon_is_the_last_gap_before_the_first_failure():
    assert horizon.horizon_of({10: [1.0, 0.9], 20: [0.95, 0.92, 0.1], 40: [0.3], 70: [1.0]}) == 20
    assert horizon.horizon_of({10: [0.2]}) == 0
    tasks = horizon.tasks_of(SHORT, HorizonExhibit(cells=("simple", "lstm"), longest=20, seeds=2))
    assert len(tasks) == 2 * 2 * len(horizon.gaps(20))
    assert [spec.gap for _, spec in tasks] == sorted(spec.gap for _, spec in tasks), "short gaps first"
    assert len({(name, spec) for name, spec in tasks}) == len(tasks)


def test_what_is_measured_until_the_stop_is_kept():
    tasks = tuple(("lstm", TINY.changed(seed=seed)) for seed in (1, 2))
    run = train(tasks[0][1])
    part = type("Part", (), {})
    finished, begun = part(), part()
    finished.rows, begun.rows = run.rows, run.rows[:0]
    state = horizon.Measured(tasks=tasks)
    horizon._keep(state, type("Snapshot", (), {"parts": (finished, begun)}))
    assert state.accuracy == {"lstm": {TINY.gap: [run.value("val_accuracy")]}}


@pytest.mark.parametrize("task", recall.TASKS)
def test_questions_know_the_right_answers(task):
    spec = RecallSpec(task=task, units=5, gap=30)
    gates, keeping, guessing = questions.gates(spec), questions.keeping(spec), questions.guessing(spec)
    assert gates.answers[gates.right] == f"{models.build(spec.changed(cell='lstm')).layers[0].count_params():,}"
    assert float(keeping.answers[keeping.right]) == pytest.approx(74, abs=0.5)
    assert float(guessing.answers[guessing.right]) == pytest.approx({"recall": 12.5, "brackets": 50, "adding": 19}[task])


def test_films_of_what_is_remembered(run):
    x, symbols = written(SHORT, "B")
    found = memory.way(memory.network_of(run), x[None])
    assert len(probe.film_of(SHORT, symbols, probe.panels_of(SHORT, found, symbols), "name")) > 1_000
    assert "B" in probe.said(SHORT, found.answers[0], x, symbols)
    shown = break_it.remembered(run, run.checkpoints)
    assert shown.shape == (len(run.checkpoints), SHORT.gap + 1, SHORT.units)


def opened(**query):
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE)
    at.query_params["lang"] = query.get("lang", "en")
    at.run()
    at.switch_page("screens/lstm.py")
    for name, token in query.items():
        at.query_params[name] = token
    return at.run()


def texts_of(at):
    return " ".join(element.value for element in (*at.markdown, *at.caption, *at.header, *at.info, *at.warning, *at.error))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_race_is_run_on_the_page_and_its_gates_are_operated_on(language):
    query = {"recall_gap": "8", "recall_examples": "512", "recall_epochs": "2", "race_racers": "simple.lstm"}
    at = opened(lang=language, **query)
    assert not at.exception
    at.button(key="recall_train").click().run()
    wait_for(lambda: at.session_state["_recall_race"].job is None, at.run)
    assert not at.exception
    assert set(at.session_state["_recall_race"].runs) == {"simple", "lstm"}
    words = catalogue(language)
    texts = texts_of(at)
    assert words.gettext("without.title") in texts
    assert words.gettext("race.how").format(sequences=2_000) in texts
    at.selectbox(key="operation_forget_gate").set_value("shut").run()
    assert not at.exception
    at.text_input(key="look_text_recall").set_value("??").run()
    assert words.gettext("write.letters") in texts_of(at)
    at.button(key="recall_further").click().run()
    wait_for(lambda: at.session_state["_recall_race"].job is None, at.run)
    assert {run.epochs for run in at.session_state["_recall_race"].runs.values()} == {4}
    at.button(key="recall_reset").click().run()
    assert not at.session_state["_recall_race"].runs
    assert not at.exception


def test_a_race_beyond_all_numbers_is_not_called_unrun(run):
    at = opened()
    lost = replace(run.final, weights=tuple(weight * np.nan for weight in run.final.weights))
    at.session_state["_recall_race"] = race.Race(runs={"lstm": replace(run, checkpoints=(*run.checkpoints[:-1], lost))})
    at.run()
    assert not at.exception
    assert texts_of(at).count(catalogue("en").gettext("probe.beyond")) == 2
    for message in ("probe.train_first", "operate.train_first"):
        assert catalogue("en").gettext(message) not in texts_of(at)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"gates_gate_weights": "x"}, "could not be read"),
        ({"recall_gap": "5000"}, "could not be read"),
        ({"race_racers": "nobody"}, "could not be read"),
        ({"operation_first": "200"}, "Train an LSTM first"),
    ],
)
def test_links_and_extremes_are_told_in_words(query, expected):
    at = opened(**query)
    assert not at.exception
    assert expected in texts_of(at)
