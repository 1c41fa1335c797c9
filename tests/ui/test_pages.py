"""Every page, in both languages, as a learner's clicks reach the script."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from ann_core.catalogue import LESSONS
from ann_core.specs import FeedForwardSpec
from ann_core.ui import trainings
from ann_core.ui.inputs import canvas
from ann_core.ui.language import LANGUAGES, catalogue
from ann_core.ui.workbench import takeaway
from tests.patience import PATIENCE, wait_for

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module", autouse=True)
def close_engine():
    yield
    trainings.engine.clear()


def open_page(page="screens/feedforward.py", **query):
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE)
    for key, text in query.items():
        at.query_params[key] = text
    at.run()
    if page != "screens/home.py":
        at.switch_page(page)
        for key, text in query.items():
            at.query_params[key] = text
        at.run()
    assert not at.exception, at.exception
    return at


def takeaway_file(spec):
    return json.dumps({"format": takeaway.FORMAT, "experiment": "feedforward", "spec": spec}).encode()


def words(language, message):
    return catalogue(language).gettext(message)


def wait_until_trained(at):
    wait_for(lambda: at.session_state["_feedforward_bench"].run or at.session_state["_feedforward_bench"].error, at.run)
    assert at.session_state["_feedforward_bench"].error is None
    return at.session_state["_feedforward_bench"].run


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("entry", LESSONS, ids=lambda entry: entry.key)
def test_every_page_speaks_both_languages(entry, language):
    at = open_page(entry.page, lang=language)
    assert at.title[0].value == words(language, f"lesson.{entry.key}.title")
    texts = " ".join(element.value for element in at.markdown)
    assert texts
    assert "term:" not in texts


def test_the_switch_changes_the_language_and_keeps_the_settings():
    at = open_page(lang="en", feedforward_epochs="3")
    assert at.title[0].value == words("en", "lesson.feedforward.title")
    at.session_state["lang"] = "zh"
    at.run()
    assert at.title[0].value == words("zh", "lesson.feedforward.title")
    assert at.slider(key="feedforward_epochs").value == 3


@pytest.mark.parametrize(("locale", "language"), [("zh-CN", "zh"), ("zh-TW", "zh"), ("en-GB", "en"), ("fr", "en"), (None, "en")])
def test_without_a_word_in_the_address_the_browser_decides(locale, language):
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE)
    if locale:
        at.context = {"locale": locale}
    at.run()
    assert at.title[0].value == words(language, "lesson.home.title")


@pytest.mark.parametrize(
    "query",
    [{"feedforward_epochs": "abc"}, {"feedforward_epochs": "-1"}, {"feedforward_epochs": "1e9"}, {"nonsense": "`<b>*"}, {"lang": "xx"}],
)
def test_a_tampered_link_gives_the_defaults_and_a_quiet_line(query):
    at = open_page("screens/home.py" if "lang" in query else "screens/feedforward.py", **query)
    if "lang" not in query:
        assert at.session_state["_feedforward_bench"].spec == FeedForwardSpec()
    line = next(caption.value for caption in at.caption if "link_off" in caption.value)
    assert next(iter(query)) in line


def test_a_link_sets_the_widgets():
    at = open_page(feedforward_hidden_units="20.10", feedforward_learning_rate="0.0123", feedforward_scale_pixels="0", lang="zh")
    expected = FeedForwardSpec(hidden_units=(20, 10), learning_rate=0.0123, scale_pixels=False)
    assert at.session_state["_feedforward_bench"].spec == expected
    assert at.slider(key="feedforward_hidden_units_2").value == 10
    assert at.select_slider(key="feedforward_learning_rate").value == 0.0123
    at.slider(key="feedforward_epochs").set_value(4).run()
    assert at.session_state["_feedforward_bench"].spec == expected.changed(epochs=4)
    assert not at.exception


def test_train_step_further_reset():
    at = open_page(feedforward_dataset="digits", feedforward_epochs="3", feedforward_hidden_units="8", lang="en")
    at.button(key="feedforward_step").click().run()
    assert wait_until_trained(at).epochs == 1
    at.button(key="feedforward_train").click().run()
    run = wait_until_trained(at)
    assert (run.epochs, run.complete) == (3, True)
    at.session_state["_feedforward_bench"].run = run
    at.button(key="feedforward_further").click().run()
    wait_for(lambda: at.session_state["_feedforward_bench"].run.epochs >= 6, at.run)
    longer = at.session_state["_feedforward_bench"].run
    assert longer.epochs == 6
    assert (longer.rows[:3] == run.rows).all()
    assert not at.exception
    at.button(key="feedforward_reset").click().run()
    assert at.session_state["_feedforward_bench"].run is None


def test_a_new_training_replaces_the_running_one():
    at = open_page(feedforward_dataset="digits", feedforward_epochs="100", feedforward_batch_size="4", feedforward_seed="78")
    at.button(key="feedforward_train").click().run()
    job = at.session_state["_feedforward_bench"].job
    at.session_state["feedforward_break"] = "raw_pixels"
    at.run()
    at.radio(key="guess_raw_pixels_answer").set_value("high").run()
    at.button(key="guess_raw_pixels_measure").click().run()
    wait_for(lambda: job.done)
    assert job.state == "stopped"
    at.session_state["_guess_raw_pixels"]["job"].cancel()


def test_an_explosion_is_told_in_words():
    query = {"dataset": "digits", "optimiser": "sgd", "learning_rate": "10", "scale_pixels": "0", "activation": "linear"}
    sizes = {"hidden_units": "64.64", "epochs": "4"}
    at = open_page(lang="en", **{f"feedforward_{name}": text for name, text in (query | sizes).items()})
    at.button(key="feedforward_train").click().run()
    assert wait_until_trained(at).exploded
    at.run()
    texts = " ".join(element.value for element in [*at.markdown, *at.warning])
    assert "beyond all numbers" in texts
    assert "no longer finite numbers" in texts
    assert not at.exception


def test_an_experiment_can_be_taken_home_and_opened():
    spec = FeedForwardSpec(epochs=7, hidden_units=(3, 4), optimiser="momentum", momentum=0.5)
    assert takeaway.read_experiment(takeaway.experiment_text(spec).encode(), "feedforward") == spec


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "takeaway.not_ours"),
        (b"\xff\xfe", "takeaway.not_ours"),
        (b"[1]", "takeaway.not_ours"),
        (b"{}", "takeaway.not_ours"),
        (json.dumps({"format": takeaway.FORMAT, "experiment": "gan", "spec": {}}).encode(), "takeaway.other_experiment"),
        (json.dumps({"format": takeaway.FORMAT, "experiment": "feedforward", "spec": {"epochs": 10**9}}).encode(), "takeaway.bad_values"),
        (json.dumps({"format": takeaway.FORMAT, "experiment": "feedforward", "spec": [1]}).encode(), "takeaway.not_ours"),
        (b"[" * 90_000, "takeaway.not_ours"),
        (b"9" * 50_000, "takeaway.not_ours"),
    ],
)
def test_other_files_are_refused_in_words(content, message):
    with pytest.raises(ValueError, match=message):
        takeaway.read_experiment(content, "feedforward")


SAID = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*FeedForwardSpec.model_fields, "x"]), inner, max_size=4),
    max_leaves=8,
)
REFUSALS = ("takeaway.not_ours", "takeaway.other_experiment", "takeaway.bad_values")


@given(st.binary(max_size=200) | SAID.map(lambda content: json.dumps(content).encode()) | SAID.map(takeaway_file))
def test_any_file_is_an_experiment_or_refused_in_words(content):
    try:
        read = takeaway.read_experiment(content, "feedforward")
    except ValueError as error:
        read = str(error)
    assert read in REFUSALS or isinstance(read, FeedForwardSpec)


@given(
    SAID
    | SAID.map(lambda said: {"objects": said})
    | st.lists(st.dictionaries(st.sampled_from([*canvas.NUMBERS, "fill"]), SAID)).map(lambda objects: {"objects": objects})
)
def test_whatever_a_browser_says_of_a_canvas_gives_places(said):
    places = [canvas.centre(circle, 5.0) for circle in canvas.whole_circles(said)]
    assert np.isfinite(places).all()


def test_a_search_for_data_whose_engine_has_gone_begins_anew():
    trainings.engine.clear()
    trainings.prepare_again("mnist")
    before = trainings.preparation("mnist")
    trainings.engine.clear()
    assert before.outcome.cancelled()
    trainings.engine().start()
    assert trainings.preparation("mnist").result(PATIENCE).data.name == "digits"
