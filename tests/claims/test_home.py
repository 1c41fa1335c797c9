"""What the first page says."""

import re
from urllib.parse import parse_qs

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ann_core.catalogue import BLOCKS, LESSONS, NETWORKS
from ann_core.data import images
from ann_core.experiments import SPECS
from ann_core.lessons.home import applications, questions
from ann_core.lessons.lstm import takeaways
from ann_core.maths.networks.dense import Layer, forward
from ann_core.probing import recall, recall_study, recordings
from ann_core.probing.recordings import RECORDINGS
from ann_core.specs import PointsSpec
from ann_core.ui import language
from ann_core.ui.figures.figure import ICONS
from tests.claims.opened import at_page, elements, texts
from tests.claims.register import claim


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setattr(language, "current", lambda: "en")


@claim("home", "home.md#networks", "preset.feedforward.article", "preset.convolutional.article", "preset.recurrent.article")
def test_the_articles_examples_are_rebuilt_as_experiments():
    """The three examples that the article trains are presets, with its pixels, layers, batches and epochs."""
    found = {name: cls.preset("article") for name, cls in SPECS.items() if "article" in cls.presets}
    assert set(found) == {"feedforward", "convolutional", "recurrent"}
    dense, convolutional, series = (found[name] for name in ("feedforward", "convolutional", "recurrent"))
    assert (dense.hidden_units, dense.epochs, dense.batch_size, dense.scale_pixels) == ((128,), 10, 32, False)
    assert (convolutional.filters, convolutional.epochs, convolutional.batch_size, convolutional.scale_pixels) == ((32, 64), 5, 32, False)
    assert (series.length, series.window, series.units, series.epochs, series.batch_size) == (100, 10, 10, 100, 16)


@claim("home", "home.md#blocks", *(f"block.{block.key}.what" for block in BLOCKS), "home.md#welcome")
def test_there_are_ten_ideas_and_six_networks():
    """As many as the page says, each with its place on a page; and that the bend is what makes depth worth something is so."""
    assert (len(BLOCKS), len(NETWORKS)) == (10, 6)
    assert {block.lesson for block in BLOCKS} <= {entry.key for entry in LESSONS}
    random = np.random.default_rng(1)
    stack = [Layer(random.normal(size=(3, 3)), random.normal(size=3), "linear") for _ in range(5)]
    points = random.normal(size=(9, 3))
    outputs = forward(stack, points)[-1].outputs
    single = np.linalg.lstsq(np.c_[points, np.ones(9)], outputs, rcond=None)[0]
    np.testing.assert_allclose(np.c_[points, np.ones(9)] @ single, outputs, atol=1e-9)


@claim("home", "numbers.image.how", "quiz.pixels", "quiz.pixels.because", "source.digit")
def test_the_numbers_beside_the_picture_are_its_pixels():
    """Every second one of the middle of 28 by 28, which are 784; between 0 and 255; of the image that the line names."""
    at = at_page("home", "en")
    at.slider(key="numbers_image").set_value(11).run()
    shown = np.array([[int(number) for number in row.split()] for row in at.code[0].value.splitlines()])
    image = images.load("digits").x_test[11]
    assert image.size == 784
    np.testing.assert_array_equal(shown, image[4:24:2, 4:24:2])
    assert any("test image 11 of" in text for text in texts(at))
    asked = questions.pixels()
    assert asked.answers[asked.right] == "784"


@claim("home", "numbers.series.how", "quiz.windows", "quiz.windows.because")
@pytest.mark.parametrize("moment", [10, 37, 59])
def test_the_ten_values_are_those_before_the_moment(moment):
    """Of the sine that is drawn, no more and no fewer; and a hundred values make ninety windows."""
    at = at_page("home", "en")
    at.segmented_control(key="numbers_kind").set_value("series").run()
    at.slider(key="numbers_moment").set_value(moment).run()
    said = next(text for text in texts(at) if text.startswith("To say what comes next"))
    values = [float(number) for number in said.removesuffix(".").partition(": ")[2].split(", ")]
    series = np.sin(np.linspace(0, 40, 60))
    assert len(values) == 10
    np.testing.assert_allclose(values, series[moment - 10 : moment], atol=0.0051)
    asked = questions.windows()
    assert asked.answers[asked.right] == str(len(range(100 - 10)))


@claim("home", "quiz.code_point", "quiz.code_point.because", "numbers.text.how")
@given(st.text(min_size=1, max_size=40).filter(lambda text: text.strip()))
def test_every_character_has_the_number_that_is_said(text):
    """And the other number named stands for the other character; whatever a learner types."""
    letter = text.strip()[0]
    asked = questions.code_point(text.strip())
    assert asked.answers[asked.right] == str(ord(letter))
    other = asked.values["other"]
    assert chr(other).isprintable()
    assert language.plain(chr(other)) == asked.values["next"]
    assert other != ord(letter) or letter == "a"


@claim("home", "numbers.your_text", "numbers.sample")
def test_letters_that_mean_something_in_a_table_are_shown_too():
    """A bar and a backtick stand in the table as themselves, each above its number."""
    at = at_page("home", "en")
    at.segmented_control(key="numbers_kind").set_value("text").run()
    at.text_input(key=applications.TEXT_KEY).set_value("a|`").run()
    table = next(element.value for element in at.markdown if "| 97 |" in element.value)
    assert table.startswith(r"| `a` | `\|` | `` ` `` |")
    assert "| 97 | 124 | 96 |" in table


@claim("home", "home.md#promise", "source.xor", "source.study")
@pytest.mark.parametrize("tongue", language.LANGUAGES)
def test_the_promise_explains_every_icon_and_what_was_measured_beforehand_has_its_own(tongue):
    """A line for each kind of source; a study that came with the program is not told as the learner's run."""
    told = re.findall(r"^- (:material/\w+:)", language.sections("home", tongue)["promise"], re.MULTILINE)
    assert sorted(told) == sorted(ICONS.values())
    study = takeaways._source({"lstm": recall_study.parts_of("adding", "lstm")})
    assert study.kind == "kept"
    xor = at_page("neuron", tongue, neuron_gate="xor")
    assert any(text.startswith(f"{ICONS['kept']} ") and "Glorot" in text for text in texts(xor))


@claim("home", "home.md#questions", "quiz.how", "feedforward.md#questions", "quiz.pixels", "quiz.windows")
def test_no_question_of_constants_is_said_to_be_made_of_settings():
    """The frame of all quizzes promises no settings, for there are none in two of the first page's questions."""
    assert "setting" not in language.tr("quiz.how")
    assert "like those above" in language.sections("home", "en")["questions"]
    assert "answers depend" not in language.sections("feedforward", "en")["questions"]


@claim("frame", "home.md#welcome", "neuron.md#break_it", "learning.md#break_it", "source.compare", "source.seeds", "source.seed")
@pytest.mark.parametrize("tongue", language.LANGUAGES)
def test_no_training_is_said_to_be_on_this_machine(tongue):
    """With a cluster it is on another: no prose and no source of a training says where."""
    here = {"en": "this machine", "zh": "这台机器"}[tongue]
    assert [each.key for each in LESSONS if any(here in text for text in language.sections(each.key, tongue).values())] == []
    words = language.catalogue(tongue)
    for name in ("source.compare", "source.seeds", "source.seed", "source.run"):
        assert here not in words.gettext(name) + words.ngettext(name, name, 2)


@claim("home", "home.md#applications", "applications.network", *(f"application.{field}.what" for field in applications.FIELDS))
def test_fields_name_networks_that_have_a_lesson():
    """At least one network for each field, of the six."""
    assert all(served and set(served) <= set(NETWORKS) for served in applications.FIELDS.values())


@claim("home", "home.md#welcome", "home.try", "source.recorded", "source.aside")
def test_the_first_picture_is_a_training_that_the_link_leads_to():
    """Twenty-four hidden neurons, two spirals, seed and examples as they are told; the address of the link is that experiment."""
    spec = RECORDINGS["feedforward"].spec
    assert sum(layer.units for layer in spec.layers) == 24
    assert (spec.dataset, spec.classes) == ("spiral", 2)
    link = next(each for each in elements(at_page("home", "en")) if each.type == "page_link").proto
    query = {name: texts[0] for name, texts in parse_qs(link.query_string).items()}
    assert link.page == "feedforward"
    assert PointsSpec.read_query(query) == (spec, ())


@claim("home", *(f"home.portrait.{lesson}" for lesson in NETWORKS), "home.forecast")
def test_the_small_pictures_show_what_is_said_of_them():
    """Two hidden layers, eight filters, sixteen units, a word that is reversed; a letter to keep comes first."""
    specs = {lesson: recording.spec for lesson, recording in RECORDINGS.items()}
    assert set(specs) == set(NETWORKS)
    assert len(specs["feedforward"].layers) == 2
    assert specs["convolutional"].filters == (8,)
    assert (specs["lstm"].units, specs["lstm"].task) == (16, "recall")
    assert specs["attention"].task == "reverse"
    assert recordings.kept("lstm").arrays["memory"].shape[1:] == (specs["lstm"].gap + 2, 16)
    x, _ = recall.judged(specs["lstm"])
    assert recall.matters(specs["lstm"], x)[0].tolist() == [True] + [False] * specs["lstm"].gap
