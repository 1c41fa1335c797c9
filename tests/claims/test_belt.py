"""What the belt of memory shows of one unit, and how far the gradient of an answer is said to reach."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from ann_core.charts.memory.belt import STAGES
from ann_core.lessons.lstm.asked import written
from ann_core.lessons.lstm.belt import picture
from ann_core.lessons.lstm.belt.carried import CHANGED, at_hand, carried, next_change, shares
from ann_core.lessons.lstm.lockstep import seen
from ann_core.lessons.lstm.probe import EXAMPLES
from ann_core.maths.networks.cells import CELLS
from ann_core.probing import recall
from ann_core.specs import RecallSpec
from ann_core.starts.recall import network, starting_weights
from ann_core.training.records import Checkpoint
from ann_core.training.train import train
from ann_core.ui import language
from ann_core.ui.language import signed
from tests.charts.test_film import array_of, unpacked
from tests.claims.register import claim

TASKS = sorted(EXAMPLES)
KERAS = {"lstm": keras.layers.LSTMCell, "gru": keras.layers.GRUCell, "simple": keras.layers.SimpleRNNCell}


@pytest.fixture(params=language.LANGUAGES)
def in_language(request, monkeypatch):
    monkeypatch.setattr(language, "current", lambda: request.param)
    return request.param


def restless(spec, seed=0):
    """Weights with which all gates are busy."""
    random = np.random.default_rng(seed)
    return [random.normal(scale=0.7, size=weight.shape).astype(np.float32) for weight in starting_weights(spec)]


def kept_by_keras(spec, weights, x):
    """States and memory (steps, units) of Keras' LSTM cell, in its own steps through x (steps, inputs)."""
    cell = cell_of(spec, weights)
    state, found = [tf.zeros((1, spec.units), tf.float64)] * 2, []
    for row in x:
        _, state = cell(tf.constant(row[None], tf.float64), state)
        found.append([part.numpy()[0] for part in state])
    return np.array(found).swapaxes(0, 1)


def cell_of(spec, weights):
    cell = KERAS[spec.cell](spec.units, dtype="float64")
    cell.build((1, len(weights[0])))
    cell.set_weights(weights[:3])
    return cell


def on_the_belt(spec, weights, unit):
    x, symbols = written(spec, EXAMPLES[spec.task])
    return carried(recall.way(network(spec, weights), x[None]), unit), x, symbols


# --- the belt


@claim("lstm", "belt.keeps", "belt.adds", "belt.reads", "belt.arrives", "belt.alt")
@given(task=st.sampled_from(TASKS), gap=st.integers(5, 30), units=st.integers(1, 6), seed=st.integers(0, 99))
@settings(deadline=None, max_examples=15)
def test_what_lies_on_the_belt_is_what_keras_keeps(task, gap, units, seed):
    """After the forget gate f · c, then f · c + i · k = c, and h = o · tanh(c): the memory and the state of Keras' cell, at every step."""
    spec = RecallSpec(task=task, gap=gap, units=units)
    weights, unit = restless(spec, seed), seed % units
    one, x, _ = on_the_belt(spec, weights, unit)
    states, memory = (each[:, unit] for each in kept_by_keras(spec, weights, x))
    np.testing.assert_allclose(one.before, [0, *memory[:-1]], atol=1e-5)
    np.testing.assert_allclose(one.forget * one.before + one.input * one.candidate, memory, atol=1e-5)
    np.testing.assert_allclose(one.after, memory, atol=1e-5)
    np.testing.assert_allclose(one.squashed, np.tanh(memory), atol=1e-5)
    np.testing.assert_allclose(one.output * one.squashed, states, atol=1e-5)
    np.testing.assert_allclose(one.state, states, atol=1e-5)


@claim("lstm", "belt.how", "belt.step", "belt.keeps", "belt.adds", "belt.reads", "belt.arrives", "belt.symbol", "belt.course.alt")
@pytest.mark.parametrize("task", TASKS)
def test_discs_bars_numbers_and_captions_say_the_same(task, in_language):
    """The areas of the discs, the gaps of the bars, the numbers beside them, the caption and the curves are those of the same step."""
    spec = RecallSpec(task=task, gap=12, units=3)
    one, _, symbols = on_the_belt(spec, restless(spec), 1)
    header, body = unpacked(picture.film_of(spec, one, symbols, "name"))
    belt, sequence, course = header["panels"]
    belt_tokens, others = (mark for mark in belt["marks"] if mark["kind"] == "tokens")
    kept, added = one.forget * one.before, one.input * one.candidate
    nothing = np.full_like(kept, np.nan)
    lying = array_of(belt_tokens["values"], body).reshape(-1, STAGES)
    np.testing.assert_allclose(lying, np.stack([one.before, kept, one.after, one.after], axis=1), rtol=1e-6)
    falling, read = array_of(others["values"], body).reshape(-1, STAGES, 2).transpose(2, 0, 1)
    np.testing.assert_allclose(falling, np.stack([one.candidate, one.candidate, added, nothing], axis=1), rtol=1e-6)
    np.testing.assert_allclose(read, np.stack([nothing, nothing, nothing, one.state], axis=1), rtol=1e-6)
    assert belt_tokens["greatest"] == others["greatest"] >= np.abs([*one.after, *one.candidate, *one.state]).max()
    bars = [array_of(mark["places"], body) / 65_535 for mark in belt["marks"] if mark["kind"] == "lines" and mark["width"] == 7]
    for gate, upright, places in zip((one.forget, one.input, one.output), (1, 0, 0), bars, strict=True):
        inner = places[:, :, :, upright].reshape(len(places), -1)[:, 1:3]
        np.testing.assert_allclose(inner[:, 1] - inner[:, 0], gate.repeat(STAGES), atol=1e-4)
    numbers = {}
    for mark in belt["marks"]:
        if mark["kind"] == "numbers":
            numbers |= dict(zip([*mark["names"]], array_of(mark["values"], body).reshape(-1, STAGES, len(mark["names"])).T, strict=True))
    for name, values, since in [("f", one.forget, 0), ("k", one.candidate, 0), ("f·c", kept, 1), ("i·k", added, 2), ("h", one.state, 3)]:
        assert np.isnan(numbers[name][:since]).all()
        np.testing.assert_allclose(numbers[name][since:], np.broadcast_to(values, (STAGES - since, len(values))), rtol=1e-6)
    for step, symbol in enumerate(symbols):
        told = header["moments"][STAGES * step : STAGES * (step + 1)]
        assert all(symbol in each and str(step + 1) in each for each in told)
        said = [(one.before, one.candidate), (one.forget, kept), (one.input, one.candidate, added, one.after), (one.output, one.squashed)]
        assert all(signed(values[step]) in each for each, all_values in zip(told, said, strict=True) for values in all_values)
        shown = [mark["texts"][0] for mark in belt["marks"] if mark["kind"] == "words" and mark["shown"] and there(mark, body, step)]
        assert shown == [symbol]
    curves = [array_of(mark["places"], body) for mark in course["marks"] if mark["kind"] == "lines" and mark["name"]]
    np.testing.assert_allclose(curves[1][0, 0, :, 1] / 65_535, one.forget, atol=1e-4)
    cursors = [array_of(mark["places"], body) for mark in sequence["marks"] + course["marks"] if mark["kind"] == "cursor"]
    assert all(len(each) == STAGES * len(symbols) for each in cursors)


def there(mark, body, step):
    return array_of(mark["shown"], body)[STAGES * step : STAGES * (step + 1)].all()


@claim("lstm", "belt.unit.first", "belt.unit.other", "belt.unit.most")
@given(task=st.sampled_from(TASKS), units=st.integers(1, 8), seed=st.integers(0, 99))
@settings(deadline=None, max_examples=30)
def test_what_the_units_add_is_the_sum_of_the_answer(task, units, seed):
    """With the bias, h · w of all units are what the answer given is made of; nobody's is larger than that of the unit named."""
    spec = RecallSpec(task=task, gap=8, units=units)
    made = network(spec, restless(spec, seed))
    x, _ = written(spec, EXAMPLES[task])
    found = recall.way(made, x[None])
    added = shares(made, found)
    sums = found.unrolled.states[0, -1] @ made.readout.kernel + made.readout.bias
    answer = sums.argmax()
    assert added.sum() + made.readout.bias[answer] == pytest.approx(sums[answer], abs=1e-4)
    np.testing.assert_allclose(added, made.readout.kernel[:, answer] * found.unrolled.states[0, -1], atol=1e-6)


@claim("lstm", "belt.do.change")
@given(gap=st.integers(5, 40), seed=st.integers(0, 99))
@settings(deadline=None, max_examples=30)
def test_the_button_leads_to_where_the_memory_changes(gap, seed):
    """From anywhere to the next step at which c changes by a tenth of its largest size, none left out, from the last to the first."""
    spec = RecallSpec(gap=gap, units=2)
    one, _, symbols = on_the_belt(spec, restless(spec, seed), 0)
    changes = [step for step in range(len(symbols)) if abs(one.after[step] - one.before[step]) >= CHANGED * np.abs(one.after).max()]
    for step in range(-1, len(symbols)):
        later = [each for each in changes if each > step]
        assert next_change(one, step) == (later or changes)[0]


@claim("lstm", "belt.do.change")
def test_an_empty_belt_has_no_changes():
    """Where nothing is ever remembered, the next change is the beginning."""
    spec = RecallSpec(gap=5, units=1)
    one, _, _ = on_the_belt(spec, [np.zeros_like(weight) for weight in starting_weights(spec)], 0)
    assert next_change(one, 3) == 0
    assert not one.after.any()


@claim("lstm", "belt.title", "source.untrained", "source.run")
def test_the_belt_is_of_the_trained_network_where_there_is_one(monkeypatch):
    """Before any training the LSTM of the settings at hand as it begins; afterwards the one that was trained; the source says which."""
    from ann_core.lessons.lstm.belt import carried as room

    spec = RecallSpec(gap=7, units=3, examples=256, epochs=1)
    benches = {"recall": spec, "race": type("Race", (), {"alike": "units"})}
    monkeypatch.setattr(room.session, "bench", lambda name: type("Bench", (), {"spec": benches[name]}))
    monkeypatch.setattr(room.race, "trained", lambda name: None)
    hand = at_hand()
    for ours, theirs in zip((hand.made.cell.kernel, hand.made.cell.recurrent), starting_weights(spec), strict=False):
        np.testing.assert_array_equal(ours, theirs)
    assert hand.source.kind == "exact"
    run = train(spec.changed(start="usual"))
    monkeypatch.setattr(room.race, "trained", lambda name: run if name == "usual_lstm" else None)
    hand = at_hand()
    np.testing.assert_array_equal(hand.made.cell.kernel, run.final.weights[0])
    assert (hand.source.kind, hand.spec) == ("run", run.spec)


# --- the reach of the gradient


def taped(spec, weights, x, answer):
    """How long the gradient of an answer's sum is at every state, of an LSTM at its cell state, by TensorFlow: (steps,)."""
    cell = cell_of(spec, weights)
    state = [tf.zeros((1, spec.units), tf.float64)] * (2 if spec.cell == "lstm" else 1)
    kept = []
    with tf.GradientTape() as tape:
        for row in x:
            _, state = cell(tf.constant(row[None], tf.float64), state)
            state = list(state) if isinstance(state, list | tuple) else [state]
            tape.watch(state)
            kept.append(state[-1])
        value = tf.reduce_sum(state[0] * weights[3][:, answer].astype(float))
    return np.array([np.linalg.norm(slope) for slope in tape.gradient(value, kept)])


@claim("lstm", "race.legend", "race.reach", "race.racer.alt")
@given(cell=st.sampled_from(sorted(CELLS)), task=st.sampled_from(TASKS), gap=st.integers(5, 20), seed=st.integers(0, 99))
@settings(deadline=None, max_examples=20)
def test_the_reach_is_that_of_tensorflows_gradient(cell, task, gap, seed):
    """In decades beside the last step: the length of the gradient of the answer given, at the cell state of an LSTM, else the state."""
    spec = RecallSpec(cell=cell, task=task, gap=gap, units=4, examples=256)
    weights = restless(spec, seed)
    looked = seen.look(spec, Checkpoint(0, tuple(weights), np.zeros(1), None))
    x = recall.judged(spec)[0][0]
    answer = int(recall.way(network(spec, weights), x[None]).answers[0].argmax())
    lengths = taped(spec, weights, x, answer)
    expected = np.maximum(np.log10(lengths / lengths[-1]), seen.LEAST)
    np.testing.assert_allclose(looked.reach, expected, atol=2e-3)
    assert looked.reach[-1] == 0


@claim("lstm", "race.legend")
def test_a_thousandth_is_half_a_millionth_nothing_and_what_is_no_number_nothing():
    """The colours of the strip: full from the length of the last step on, half at a thousandth, none from a millionth on."""
    found = seen.reach(np.array([1e-9, 1e-6, 1e-3, 1.0, 20.0, 1.0]))
    np.testing.assert_allclose(found, [-6, -6, -3, 0, np.log10(20), 0], atol=1e-9)
    for lengths in ([0.0, 0.0], [np.nan, 1.0], [np.inf, np.nan]):
        assert np.isfinite(seen.reach(np.array(lengths))).all()
