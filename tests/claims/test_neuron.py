"""What the page about neurons says."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ann_core.exhibits import ActivationExhibit, DepthExhibit, LayersExhibit, NeuronExhibit
from ann_core.lessons.neuron import activations, depth, layers, one, questions, signals, wave
from ann_core.maths.learning.activations import ACTIVATIONS
from ann_core.maths.learning.many import right_answers
from ann_core.maths.learning.untrained import network
from ann_core.maths.networks import gates, pieces
from ann_core.ui import language
from tests.charts.test_film import array_of, unpacked
from tests.claims.register import claim
from tests.ui.test_numbers import read

FUNCTIONS = {"relu": lambda z: np.maximum(z, 0), "tanh": np.tanh, "sigmoid": lambda z: 1 / (1 + np.exp(-z)), "linear": lambda z: z}
SLOPES = {
    "relu": lambda z: (z > 0) * 1.0,
    "tanh": lambda z: np.cosh(z) ** -2.0,
    "sigmoid": lambda z: 1 / (2 + 2 * np.cosh(z)),
    "linear": np.ones_like,
}
SIGNALS = [f"depth.{part}.{kind}" for part in ("deltas", "answers") for kind in ("shrinks", "grows", "level", "gone")]
SIGNALS += ["depth.gradients.times", "depth.gradients.gone", "depth.gradients.hidden"]


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setattr(language, "current", lambda: "en")


def by_hand(spec):
    """Answers forward, δ back and gradients of a stack, computed here layer by layer; root mean squares of each."""
    random = np.random.default_rng(spec.seed)
    kernels = [layer.kernel for layer in network([16] * (spec.stack + 1), ("linear",) * spec.stack, spec.initialiser, spec.seed)]
    inputs, slope = random.normal(size=(100, 16)), random.normal(size=(100, 16)) / 100
    sums, answers = [], [inputs]
    for kernel in kernels:
        sums.append(answers[-1] @ kernel)
        answers.append(FUNCTIONS[spec.function](sums[-1]))
    deltas, gradients = [], []
    for place in reversed(range(spec.stack)):
        delta = slope * SLOPES[spec.function](sums[place])
        deltas.insert(0, delta)
        gradients.insert(0, answers[place].T @ delta)
        slope = delta @ kernels[place].T
    return [np.array([math.sqrt(np.square(each).mean()) for each in part]) for part in (answers[1:], deltas, gradients)]


DEPTHS = st.builds(
    DepthExhibit,
    function=st.sampled_from(sorted(FUNCTIONS)),
    initialiser=st.sampled_from(("glorot", "he", "wide", "small")),
    stack=st.integers(2, 20),
    seed=st.integers(0, 999),
)


@claim("neuron", *SIGNALS, "neuron.md#gradients")
@settings(deadline=None, max_examples=60)
@given(spec=DEPTHS)
def test_what_is_said_of_signals_is_what_goes_through_the_stack(spec):
    """Vanishing and exploding are said of δ and of the answers where their size changes tenfold, with the factor; level otherwise."""
    ours, theirs = signals.sizes_of(spec.function, spec.initialiser, spec.stack, spec.seed), by_hand(spec)
    for mine, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(mine, other, rtol=1e-6)
    said = signals.signals_said(spec, ours)
    back, forth, both = theirs[1][0] / theirs[1][-1], theirs[0][-1] / theirs[0][0], theirs[2][0] / theirs[2][-1]
    assert ("**vanishes**" in said) == (back < 0.1)
    assert ("**explodes**" in said) == (back > 10)
    assert ("answers fade" in said) == (forth < 0.1)
    assert ("answers swell" in said) == (forth > 10)
    for times in (back, forth, both):
        assert f"{language.digits(times)} times" in said
    assert ("between the two ends" in said) == (0.1 <= back <= 10)
    assert ("end within a factor of ten" in said) == (0.1 <= forth <= 10)
    assert ("looks level only because" in said) == (0.1 <= both <= 10 and (min(back, forth) > 10 or max(back, forth) < 0.1))


@claim("neuron", "depth.wave.input", "depth.wave.forward", "depth.wave.back", "depth.wave.how")
@settings(deadline=None, max_examples=20)
@given(spec=DEPTHS)
def test_the_wave_shows_and_says_the_sizes_that_go_through_the_stack(spec):
    """A moment for the examples, for every layer forward, for every layer back; tiles are white until their moment."""
    answers, deltas, _ = by_hand(spec)
    forth, back = wave.ways_of(spec)
    np.testing.assert_allclose(forth.sizes[1:], answers, rtol=1e-6)
    np.testing.assert_allclose(back.sizes, deltas[::-1], rtol=1e-6)
    described, body = unpacked(wave.film_of(spec, "en"))
    moments = described["moments"]
    assert len(moments) == 2 * spec.stack + 1
    for layer in range(1, spec.stack + 1):
        assert f"layer {layer}" in moments[layer]
        assert language.digits(answers[layer - 1]) in moments[layer]
        said = moments[-layer]
        assert f"layer {layer}" in said
        assert f"{language.digits(deltas[layer - 1] / deltas[-1] if deltas[-1] else 0.0)} times" in said
    tiles = [array_of(mark["frames"], body) for mark in described["panels"][0]["marks"] if mark["kind"] == "picture"]
    for place, tile in enumerate(tiles):
        assert (tile[:place] == 128).all()
        assert (tile[place:] == tile[-1]).all()


@claim("neuron", "depth.deltas.grows", "depth.gradients.times", "depth.gradients.hidden", "depth.deltas.shrinks")
@pytest.mark.parametrize(
    ("initialiser", "function", "back", "gradient"),
    [("wide", "relu", 55_700, 1.25), ("wide", "linear", 3_130_000, 1.13), ("glorot", "relu", 0.0101, 1.05)],
)
def test_a_level_gradient_can_hide_a_signal_that_is_not(initialiser, function, back, gradient):
    """Twelve layers of 16, seed 1: δ grows 55,700-fold with ReLU and wide weights, while the weights' gradients are nearly equal."""
    spec = DepthExhibit(initialiser=initialiser, function=function, stack=12, seed=1)
    sizes = signals.sizes_of(function, initialiser, 12, 1)
    assert sizes.deltas[0] / sizes.deltas[-1] == pytest.approx(back, rel=5e-3)
    assert sizes.gradients[0] / sizes.gradients[-1] == pytest.approx(gradient, rel=5e-3)
    said = signals.signals_said(spec, sizes)
    assert f"{back:,} times" in said
    assert f"{gradient} times" in said
    assert "looks level only because" in said


@claim("neuron", "depth.deltas.level", "depth.answers.level", "depth.sizes")
def test_a_signal_whose_ends_are_alike_may_have_been_elsewhere_on_its_way():
    """Seventeen layers, SiLU, He, seed 1: midway a signal is beyond the factor that its ends keep, so that factor is said of the ends."""
    spec = DepthExhibit(initialiser="he", function="silu", stack=17, seed=1)
    sizes = signals.sizes_of("silu", "he", 17, 1)
    kept = [part for part in (sizes.answers, sizes.deltas) if 0.1 <= part[-1] / part[0] <= 10]
    assert max(part.max() / part.min() for part in kept) > 10
    assert "stay" not in signals.signals_said(spec, sizes)


@claim("neuron", "neuron.md#pieces")
def test_a_crossing_before_silent_neurons_makes_no_corner():
    """Every corner lies where a sum crosses zero, and of sixty networks there is one at least with a crossing that makes none."""
    grid, silent = np.linspace(-3, 3, 6001), 0
    for seed in range(60):
        layers_of = pieces.random_network(3, 3, seed)
        values, crossings = grid[:, None], []
        for layer in layers_of[:-1]:
            sums = values @ layer.kernel + layer.bias
            crossings += [*grid[1:][((sums[1:] > 0) != (sums[:-1] > 0)).any(axis=1)]]
            values = np.maximum(sums, 0)
        corners = pieces.corners(layers_of)[0][1:-1]
        assert all(np.abs(np.array(crossings) - corner).min() < 0.002 for corner in corners)
        silent += any(np.abs(corners - crossing).min(initial=9) > 0.01 for crossing in crossings)
    assert silent
    for tongue, words in (("en", "unless the neurons behind it are silent"), ("zh", "除非后面的神经元在那里都不作声")):
        assert words in language.sections("neuron", tongue)["pieces"].replace("\n", " ")


@claim("neuron", "depth.counted", "depth.folded", "neuron.md#pieces", "neuron.md#takeaways")
def test_random_weights_do_not_double_the_pieces():
    """At six layers the folded network draws 64 pieces, twice as many as the typical random one of any width drawn, or more."""
    assert pieces.folded_pieces(6) == 64
    for width in depth.WIDTHS:
        typical = [pieces.typical_pieces(width, count, depth.SEEDS) for count in depth.DEPTHS]
        assert max(typical) <= 32
        assert any(after < 2 * before for before, after in itertools.pairwise(typical))


@claim("neuron", "depth.pieces", "depth.drawn")
@settings(deadline=None, max_examples=30)
@given(width=st.integers(2, 8), count=st.integers(1, 4), seed=st.integers(0, 99))
def test_pieces_are_counted_between_minus_three_and_three(width, count, seed):
    """Wherever the slope of the function changes there is a corner, and nowhere else: a fine grid finds no other."""
    x, _ = pieces.corners(pieces.random_network(width, count, seed))
    assert (x[0], x[-1]) == (-3, 3)
    grid = np.linspace(-3, 3, 4001)
    values = grid[:, None]
    for layer in pieces.random_network(width, count, seed):
        values = values @ layer.kernel + layer.bias
        values = np.maximum(values, 0) if layer.activation == "relu" else values
    bends = np.abs(np.diff(values[:, 0], 2))
    bent = grid[1:-1][bends > 1e-7 * max(1, np.abs(values).max())]
    assert all(np.abs(x - place).min() < 0.002 for place in bent)


@claim("neuron", "gate.search", "gate.search.none", "gate.score", "gate.done")
@pytest.mark.parametrize("gate", gates.GATES)
def test_the_search_counts_what_it_says(gate):
    """All 9,261 combinations, one after the other: how many get all four corners right where a sum above zero is a yes."""
    steps = [place / 2 for place in range(-10, 11)]
    right = [
        sum((w1 * x1 + w2 * x2 + b > 0) == bool(wanted) for (x1, x2), wanted in zip(gates.CORNERS, gates.GATES[gate], strict=True))
        for w1, w2, b in itertools.product(steps, repeat=3)
    ]
    tried, solutions, most, _ = gates.search(gate)
    assert (tried, solutions, most) == (9261, right.count(4), max(right))
    assert (solutions == 0) == (gate == "xor")


@claim("neuron", "gate.xor", "neuron.md#takeaways")
@pytest.mark.parametrize("activation", ["relu", "tanh"])
def test_two_hidden_neurons_have_weights_that_are_xor(activation):
    """They can be written down: one neuron counts that there is any, the other that there are both."""
    w, b, v, c = np.ones((2, 2)), np.array([0.0, -1.0]), np.array([1.0, -2.0]), -0.5
    if activation == "tanh":
        w, b, v, c = 9 * w, np.array([-4.5, -13.5]), np.array([1.0, -1.0]), -1.0
    answers = FUNCTIONS[activation](gates.CORNERS @ w + b) @ v + c > 0
    assert tuple(answers) == tuple(bool(wanted) for wanted in gates.GATES["xor"])


@claim("neuron", "gate.how_often", "gate.hidden", "source.xor")
@pytest.mark.slow
@pytest.mark.parametrize(("units", "activation"), [(units, kind) for units in (2, 4) for kind in ("relu", "tanh")])
def test_xor_is_learned_as_often_as_it_was_measured(units, activation):
    """200 starts each, plain descent: the figures kept with the program come out again."""
    kept = one.study()
    right = right_answers(gates.CORNERS, np.array(gates.GATES["xor"]), units, activation, kept["rate"], kept["steps"], range(kept["seeds"]))
    assert abs(int((right == 4).sum()) - kept["learned"][f"{units}-{activation}"]) <= 1


@claim("neuron", "gate.how_often", "gate.xor")
def test_xor_is_rarely_learned_by_two_relus_and_nearly_always_by_four_tanhs():
    """Of 24 starts, and of the 200 that are kept: few with two ReLUs, more with four, nearly all with four tanh."""
    kept = one.study()
    shares = {name: count / kept["seeds"] for name, count in kept["learned"].items()}
    for name, low, high in (("2-relu", 0.1, 0.4), ("2-tanh", 0.35, 0.7), ("4-relu", 0.45, 0.8), ("4-tanh", 0.95, 1.0)):
        units, activation = name.split("-")
        right = right_answers(gates.CORNERS, np.array(gates.GATES["xor"]), int(units), activation, 0.5, 800, range(24))
        assert low <= shares[name] <= high
        assert (right == 4).mean() == pytest.approx(shares[name], abs=0.25)


@claim("neuron", "activations.here", "activations.flat", "activations.nowhere_flat", "activations.formula", "activations.through")
@settings(deadline=None)
@given(name=st.sampled_from(sorted(FUNCTIONS)), z=st.floats(-6, 6).map(lambda z: round(z, 1)), stack=st.integers(1, 20))
def test_what_is_said_of_an_activation_is_so(name, z, stack):
    """Value, slope, the slope to the power of the stack, and over how much of the way from −6 to 6 it is flat."""
    said = activations._said(ActivationExhibit(function=name, z=z, stack=stack)).replace("−", "-")
    slope = float(SLOPES[name](np.array(z)))
    told = f"has no slope at that very place; {slope:z.4f} is taken" if name == "relu" and z == 0 else f"its slope is {slope:z.4f}."
    assert f"it answers {float(FUNCTIONS[name](np.array(z))):z.4f}, and {told}" in said
    assert f"a gradient by {language.digits(slope**stack)};".replace("−", "-") in said
    assert ("Through 1 layer with" in said) == (stack == 1)
    flat = np.mean(np.abs(SLOPES[name](np.linspace(-6, 6, 481))) < 0.05)
    assert ("never flat" in said) == (flat == 0)
    assert flat == 0 or f"over {flat:.0%} of the way" in said


@claim("neuron", "activations.here", "activations.here.broken", "activations.no_slope", "quiz.slope_left")
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_no_slope_is_told_at_a_corner_and_at_a_jump_and_nowhere_else(name):
    """Where the differences to the left and to the right tend to one number that is the slope; else one is taken for it, and said so."""
    function = ACTIVATIONS[name].function
    for tenths in range(-60, 61):
        z = tenths / 10
        at, left, right = (float(function(np.array(place))) for place in (z, z - 1e-6, z + 1e-6))
        broken = abs((right - at) - (at - left)) > 1e-8
        said = activations._said(ActivationExhibit(function=name, z=z))
        assert ("no slope at that very place" in said) == broken, z
        assert ("and its slope is" in said) != broken, z
    asked = questions.slope_left(ActivationExhibit(function=name, z=0))
    assert f"counts as {asked.values['slope']}." in language.tr("quiz.slope_left", **asked.values)


@claim("neuron", "one.network.alt", "neuron.md#one")
@settings(deadline=None)
@given(st.builds(NeuronExhibit, **{name: st.floats(-5, 5) for name in ("weight_1", "weight_2", "bias_value")}, x1=st.floats(-2, 2)))
def test_the_formula_has_the_numbers_of_the_neuron(spec):
    """The sum of the products and the bias, and its sigmoid."""
    total = spec.weight_1 * spec.x1 + spec.weight_2 * spec.x2 + spec.bias_value
    assert one.computed(spec) == pytest.approx((total, 1 / (1 + math.exp(-total))))
    assert f"= {total:z.3f}" in one.formula(spec)


@claim("neuron", "layers.part", "layers.total", "quiz.count", "quiz.count.because")
@given(st.builds(LayersExhibit, inputs=st.integers(1, 4), hidden=st.lists(st.integers(1, 6), max_size=4), outputs=st.integers(1, 3)))
def test_parameters_are_counted_right(spec):
    """As many as the arrays of the network have entries."""
    count = sum(layer.kernel.size + layer.bias.size for layer in layers.network_of(spec))
    assert f"**{count} parameters in all" in layers._count(layers.sizes_of(spec))
    asked = questions.parameters(spec)
    assert asked.answers[asked.right] == f"{count:,}"


@claim("neuron", "quiz.weighted_sum", "quiz.weighted_sum.because", "quiz.slope_left", "quiz.slope_left.because")
@settings(deadline=None)
@given(st.floats(-5, 5).map(lambda x: round(x, 1)), st.floats(-2, 2).map(lambda x: round(x, 1)), st.integers(1, 20))
def test_no_answer_stands_there_twice_and_the_right_one_is_right(weight, x1, stack):
    """Nor as minus zero and zero."""
    asked = questions.weighted_sum(NeuronExhibit(weight_1=weight, x1=x1, bias_value=0, weight_2=0))
    assert read(asked.answers[asked.right]) == pytest.approx(weight * x1, abs=0.0051)
    slope = questions.slope_left(ActivationExhibit(function="tanh", z=x1, stack=stack))
    assert read(slope.answers[slope.right]) == pytest.approx(np.cosh(x1) ** (-2.0 * stack), rel=0.06)
    shown = read(slope.values["slope"]) ** stack
    assert shown == pytest.approx(read(slope.values["right"]), rel=0.0501)
    assert f"{shown:.2g}" == slope.values["right"] or "≈" in language.tr("quiz.slope_left.because", **slope.values)
    for each in (asked, slope):
        assert len({read(answer) for answer in each.answers}) == len(each.answers)
