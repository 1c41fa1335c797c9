"""The mathematics of attention, against Keras and against their definitions."""

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ann_core import models
from ann_core.maths.networks import attention
from ann_core.maths.networks.attention import Heads, KnockedOut, attend, causal, forward, layer_norm, masked_softmax, waves
from ann_core.specs import AttentionSpec
from ann_core.starts import attention as attending
from ann_core.training.examples.attention import rewritten_of

CLOSE = 1e-5
SIZES = {"batch": st.integers(1, 3), "places": st.integers(1, 6), "asked": st.integers(1, 6), "width": st.integers(1, 6)}


def close(ours, theirs):
    """Relative to the largest magnitude."""
    return np.abs(ours - theirs).max() <= CLOSE * max(np.abs(theirs).max(), 1e-9)


def drawn(width, heads, size, seed=0):
    random = np.random.default_rng(seed)
    return Heads(*(random.normal(size=(width, heads, size)) for _ in range(3)), random.normal(size=(heads, size, width)))


def keras_attention(heads, width):
    layer = keras.layers.MultiHeadAttention(heads.count, heads.size, use_bias=False, dtype="float64")
    layer.build((None, None, width), (None, None, width))
    layer.set_weights([heads.query, heads.key, heads.value, heads.output])
    return layer


@settings(deadline=None, max_examples=40)
@given(
    **SIZES,
    heads=st.integers(1, 4),
    size=st.integers(1, 5),
    masked=st.sampled_from(["nothing", "causal", "blanks"]),
    seed=st.integers(0, 99),
)
def test_several_heads_are_those_of_keras(batch, places, asked, width, heads, size, masked, seed):
    random, ours = np.random.default_rng(seed), drawn(width, heads, size, seed)
    x, memory = random.normal(size=(batch, places, width)), random.normal(size=(batch, asked, width))
    if masked == "causal":
        memory, asked = x, places
    allowed = np.ones((batch, places, asked), bool)
    if masked == "causal":
        allowed &= causal(places)
    elif masked == "blanks":
        allowed &= (np.arange(asked) < random.integers(1, asked + 1, (batch, 1)))[:, None]
    theirs, scores = keras_attention(ours, width)(x, memory, attention_mask=allowed, return_attention_scores=True)
    look = attend(ours, x, memory, allowed[:, None])
    assert close(look.outputs, np.asarray(theirs))
    assert close(look.weights, np.asarray(scores))
    assert look.weights[np.broadcast_to(~allowed[:, None], look.weights.shape)].sum() == 0
    np.testing.assert_allclose(look.weights.sum(axis=-1), 1)


def test_one_head_by_its_definition():
    """softmax(Q Kᵀ / √d) V, written out."""
    heads = drawn(3, 1, 4)
    x = np.random.default_rng(1).normal(size=(1, 5, 3))
    q, k, v = (x[0] @ kernel[:, 0] for kernel in (heads.query, heads.key, heads.value))
    growth = np.exp(q @ k.T / 2)
    expected = growth / growth.sum(axis=1, keepdims=True) @ v @ heads.output[0]
    np.testing.assert_allclose(attend(heads, x).outputs[0], expected)


def test_unscaled_scores_are_larger_by_the_root():
    scaled, x = drawn(3, 2, 9), np.random.default_rng(1).normal(size=(2, 4, 3))
    unscaled = Heads(scaled.query, scaled.key, scaled.value, scaled.output, scaled=False)
    np.testing.assert_allclose(attend(unscaled, x).scores, 3 * attend(scaled, x).scores)
    np.testing.assert_allclose(attend(unscaled, x, temperature=3).weights, attend(scaled, x).weights)


def test_masking_is_setting_weights_to_zero_and_scaling_up_the_rest():
    heads, x = drawn(4, 2, 3), np.random.default_rng(2).normal(size=(3, 5, 4))
    allowed = np.random.default_rng(3).random((3, 2, 5, 5)) < 0.7
    allowed[..., 0] = True
    kept = np.where(allowed, attend(heads, x).weights, 0)
    np.testing.assert_allclose(attend(heads, x, allowed=allowed).weights, kept / kept.sum(axis=-1, keepdims=True))


def test_who_may_look_at_nobody_gets_nothing():
    weights = masked_softmax(np.array([[1.0, 2.0], [3.0, 1000.0]]), np.array([[False, False], [True, True]]))
    np.testing.assert_array_equal(weights, [[0, 0], [0, 1]])


def test_a_head_that_is_silenced_adds_nothing():
    heads, x = drawn(4, 3, 2), np.random.default_rng(2).normal(size=(1, 5, 4))
    without = Heads(heads.query, heads.key, heads.value, heads.output * np.array([1, 0, 1])[:, None, None])
    np.testing.assert_allclose(attend(heads, x, kept=[1, 0, 1]).outputs, attend(without, x).outputs)


@settings(deadline=None, max_examples=25)
@given(batch=st.integers(1, 4), places=st.integers(1, 5), width=st.integers(1, 40), size=st.floats(1e-3, 1e3), seed=st.integers(0, 99))
def test_layer_norm_is_that_of_keras(batch, places, width, size, seed):
    random = np.random.default_rng(seed)
    x, gain, shift = size * random.normal(size=(batch, places, width)), random.normal(size=width), random.normal(size=width)
    layer = keras.layers.LayerNormalization(epsilon=attention.EPSILON, dtype="float64")
    layer.build(x.shape)
    layer.set_weights([gain, shift])
    assert close(layer_norm(x, gain, shift), np.asarray(layer(x)))


@settings(deadline=None, max_examples=25)
@given(length=st.integers(1, 60), width=st.integers(1, 32))
def test_waves_are_as_they_were_defined(length, width):
    """PE(t, 2i) = sin(t / 10000^(2i/d)), PE(t, 2i+1) = cos of the same."""
    made = waves(length, width)
    for place in {0, length // 2, length - 1}:
        for number in range(width):
            angle = place / 10_000 ** (2 * (number // 2) / width)
            assert made[place, number] == pytest.approx(np.cos(angle) if number % 2 else np.sin(angle), abs=1e-12)


def test_how_alike_two_places_are_depends_on_their_distance_alone():
    products = waves(40, 16) @ waves(40, 16).T
    for distance in (0, 1, 7, 30):
        np.testing.assert_allclose(np.diag(products, distance), products[0, distance])
    assert products[20].argmax() == 20


NETWORKS = [
    {"task": "reverse"},
    {"task": "copy", "blocks": 2, "heads": 2, "positions": "waves", "scaled": False},
    {"task": "look_up", "blocks": 2, "heads": 4, "positions": "none", "residual": False, "feed_forward": 0, "length": 16, "longer": 8},
    {"task": "sort", "norm": False, "feed_forward": 8, "longer": 3},
    {"task": "dates", "heads": 2},
    {"task": "dates", "blocks": 2, "positions": "waves", "norm": False, "feed_forward": 0, "model_width": 8},
]


@pytest.fixture
def double_precision():
    """Keras in double precision, and back: the policy is made of the float type when it is first asked for."""
    keras.config.set_floatx("float64")
    keras.config.set_dtype_policy("float64")
    yield
    keras.config.set_floatx("float32")
    keras.config.set_dtype_policy("float32")


@pytest.mark.parametrize("changes", NETWORKS, ids=lambda changes: " ".join(map(str, changes.values())))
@pytest.mark.usefixtures("double_precision")
def test_the_whole_forward_pass_is_that_of_keras(changes):
    spec = AttentionSpec(examples=256, **changes)
    model, random = models.build(spec), np.random.default_rng(3)
    weights = [weight + 0.2 * random.standard_normal(weight.shape) for weight in model.get_weights()]
    model.set_weights(weights)
    for part in rewritten_of(spec):
        theirs = np.asarray(model(part.x[:9].astype("float32")))
        ours = forward(attending.network(spec, weights), part.x[:9]).answers
        assert ours.shape == theirs.shape == (9, part.y.shape[1], spec.classes)
        assert close(ours, theirs)


def test_single_precision_stays_single():
    spec = AttentionSpec(task="dates", heads=2, blocks=2)
    weights = [weight.astype(np.float32) for weight in models.build(spec).get_weights()]
    found = forward(attending.network(spec, weights), rewritten_of(spec)[1].x[:3])
    arrays = [
        found.answers,
        *(getattr(look, name) for look in found.looks for name in ("q", "k", "v", "scores", "weights", "mixed", "outputs")),
    ]
    assert {array.dtype for array in arrays} == {np.dtype(np.float32)}


def test_nothing_knocked_out_changes_nothing():
    spec = AttentionSpec(heads=2)
    network = attending.network(spec, [weight.astype(float) for weight in models.build(spec).get_weights()])
    x = rewritten_of(spec)[1].x[:5]
    whole = forward(network, x)
    same = forward(network, x, KnockedOut({0: np.ones((2, 8, 8), bool)}, {0: np.ones(2)}))
    np.testing.assert_allclose(whole.answers, same.answers, rtol=1e-12)
    assert not np.allclose(whole.answers, forward(network, x, KnockedOut(positions=True)).answers)


def test_weights_of_another_network_are_refused():
    weights = models.build(AttentionSpec()).get_weights()
    with pytest.raises(ValueError, match="weights too many"):
        attending.network(AttentionSpec(feed_forward=0, norm=False), weights)
    with pytest.raises(ValueError, match="weights missing"):
        attending.network(AttentionSpec(blocks=2), weights)


@pytest.mark.parametrize("values", NETWORKS, ids=str)
def test_every_station_of_a_block_is_what_a_layer_of_keras_gives(values):
    """Among all that Keras computes on the way there is an array that is this one."""
    spec = AttentionSpec(examples=256, **values)
    model = models.build(spec)
    random = np.random.default_rng(7)
    model.set_weights([weight + 0.3 * random.normal(size=weight.shape).astype(np.float32) for weight in model.get_weights()])
    tokens = rewritten_of(spec)[1].x[:3]
    inner = [each.output for each in model.operations if not isinstance(each, keras.layers.InputLayer)]  # sums are no layers
    theirs = [np.asarray(part) for part in keras.Model(model.inputs[0], inner)(tokens.astype("float32"))]
    found = forward(attending.network(spec, model.get_weights()), tokens)
    assert len(found.stations) == len(found.looks) == spec.blocks + (spec.task == "dates")
    for each in found.stations:
        parts = [each.look.outputs, each.looked, each.leaving]
        parts += [each.ready] if spec.norm else []
        parts += [each.hidden] if spec.feed_forward else []
        parts += [each.prepared] if spec.feed_forward and spec.norm else []
        for part in parts:
            alike = [other for other in theirs if other.shape == part.shape]
            assert any(close(part, other) for other in alike)
    assert (found.stations[0].hidden is None) == (not spec.feed_forward)
