import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from ann_core.exhibits import EXHIBITS
from ann_core.experiments import SPECS
from ann_core.spec import bounds, choices, entry_of, longest
from ann_core.specs import FeedForwardSpec, PointsSpec


def values_of(cls, name):
    """A strategy for all values that a field may take."""
    annotation = cls.model_fields[name].annotation
    if entry := entry_of(cls, name):
        if listed := choices(cls, name):
            return st.lists(st.sampled_from(listed), min_size=1).map(tuple)
        if parts := getattr(entry, "model_fields", None):
            entries = st.builds(entry, **{part: values_of(entry, part) for part in parts})
        else:
            entries = (st.integers if int in (entry, getattr(entry, "__origin__", None)) else st.floats)(*bounds(cls, name))
        return st.lists(entries, max_size=longest(cls, name)).map(tuple)
    if listed := choices(cls, name):
        return st.sampled_from(listed)
    if annotation is bool:
        return st.booleans()
    if annotation is str:
        return st.text(max_size=longest(cls, name))
    low, high = bounds(cls, name)
    return st.integers(low, high) if annotation is int else st.floats(low, high, allow_nan=False)


def specs_of(cls):
    return st.fixed_dictionaries({}, optional={name: values_of(cls, name) for name in cls.model_fields}).map(lambda values: cls(**values))


ALL_SPECS = st.one_of([specs_of(cls) for cls in (*SPECS.values(), *EXHIBITS.values())])


@given(ALL_SPECS)
def test_a_spec_survives_the_address(spec):
    assert type(spec).from_query(spec.to_query()) == spec


@given(ALL_SPECS)
def test_a_spec_survives_a_file(spec):
    assert type(spec).model_validate_json(spec.model_dump_json()) == spec


ALL_CLASSES = [*SPECS.values(), *EXHIBITS.values()]
KNOWN = sorted({token for cls in ALL_CLASSES for preset in cls.presets for token in cls.preset(preset).to_query().values()})
BENT = [
    "nan",
    "inf",
    "-0",
    "1e309",
    "9" * 400,
    "1_000",
    "٣",
    "½",
    "0x10",
    " 3 ",
    "3.",
    "1.1.1",
    "-",
    ".",
    "\0",
    "\u202e",
    "true",
    "None",
    "[]",
]
TOKENS = st.one_of(st.text(), st.sampled_from(KNOWN + BENT), st.tuples(st.sampled_from(KNOWN), st.text(max_size=3)).map("".join))


@pytest.mark.parametrize("cls", ALL_CLASSES)
@given(st.data())
def test_any_address_gives_a_valid_spec(cls, data):
    keys = [cls.query_key(name) for name in (*cls.model_fields, "preset")]
    query = data.draw(st.dictionaries(st.sampled_from(keys), TOKENS))
    spec, unreadable = cls.read_query(query)
    assert type(spec)(**spec.model_dump()) == spec
    assert {part.key for part in unreadable} <= query.keys()
    assert cls.from_query(spec.to_query()) == spec


@pytest.mark.parametrize("token", ["abc", "-1", "1e9", "0", "", "3.5", "nan"])
def test_unreadable_epochs_fall_back_and_are_told(token):
    spec, unreadable = FeedForwardSpec.read_query({"feedforward_epochs": token, "feedforward_seed": "7"})
    assert spec == FeedForwardSpec(seed=7)
    assert unreadable == (("feedforward_epochs", token),)


def test_an_address_starts_from_a_preset():
    spec = FeedForwardSpec.from_query({"feedforward_preset": "article", "feedforward_epochs": "3"})
    assert spec == FeedForwardSpec.preset("article").changed(epochs=3)


def test_layers_and_features_are_read_from_an_address():
    spec = PointsSpec.from_query({"points_layers": "8-tanh.3-relu", "points_features": "product.x1.x1"})
    assert [(layer.units, layer.activation) for layer in spec.layers] == [(8, "tanh"), (3, "relu")]
    assert spec.features == ("x1", "product")
    assert spec.to_query() == {"points_layers": "8-tanh.3-relu", "points_features": "x1.product"}


@pytest.mark.parametrize("token", ["8", "17-tanh", "0-relu", "8-swish", "8-tanh-3", "8-tanh.", "x", ".".join(["1-tanh"] * 7)])
def test_unreadable_layers_fall_back_and_are_told(token):
    spec, unreadable = PointsSpec.read_query({"points_layers": token})
    assert spec == PointsSpec()
    assert unreadable == (("points_layers", token),)


def test_the_article_preset_is_the_articles_example():
    spec = FeedForwardSpec.preset("article")
    expected = {"hidden_units": (128,), "activation": "relu", "optimiser": "adam", "epochs": 10, "batch_size": 32, "scale_pixels": False}
    assert {name: getattr(spec, name) for name in expected} == expected
    assert spec.training_images == 60_000


@pytest.mark.parametrize("cls", SPECS.values())
def test_presets_are_valid_and_the_default_is_empty(cls):
    assert cls.preset("default") == cls()
    for name in cls.presets:
        assert isinstance(cls.preset(name), cls)


def test_fields_without_effect_are_reset():
    assert FeedForwardSpec(optimiser="adam", momentum=0.5) == FeedForwardSpec()
    assert FeedForwardSpec(hidden_units=(), activation="tanh", dropout=0.5) == FeedForwardSpec(hidden_units=())
    assert FeedForwardSpec(optimiser="momentum", momentum=0.5).momentum == 0.5


def test_floats_are_rounded_to_six_digits():
    assert FeedForwardSpec(learning_rate=0.0123456789) == FeedForwardSpec(learning_rate=0.0123457)


@pytest.mark.parametrize(
    "values", [{"epochs": 0}, {"learning_rate": float("nan")}, {"hidden_units": (0,)}, {"hidden_units": (1,) * 6}, {"unknown": 1}]
)
def test_what_is_out_of_bounds_is_refused(values):
    with pytest.raises(ValidationError):
        FeedForwardSpec(**values)


def test_differences_name_the_fields():
    assert FeedForwardSpec().differences(FeedForwardSpec(seed=2, epochs=3)) == ("epochs", "seed")
