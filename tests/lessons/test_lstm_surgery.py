"""Gate surgery by rectangles, goals that can be reached, and a unit that counts brackets."""

import json
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ann_core.exhibits import OperationExhibit
from ann_core.exhibits.sequences import MOST_HOLDS, Hold
from ann_core.lessons.lstm import depth, probe
from ann_core.lessons.lstm.asked import held_gates, holds_of, written
from ann_core.lessons.lstm.surgery import goals, hand
from ann_core.maths.networks.recurrent import answered, end
from ann_core.probing import recall
from ann_core.probing.memory import recall_depth, recall_goals
from ann_core.specs import RecallSpec
from ann_core.starts.recall import network, starting_weights
from ann_core.training.train import train
from ann_core.ui import session
from ann_core.ui.inputs import controls
from tests.charts.test_film import array_of, unpacked

pytestmark = pytest.mark.usefixtures("in_english")
TINY = RecallSpec(gap=11, units=5, examples=256, epochs=1)
STEPS = TINY.gap + 1


@pytest.fixture
def bench(monkeypatch):
    """A learner's operation and their hand, without a page."""
    mine, fingers = SimpleNamespace(spec=OperationExhibit()), hand.Hand()
    monkeypatch.setattr(session, "bench", lambda name: mine)
    monkeypatch.setattr(session, "kept", lambda key, make: fingers)
    monkeypatch.setattr(controls, "fill", lambda spec: setattr(mine, "spec", spec))
    return mine


def dragged(gate, *corners):
    return {"pick": gate, "span": list(map(list, corners)), "moment": 3}


def test_rectangles_are_dragged_turned_round_and_taken_back(bench):
    hand.take(dragged("forget", (4, 7), (1, 2)))
    assert bench.spec.holds == (Hold(gate="forget", first=3, last=8, top=2, foot=5, at="shut"),)
    hand.take({"do": "hold_open", "moment": 3})
    assert bench.spec.holds[0].at == "open"
    hand.take(dragged("input", (0, 0), (0, 0)))
    assert [hold.at for hold in bench.spec.holds] == ["open", "open"], "the next is as the last"
    assert set(hand.offered(bench.spec)) == {"do.hold_shut", "do.undo_hold", "do.let_go"}
    hand.take({"do": "undo_hold"})
    assert [hold.gate for hold in bench.spec.holds] == ["forget"]
    bench.spec = bench.spec.changed(input_gate_held="shut")
    hand.take({"do": "let_go"})
    assert bench.spec == OperationExhibit()
    assert set(hand.offered(bench.spec)) == {"do.hold_shut"}, "what was said to be open stays so"
    hand.take({"do": "hold_shut"})
    hand.take(dragged("output", (2, 2), (2, 2)))
    assert bench.spec.holds[0].at == "shut"


def test_no_more_is_held_than_may_be(bench):
    for number in range(MOST_HOLDS + 2):
        assert hand.is_free(bench.spec) == (number < MOST_HOLDS)
        hand.take(dragged("forget", (0, number), (0, number)))
    assert len(bench.spec.holds) == MOST_HOLDS


STRANGE = st.recursive(
    st.none() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["pick", "span", "do", "cell"]), inner, max_size=3),
    max_leaves=8,
)


@given(picked=STRANGE, corner=st.lists(STRANGE, max_size=3), gate=st.sampled_from(["forget", "candidate", ""]))
@settings(deadline=None, max_examples=150)
def test_what_no_browser_of_ours_says_changes_nothing(picked, corner, gate):
    with pytest.MonkeyPatch.context() as patched:
        mine = SimpleNamespace(spec=OperationExhibit())
        patched.setattr(session, "bench", lambda name: mine)
        patched.setattr(session, "kept", lambda key, make: hand.Hand())
        patched.setattr(controls, "fill", lambda spec: setattr(mine, "spec", spec))
        hand.take(picked)
        assert mine.spec == OperationExhibit()
        hand.take({"pick": gate, "span": [corner, [0, 10**9]]})
        assert mine.spec == OperationExhibit()
        hand.take({"pick": gate, "span": [[-1, 0], [2, 2]]})
        assert mine.spec == OperationExhibit()


HOLDS = st.builds(
    lambda gate, steps, units, at: Hold(gate=gate, first=min(steps), last=max(steps), top=min(units), foot=max(units), at=at),
    st.sampled_from(["forget", "input", "output"]),
    st.tuples(st.integers(1, 20), st.integers(1, 20)),
    st.tuples(st.integers(1, 9), st.integers(1, 9)),
    st.sampled_from(["shut", "open"]),
)


@given(holds=st.lists(HOLDS, max_size=MOST_HOLDS).map(tuple), forget=st.sampled_from(["free", "shut", "open"]), unit=st.integers(0, 9))
@settings(deadline=None, max_examples=80)
def test_what_is_held_is_in_the_address_in_the_gates_and_in_the_frames(holds, forget, unit):
    """The later lies over the earlier, and what was drawn over the sliders; what the network does not have is not held."""
    operation = OperationExhibit(holds=holds, forget_gate=forget, first=3, last=5, unit=unit)
    assert OperationExhibit.from_query(operation.to_query()) == operation
    expected = {gate: np.full((STEPS, TINY.units), np.nan) for gate in ("forget", "input", "output")}
    if forget != "free":
        expected["forget"][2:5, [unit - 1] if 1 <= unit <= TINY.units else slice(None)] = forget == "open"
    for hold in holds:
        for step in range(hold.first, min(hold.last, STEPS) + 1):
            for each in range(hold.top, min(hold.foot, TINY.units) + 1):
                expected[hold.gate][step - 1, each - 1] = hold.at == "open"
    held = held_gates(operation, STEPS, TINY.units)
    for gate, values in expected.items():
        np.testing.assert_array_equal(held.get(gate, np.full_like(values, np.nan)), values)
        framed = np.zeros(values.shape, bool)
        for cells in hand.frames_of(holds_of(operation, STEPS, TINY.units))[gate]:
            framed[cells.first : cells.last, cells.top : cells.foot] = True
        np.testing.assert_array_equal(framed, np.isfinite(values))


def test_old_links_hold_what_they_held():
    operation = OperationExhibit.from_query({"operation_forget_gate": "shut", "operation_first": "4", "operation_last": "6"})
    assert holds_of(operation, STEPS, TINY.units) == (Hold(gate="forget", first=4, last=6, top=1, foot=TINY.units, at="shut"),)


def test_the_film_has_a_frame_for_each_rectangle_and_pictures_to_drag_over():
    found = recall.way(network(TINY, starting_weights(TINY)), written(TINY, "A")[0][None])
    symbols = written(TINY, "A")[1]
    frames = hand.frames_of([Hold(gate="input", first=1, last=3, top=2, foot=4, at="open")] * 2)
    header, body = unpacked(probe.film_of(TINY, symbols, probe.panels_of(TINY, found, symbols, frames, by_hand=True), "n", {"do.x": "X"}))
    pictures = [panel["marks"][0] for panel in header["panels"][1:]]
    assert [mark.get("pick") for mark in pictures if mark.get("spanned")] == ["forget", "input", "output"]
    np.testing.assert_allclose(array_of(pictures[1]["values"], body)[0], found.unrolled.parts["input"][0].T, atol=1e-6)
    lines = array_of(header["panels"][2]["marks"][2]["places"], body)
    assert lines.shape == (1, 2, 5, 2)
    corners = lines[0, 0] / 65_535 * (STEPS, TINY.units)
    assert corners.min(axis=0).round(3).tolist() == [0, TINY.units - 4]
    assert corners.max(axis=0).round(3).tolist() == [3, TINY.units - 1]
    assert {len(panel["marks"]) for panel in header["panels"][1:]} == {3}, "marks keep their number, by which the browser knows them again"
    assert header["words"]["do.x"] == "X"
    json.dumps(header)


def test_the_last_state_is_that_of_the_whole_way():
    made = network(TINY, starting_weights(TINY))
    x, _ = recall.judged(TINY)
    held = held_gates(OperationExhibit(forget_gate="shut", first=3, last=4, unit=2), STEPS, TINY.units)
    whole, last = recall.way(made, x, held), end(made.cell, x.astype(np.float32), held)
    np.testing.assert_allclose(last.c, whole.unrolled.memory[:, -1], atol=1e-6)
    np.testing.assert_allclose(answered(made, last), whole.answers, atol=1e-6)


# --- goals


def search(spec, made, random, tries=2_500):
    """Up to six rectangles that have B answered to an A, found by trying: what makes B likelier is kept."""
    x = recall_goals.sequences(spec, "answer")[:30].astype(np.float32)
    steps, units = spec.gap + 1, spec.units

    def drawn():
        gate = ("input", "output")[int(random.random() < 0.3)]
        step, top = 1 if gate == "input" else steps, int(random.integers(1, units + 1))
        foot = int(min(units, top + random.integers(4)))
        return Hold(gate=gate, first=step, last=step, top=top, foot=foot, at=("shut", "open")[random.integers(2)])

    def worth(holds):
        held = held_gates(OperationExhibit(holds=holds), steps, units)
        shares = answered(made, end(made.cell, x, held))
        return (shares.argmax(axis=1) == 1).mean() + shares[:, 1].mean()

    best = holds = ()
    most = value = worth(())
    stale = 0
    for _ in range(tries):
        others = list(holds)
        if len(others) < MOST_HOLDS and (not others or random.random() < 0.4):
            others.append(drawn())
        elif random.random() < 0.4:
            others.pop(random.integers(len(others)))
        else:
            others[random.integers(len(others))] = drawn()
        now = worth(tuple(others))
        stale = 0 if now > value else stale + 1
        if now >= value:
            holds, value = tuple(others), now
        if value > most:
            best, most = holds, value
        if most > 1.9:
            break
        if stale > 200:
            holds, value, stale = (), worth(()), 0
    return OperationExhibit(holds=best)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_goal_can_be_reached_with_the_usual_network(seed):
    run = train(RecallSpec(seed=seed))
    spec, made, steps = run.spec, recall.network_of(run), run.spec.gap + 1

    def tried(goal, operation):
        return recall_goals.tried(spec, made, goal, held_gates(operation, steps, spec.units))

    for goal in recall_goals.GOALS:
        assert tried(goal, OperationExhibit()).share < 0.5, goal
    never_let_in = tried("second", OperationExhibit(input_gate_held="shut", first=1, last=1))
    assert never_let_in.share > 0.99
    assert never_let_in.cells == spec.units
    fullest = tried("erase", OperationExhibit()).unit + 1
    cleared = {"first": steps, "last": steps, "unit": fullest, "forget_gate": "shut"}
    assert tried("erase", OperationExhibit(**cleared)).share < goals.SOLVED, "at once something is written again"
    emptied = tried("erase", OperationExhibit(**cleared, input_gate_held="shut"))
    assert emptied.share > 0.99
    assert emptied.cells == 2
    assert tried("answer", search(spec, made, np.random.default_rng(seed))).share >= goals.SOLVED


# --- a unit that counts


def test_depth_is_what_has_been_opened_and_not_closed():
    x, _ = written(RecallSpec(task="brackets", gap=7), "·(()·)((")
    assert recall_depth.depths(x).tolist() == [0, 1, 2, 1, 1, 0, 1, 2]
    assert recall_depth.depths(x[None]).tolist() == [[0, 1, 2, 1, 1, 0, 1, 2]]


@given(seed=st.integers(0, 9999), slope=st.sampled_from([-2.0, -0.3, 0.5, 3.0]), noise=st.sampled_from([0.0, 0.2]))
@settings(deadline=None, max_examples=40)
def test_the_counter_is_found_among_others(seed, slope, noise):
    random = np.random.default_rng(seed)
    depths = np.cumsum(random.integers(-1, 2, (40, 30)), axis=1)
    values = random.normal(size=(40, 30, 6))
    values[..., 4] = 1.5 + slope * (depths + noise * random.normal(size=depths.shape))
    found = recall_depth.of(values, depths)
    assert (found.unit, found.count) == (4, 40)
    each = [np.corrcoef(values[..., unit].ravel(), depths.ravel())[0, 1] for unit in range(6)]
    assert found.r == pytest.approx(each[4])
    assert (found.slope, found.base) == pytest.approx(np.polyfit(depths.ravel(), values[..., 4].ravel(), 1))
    assert found.counts == (abs(found.r) >= recall_depth.COUNTS)


def test_where_nothing_happens_nobody_counts():
    depths = np.arange(6).reshape(2, 3)
    assert recall_depth.of(np.ones((2, 3, 4)), depths) is None
    assert recall_depth.of(np.full((2, 3, 4), np.nan), depths) is None
    assert depth.told(depth.Found(None, None)) == [("counter.nothing", {})]


def test_the_unit_that_counts_is_drawn_beside_the_depth():
    """A panel with the true depth as stairs and the true memory as a line; its row is framed."""
    run = train(RecallSpec.preset("brackets"))
    x, symbols = written(run.spec, "((·)·)")
    found = recall.way(recall.network_of(run), x[None])
    frames, (panel,) = depth.shown(run, x, found)
    now, before = depth._found(run.key, run)
    assert now.counts
    assert abs(before.r) < abs(now.r)
    assert [tuple(cells) for cells in frames["memory"]] == [(0, run.spec.gap + 1, now.unit, now.unit + 1)]
    header, body = unpacked(probe.film_of(run.spec, symbols, [panel], "n"))
    lines = {mark["name"]: mark for mark in header["panels"][0]["marks"] if mark.get("name")}
    stairs, line = (places_of(lines[name], body) for name in ("brackets open", f"unit {now.unit + 1}"))
    depths = [1, 2, 2, 1, 1] + [0] * (run.spec.gap - 4)
    np.testing.assert_allclose(stairs[:, 1], np.repeat(depths, 2), atol=1e-3)
    np.testing.assert_allclose(line[:, 1], found.unrolled.memory[0, 1:, now.unit], atol=1e-3)
    assert all(one <= other for one, other in pairwise(stairs[:, 0]))


def places_of(mark, body):
    """The places of a line in the numbers that they stand for: (points, 2)."""
    low, high = array_of(mark["corners"], body)
    return low + array_of(mark["places"], body)[0, 0] / 65_535 * (high - low)
