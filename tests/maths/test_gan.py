"""The mathematics of adversarial networks and of clouds of points, against Keras, finite differences and definitions."""

from dataclasses import replace

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.spatial.distance import jensenshannon

from ann_core.maths.measures.distances import energy_distance, jensen_shannon, modes
from ann_core.maths.networks import dense, gan
from ann_core.maths.networks.gan import GAMES, PENALTIES, SECOND_DERIVATIVES

DIFFERENCES = {"tolerance": 1e-6, "least": 0.1}  # finite ones cannot tell smaller slopes from rounding
few = settings(deadline=None, max_examples=12)
GAME = st.sampled_from(list(GAMES.values()))
KIND = st.sampled_from(list(PENALTIES))
HIDDEN = st.lists(st.tuples(st.integers(1, 5), st.sampled_from(list(SECOND_DERIVATIVES))), max_size=3)
SMOOTH = st.lists(st.tuples(st.integers(1, 5), st.sampled_from(["tanh", "linear"])), max_size=3)
SHAPE = {"count": st.integers(1, 6), "other": st.integers(1, 6), "dims": st.integers(1, 4), "seed": st.integers(0, 999)}


def close(ours, theirs, tolerance=1e-5, least=1e-8):
    """Relative to the largest magnitude, or to the least one that counts: scores next to one have no finer slopes."""
    ours, theirs = np.asarray(ours), np.asarray(theirs)
    assert ours.shape == theirs.shape
    assert np.abs(ours - theirs).max() <= tolerance * max(np.abs(theirs).max(), least)


def all_close(ours, theirs, tolerance=1e-5, least=1e-9):
    """All arrays together relative to the largest magnitude among them."""
    assert [part.shape for part in ours] == [tuple(part.shape) for part in theirs]
    close(*(np.concatenate([np.ravel(part) for part in parts]) for parts in (ours, theirs)), tolerance, least)


def drawn(random, inputs, hidden, outputs=1, last="linear", kind=float):
    """A network with normal weights; hidden: (units, activation)."""
    network = []
    for units, activation in [*hidden, (outputs, last)]:
        network.append(dense.Layer(random.normal(size=(inputs, units)).astype(kind), random.normal(size=units).astype(kind), activation))
        inputs = units
    return network


def weights(network):
    return [part for layer in network for part in (layer.kernel, layer.bias)]


def in_keras(network):
    model = keras.Sequential([keras.layers.Dense(len(layer.bias), layer.activation, dtype="float64") for layer in network])
    model.build((None, len(network[0].kernel)))
    model.set_weights(weights(network))
    return model


def differences(value, network, step=1e-6):
    """Central differences of `value(network)` along every weight."""
    found, parts = [], weights(network)
    activations = [layer.activation for layer in network]
    for number, part in enumerate(parts):
        slope = np.zeros_like(part)
        for index in np.ndindex(part.shape):
            move = np.zeros_like(part)
            move[index] = step
            up, down = (value(dense.layers([*parts[:number], part + sign * move, *parts[number + 1 :]], activations)) for sign in (1, -1))
            slope[index] = (up - down) / (2 * step)
        found.append(slope)
    return found


def cross_entropy(truth, scores):
    return tf.reduce_mean(keras.losses.binary_crossentropy(truth * tf.ones_like(scores)[:, None], scores[:, None], from_logits=True))


def half_square(truth, scores):
    return tf.reduce_mean(keras.losses.mean_squared_error(truth * tf.ones_like(scores)[:, None], scores[:, None])) / 2


def variables(model):
    """As TensorFlow has them: for Keras' own it cannot make zeros."""
    return [variable.value for variable in model.trainable_variables]


DISCRIMINATOR_LOSSES = {
    "minimax": lambda real, fake: cross_entropy(1, real) + cross_entropy(0, fake),
    "non_saturating": lambda real, fake: cross_entropy(1, real) + cross_entropy(0, fake),
    "least_squares": lambda real, fake: half_square(1, real) + half_square(0, fake),
    "wasserstein": lambda real, fake: tf.reduce_mean(fake) - tf.reduce_mean(real),
}
GENERATOR_LOSSES = {
    "minimax": lambda fake: tf.reduce_mean(tf.math.log_sigmoid(-fake)),
    "non_saturating": lambda fake: cross_entropy(1, fake),
    "least_squares": lambda fake: half_square(1, fake),
    "wasserstein": lambda fake: -tf.reduce_mean(fake),
}


def penalty_of_tensorflow(model, points, kind):
    """With the length zero, and its slope too, where there is no gradient."""
    points = tf.constant(points)
    with tf.GradientTape() as tape:
        tape.watch(points)
        summed = tf.reduce_sum(model(points))
    squares = tf.reduce_sum(tape.gradient(summed, points, unconnected_gradients="zero") ** 2, axis=1)
    lengths = tf.where(squares > 0, tf.sqrt(tf.where(squares > 0, squares, 1)), 0)
    return tf.reduce_mean((lengths - 1) ** 2 if kind == "gradient" else lengths**2 / 2)


def test_tables_are_complete():
    assert list(GAMES) == list(DISCRIMINATOR_LOSSES) == list(GENERATOR_LOSSES)
    assert [record.name for record in GAMES.values()] == list(GAMES)


@few
@given(game=GAME, size=st.floats(0.1, 20), **SHAPE)
def test_losses_and_their_slopes_are_those_of_keras(game, size, count, other, dims, seed):
    random = np.random.default_rng(seed)
    real, fake = size * random.normal(size=count), size * random.normal(size=other)
    with tf.GradientTape(persistent=True) as tape:
        tensors = tf.constant(real), tf.constant(fake)
        tape.watch(tensors)
        theirs, generators = DISCRIMINATOR_LOSSES[game.name](*tensors), GENERATOR_LOSSES[game.name](tensors[1])
    close(game.discriminator_loss(real, fake), theirs)
    close(game.generator_loss(fake), generators)
    all_close(game.discriminator_score_slopes(real, fake), tape.gradient(theirs, tensors))
    close(game.generator_score_slopes(fake), tape.gradient(generators, tensors[1]))


TERMS = [(game, part) for game in GAMES for part in ("real", "fake", "generator")]


@pytest.mark.parametrize(("game", "part"), TERMS)
def test_slopes_of_the_terms_agree_with_finite_differences(game, part):
    term, s, step = getattr(GAMES[game], part), np.linspace(-9, 9, 61), 1e-5
    close(term.slope(s), (term.value(s + step) - term.value(s - step)) / (2 * step), 1e-6)


@pytest.mark.parametrize("kind", [np.float32, np.float64])
@pytest.mark.parametrize(("game", "part"), TERMS)
def test_far_scores_stay_finite_and_precise(game, part, kind):
    s = np.array([-1e4, -100, 0, 100, 1e4], kind)
    with np.errstate(all="raise", under="ignore"):
        found = [getattr(GAMES[game], part).value(s), getattr(GAMES[game], part).slope(s), GAMES[game].belief(s)]
    assert all(np.isfinite(part).all() and part.dtype == kind for part in found)


def test_far_scores_are_as_in_the_limit():
    far = np.array([-1e4, 1e4])
    minimax, other = GAMES["minimax"], GAMES["non_saturating"]
    np.testing.assert_allclose(other.real.value(far), [1e4, 0])
    np.testing.assert_allclose(other.fake.value(far), [0, 1e4])
    np.testing.assert_allclose(minimax.generator.value(far), [0, -1e4])
    np.testing.assert_allclose(minimax.generator.slope(far), [0, -1])  # starved where the discriminator is sure
    np.testing.assert_allclose(other.generator.slope(far), [-1, 0])


def test_belief_is_what_is_shown():
    s = np.array([-2, 0, 0.25, 1, 3])
    sigmoid = 1 / (1 + np.exp(-s))
    expected = {"minimax": sigmoid, "non_saturating": sigmoid, "least_squares": [0, 0, 0.25, 1, 1], "wasserstein": s}
    for name, belief in expected.items():
        np.testing.assert_allclose(GAMES[name].belief(s), belief)


def test_second_derivatives_agree_with_finite_differences():
    z, step = np.linspace(-4, 4, 81) + 0.013, 1e-6
    for name, bend in SECOND_DERIVATIVES.items():
        close(bend(z), (dense.derivative(z + step, name) - dense.derivative(z - step, name)) / (2 * step), 1e-6)


@few
@given(hidden=HIDDEN, **SHAPE)
def test_points_and_scores_are_those_of_keras(hidden, count, other, dims, seed):
    random = np.random.default_rng(seed)
    generator, discriminator = drawn(random, other, hidden, dims, "tanh"), drawn(random, dims, hidden)
    noise = random.normal(size=(count, other))
    points = np.asarray(in_keras(generator)(noise))
    close(gan.generate(generator, noise), points)
    close(gan.scores(discriminator, points), np.asarray(in_keras(discriminator)(points))[:, 0])


def test_a_discriminator_with_two_outputs_is_refused():
    random = np.random.default_rng(0)
    with pytest.raises(ValueError, match="squeeze"):
        gan.scores(drawn(random, 2, [], 2), random.normal(size=(3, 2)))


@few
@given(hidden=HIDDEN, game=GAME, **SHAPE)
def test_slopes_of_points_and_arrows_are_those_of_tensorflow(hidden, game, count, other, dims, seed):
    random = np.random.default_rng(seed)
    discriminator, points, weighing = drawn(random, dims, hidden), random.normal(size=(count, dims)), random.normal(size=count)
    model, places = in_keras(discriminator), tf.constant(points)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(places)
        scores = model(places)[:, 0]
        weighed, loss = tf.reduce_sum(weighing * scores), GENERATOR_LOSSES[game.name](scores)
    close(gan.point_slopes(discriminator, points, weighing), tape.gradient(weighed, places))
    close(gan.arrows(discriminator, points, game), -count * tape.gradient(loss, places))


@few
@given(hidden=SMOOTH, game=GAME, **SHAPE)
def test_an_arrow_is_that_of_its_own_point(hidden, game, count, other, dims, seed):
    """Finite differences of what each point alone costs the generator."""
    random = np.random.default_rng(seed)
    discriminator, points, step = drawn(random, dims, hidden), random.normal(size=(count, dims)), 1e-5

    def cost(places):
        return np.array([game.generator_loss(gan.scores(discriminator, place[None])) for place in places])

    slopes = [(cost(points + move) - cost(points - move)) / (2 * step) for move in step * np.eye(dims)]
    close(gan.arrows(discriminator, points, game), -np.stack(slopes, axis=1), **DIFFERENCES)


@few
@given(hidden=HIDDEN, game=GAME, **SHAPE)
def test_weight_slopes_of_both_are_those_of_tensorflow(hidden, game, count, other, dims, seed):
    random = np.random.default_rng(seed)
    generator, discriminator = drawn(random, 3, hidden, dims, "tanh"), drawn(random, dims, hidden)
    noise, real = random.normal(size=(count, 3)), random.normal(size=(other, dims))
    maker, judge = in_keras(generator), in_keras(discriminator)
    with tf.GradientTape(persistent=True) as tape:
        made = maker(noise)
        fake = judge(made)[:, 0]
        generators = GENERATOR_LOSSES[game.name](fake)
        discriminators = DISCRIMINATOR_LOSSES[game.name](judge(real)[:, 0], fake)
    theirs = tape.gradient(discriminators, variables(judge), unconnected_gradients="zero")
    all_close(gan.discriminator_slopes(discriminator, real, gan.generate(generator, noise), game), theirs)
    theirs = tape.gradient(generators, variables(maker), unconnected_gradients="zero")
    all_close(gan.generator_slopes(generator, discriminator, noise, game), theirs)


@pytest.mark.parametrize("game", GAMES.values(), ids=GAMES)
def test_weight_slopes_agree_with_finite_differences(game):
    random = np.random.default_rng(5)
    generator, discriminator = drawn(random, 3, [(4, "tanh")], 2), drawn(random, 2, [(4, "tanh"), (3, "tanh")])
    noise, real = random.normal(size=(5, 3)), random.normal(size=(4, 2))
    fake = gan.generate(generator, noise)
    slopes = differences(lambda own: game.discriminator_loss(gan.scores(own, real), gan.scores(own, fake)), discriminator)
    all_close(gan.discriminator_slopes(discriminator, real, fake, game), slopes, **DIFFERENCES)
    slopes = differences(lambda own: game.generator_loss(gan.scores(discriminator, gan.generate(own, noise))), generator)
    all_close(gan.generator_slopes(generator, discriminator, noise, game), slopes, **DIFFERENCES)


@settings(deadline=None, max_examples=30)
@given(hidden=HIDDEN, kind=KIND, **SHAPE)
def test_penalties_and_their_weight_slopes_are_those_of_tensorflow(hidden, kind, count, other, dims, seed):
    random = np.random.default_rng(seed)
    discriminator, points = drawn(random, dims, hidden), random.normal(size=(count, dims))
    model = in_keras(discriminator)
    with tf.GradientTape() as tape:
        theirs = penalty_of_tensorflow(model, points, kind)
    close(gan.penalty(discriminator, points, kind), theirs)
    slopes = tape.gradient(theirs, variables(model), unconnected_gradients="zero")
    all_close(gan.penalty_slopes(discriminator, points, kind), slopes)


@few
@given(hidden=SMOOTH, kind=KIND, **SHAPE)
def test_penalty_slopes_agree_with_finite_differences(hidden, kind, count, other, dims, seed):
    random = np.random.default_rng(seed)
    discriminator, points = drawn(random, dims, hidden), random.normal(size=(count, dims))
    slopes = differences(lambda own: gan.penalty(own, points, kind), discriminator)
    all_close(gan.penalty_slopes(discriminator, points, kind), slopes, **DIFFERENCES)


def test_penalties_of_a_straight_slope():
    """s = 3x + 4y rises by 5: (5 - 1)² and 25 / 2; along w, 2 (5 - 1) w / 5 and w."""
    plane = [dense.Layer(np.array([[3.0], [4.0]]), np.zeros(1), "linear")]
    points = np.random.default_rng(0).normal(size=(7, 2))
    assert gan.penalty(plane, points, "gradient") == pytest.approx(16)
    assert gan.penalty(plane, points, "r1") == pytest.approx(12.5)
    np.testing.assert_allclose(gan.penalty_slopes(plane, points, "gradient")[0], [[4.8], [6.4]])
    np.testing.assert_allclose(gan.penalty_slopes(plane, points, "r1")[0], [[3], [4]])


@pytest.mark.parametrize("kind", PENALTIES)
def test_a_flat_discriminator_has_no_penalty_slopes(kind):
    flat = [replace(layer, kernel=0 * layer.kernel) for layer in drawn(np.random.default_rng(0), 2, [(3, "relu")])]
    assert gan.penalty(flat, np.ones((4, 2)), kind) == {"gradient": 1, "r1": 0}[kind]
    assert not any(part.any() for part in gan.penalty_slopes(flat, np.ones((4, 2)), kind))


def test_a_penalty_refuses_an_activation_it_cannot_bend():
    random = np.random.default_rng(0)
    with pytest.raises(ValueError, match="relu, leaky_relu, tanh, linear, got elu"):
        gan.penalty_slopes(drawn(random, 2, [(3, "elu")]), random.normal(size=(4, 2)), "r1")


def test_points_between_lie_on_the_line():
    real, fake = np.random.default_rng(0).normal(size=(2, 3, 2))
    made = gan.between(real, fake, np.array([0, 1, 0.25]))
    np.testing.assert_allclose(made, [fake[0], real[1], 0.25 * real[2] + 0.75 * fake[2]])


@pytest.mark.parametrize("kind", [np.float32, np.float64])
@pytest.mark.parametrize("activation", SECOND_DERIVATIVES)
def test_precision_is_kept(activation, kind):
    random = np.random.default_rng(0)
    generator, discriminator = (drawn(random, 2, [(4, activation)], outputs, kind=kind) for outputs in (2, 1))
    noise, real = random.normal(size=(2, 5, 2)).astype(kind)
    fake = gan.generate(generator, noise)
    lines = gan.between(real, fake, random.random(5))
    scores = gan.scores(discriminator, fake)
    found = [fake, lines, scores, gan.point_slopes(discriminator, fake, scores)]
    for game in GAMES.values():
        found += [game.discriminator_loss(scores, scores), game.generator_loss(scores), game.generator_score_slopes(scores)]
        found += [*game.discriminator_score_slopes(scores, scores), gan.arrows(discriminator, fake, game)]
        found += gan.discriminator_slopes(discriminator, real, fake, game)
        found += gan.generator_slopes(generator, discriminator, noise, game)
    for name in PENALTIES:
        found += [gan.penalty(discriminator, lines, name), *gan.penalty_slopes(discriminator, lines, name)]
    assert {part.dtype for part in found} == {np.dtype(kind)}


CLOUDS = {"count": st.integers(1, 60), "other": st.integers(1, 60), "seed": st.integers(0, 999)}


@settings(deadline=None, max_examples=30)
@given(cells=st.integers(1, 12), size=st.floats(0.1, 5), **CLOUDS)
def test_jensen_shannon_is_that_of_counted_squares(cells, size, count, other, seed):
    random = np.random.default_rng(seed)
    first, second = random.normal(size=(count, 2)), size * random.normal(size=(other, 2))
    shares = [np.histogram2d(*np.clip(points, -2, 2).T, cells, [(-2, 2)] * 2)[0].ravel() for points in (first, second)]
    found = jensen_shannon(first, second, -2, 2, cells)
    assert found == pytest.approx(jensenshannon(*shares, base=2) ** 2, abs=1e-9)
    assert -1e-12 <= found <= 1 + 1e-12


def test_jensen_shannon_of_known_clouds():
    random = np.random.default_rng(0)
    cloud, apart = random.random((100, 2)), random.random((37, 2)) + 2
    assert jensen_shannon(cloud, cloud[::-1], 0, 4, 16) == 0
    assert jensen_shannon(cloud, apart, 0, 4, 16) == pytest.approx(1)
    half = np.concatenate([cloud[:1], apart[:1]])
    assert jensen_shannon(cloud[:1], half, 0, 4, 4) == pytest.approx(0.5 * np.log2(4 / 3) + 0.25 * np.log2(2 / 3) + 0.25)
    assert jensen_shannon(cloud - 50, cloud - np.inf, 0, 4, 16) == 0  # all clipped into one corner


@settings(deadline=None, max_examples=30)
@given(dims=st.integers(1, 5), **CLOUDS)
def test_energy_distance_by_its_definition(dims, count, other, seed):
    random = np.random.default_rng(seed)
    first, second = random.normal(size=(count, dims)), 2 + random.normal(size=(other, dims))

    def apart(x, y):
        return np.mean([np.linalg.norm(a - b) for a in x for b in y])

    expected = 2 * apart(first, second) - apart(first, first) - apart(second, second)
    found = energy_distance(first, second)
    assert found**2 == pytest.approx(expected, abs=1e-9)
    assert found == pytest.approx(energy_distance(second, first), abs=1e-9)
    if dims == 1:
        assert found == pytest.approx(stats.energy_distance(first[:, 0], second[:, 0]), abs=1e-7)


def test_energy_distance_of_known_clouds():
    cloud = np.random.default_rng(0).normal(size=(50, 3))
    assert energy_distance(cloud, cloud) == 0
    assert energy_distance(cloud, cloud[::-1]) == pytest.approx(0, abs=1e-6)
    assert energy_distance(np.zeros((4, 2)), np.array([[3.0, 4.0]])) == pytest.approx(np.sqrt(10))


CENTRES = np.array([[0.0, 0.0], [10.0, 0.0], [0.0, 10.0]])


def test_modes_of_points_at_centres_between_them_and_astray():
    points = np.array([[0, 0], [3, 0], [0, -3.1], [10, 0], [4.9, 0], [5.1, 0]])
    found = modes(points, CENTRES, 1)
    assert found.nearest.tolist() == [0, 0, 0, 1, 0, 1]
    assert found.counts.tolist() == [4, 2, 0]
    assert found.share == pytest.approx(3 / 6)
    assert (found.found, found.belonging) == (2, 2)


def test_a_collapse_between_two_modes_belongs_to_one_and_finds_none():
    found = modes(np.full((200, 2), [4.5, 0.0]), CENTRES, 1)
    assert (found.share, found.found, found.belonging) == (0, 0, 1)


@pytest.mark.parametrize(("strays", "counted"), [(1, 1), (2, 2)])
def test_a_mode_is_found_with_a_hundredth_of_the_points(strays, counted):
    points = np.repeat(CENTRES[:2], [200 - strays, strays], axis=0)
    found = modes(points, CENTRES, 0.1)
    assert (found.share, found.found, found.belonging) == (1, counted, counted)


def test_true_points_of_a_ring_find_every_mode():
    angles = np.arange(8) * np.pi / 4
    centres, random = 2 * np.stack([np.cos(angles), np.sin(angles)], axis=1), np.random.default_rng(0)
    points = centres[random.integers(0, 8, 4000)] + 0.15 * random.normal(size=(4000, 2))
    found = modes(points, centres, 0.15)
    assert (found.found, found.belonging, found.counts.sum()) == (8, 8, 4000)
    assert found.share == pytest.approx(1 - np.exp(-4.5), abs=0.01)  # 98.9 % in two dimensions
