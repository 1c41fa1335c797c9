"""The attention lesson: sequences to be rewritten, really trained networks, what is typed, what is knocked out, the page."""

from collections import Counter, defaultdict
from contextlib import suppress
from datetime import timedelta
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from ann_core import models
from ann_core.data import attention as rewriting
from ann_core.data.attention import DAYS, FIRST_DAY, FORMS, TASKS, day_of, encoded, rewritten, without_places
from ann_core.exhibits import AttendExhibit, KnockExhibit, WavesExhibit
from ann_core.lessons.attention import idea, inside, picture, questions, waves
from ann_core.lessons.attention.typed import knock
from ann_core.lessons.attention.typed.asked import EXAMPLES, read
from ann_core.maths.networks.attention import KnockedOut, forward
from ann_core.models import optimisers
from ann_core.probing import attention as attending
from ann_core.probing import attention_costs
from ann_core.specs import AttentionSpec
from ann_core.training.examples.attention import rewritten_of
from ann_core.training.records import TrainingFailed
from ann_core.training.train import LOOPS, train
from ann_core.ui import trainings
from ann_core.ui.language import catalogue
from tests.patience import PATIENCE

ROOT = Path(__file__).parents[2]
DAY = st.integers(0, DAYS - 1).map(lambda day: FIRST_DAY + timedelta(day))
ATTEND = st.builds(
    AttendExhibit,
    text=st.text(max_size=60),
    heads=st.integers(1, 4),
    head=st.integers(1, 4),
    places_added=st.booleans(),
    scaled=st.booleans(),
    mask=st.sampled_from(["nothing_masked", "causal", "blanks", "both"]),
    blanks=st.integers(0, 6),
    sharpness=st.floats(0.1, 5),
)


@pytest.fixture(scope="module")
def run():
    """The default preset, really trained."""
    return train(AttentionSpec())


@pytest.fixture(scope="module")
def look_up():
    return train(AttentionSpec.preset("look_up"))


@pytest.fixture(scope="module", autouse=True)
def close_engine():
    yield
    trainings.engine.clear()


# --- sequences


@settings(deadline=None, max_examples=30)
@given(
    task=st.sampled_from(["copy", "reverse", "sort", "look_up"]),
    length=st.integers(4, 16),
    longer=st.integers(0, 8),
    letters=st.integers(6, 26),
    seed=st.integers(0, 9999),
)
def test_sequences_are_as_their_task_says(task, length, longer, letters, seed):
    seen, unseen = rewritten(task, 50, 40, length, longer, letters, seed)
    rewritten.cache_clear()
    again = rewritten(task, 50, 40, length, longer, letters, seed)
    np.testing.assert_array_equal(seen.x, again[0].x)
    assert (seen.x.shape[1], unseen.x.shape[1]) == (length, length + longer)
    for part in (seen, unseen):
        assert part.y.shape[1] == TASKS[task].answers(part.x.shape[1])
        assert part.x.max() < len(TASKS[task].tokens(letters))
        if task == "look_up":
            assert all(solved(x) == y.tolist() for x, y in zip(part.x, part.y, strict=True))
        else:
            rule = {"copy": lambda x: x, "reverse": lambda x: x[::-1], "sort": sorted}[task]
            assert all(list(rule(x.tolist())) == y.tolist() for x, y in zip(part.x, part.y, strict=True))
    if not longer:
        assert not {tuple(x) for x in seen.x} & {tuple(x) for x in unseen.x}


def solved(x):
    """A look-up answered by a dictionary."""
    written = [rewriting.PAIRS[token] for token in x]
    pairs = [token for token in written if not token.endswith("?")]
    assert len({token[0] for token in pairs}) == len(pairs), "every key once"
    assert len(pairs) == min(len(x) // 2, 10)
    known = {token[0]: int(token[1]) for token in pairs}
    return [known[token[0]] for token in written if token.endswith("?")]


def test_no_day_is_both_trained_on_and_held_out():
    seen, unseen = rewritten("dates", 3_000, 1_000, 8, 0, 26, 1)
    assert not {tuple(y) for y in seen.y} & {tuple(y) for y in unseen.y}
    tokens = np.array(rewriting.DATE_TOKENS)
    for part in (seen, unseen):
        texts = ["".join(tokens[x]).rstrip(rewriting.BLANK) for x in part.x[:200]]
        found = ["".join(rewriting.DATE_SYMBOLS[symbol] for symbol in y) for y in part.y[:200]]
        assert [day_of(text).isoformat() for text in texts] == found


@given(day=DAY, form=st.sampled_from(FORMS))
def test_a_day_can_be_read_in_every_form(day, form):
    assert day_of(form(day)) == day
    assert len(encoded(form(day))) == rewriting.DATE_LENGTH


@pytest.mark.parametrize(
    "text", ["", "2026年2月30日", "31/4/26", "0/0/00", "Foo 3, 2026", "二〇二六年十十月二日", "2026-11-23", "12", "١/١/٢٦"]
)
def test_what_is_no_day_is_none(text):
    assert day_of(text) is None


@given(text=st.text(max_size=30) | st.text("0123456789年月日十〇一二三./ ", max_size=20))
def test_no_text_makes_reading_a_day_stumble(text):
    day_of(text)


@pytest.mark.parametrize("length", [4, 5])
def test_what_can_be_done_without_places_is_the_best_of_all_guesses(length):
    """By going through all orders of every set of letters: each place knows its own letter and the set."""
    x = np.random.default_rng(1).integers(0, 3, (6, length))
    best = []
    for sequence in x:
        answers = defaultdict(Counter)
        for order in permutations(sequence.tolist()):
            for place, own in enumerate(order):
                answers[own][order[length - 1 - place]] += 1
        best += [answers[own].most_common(1)[0][1] / answers[own].total() for own in sequence]
    assert without_places(x) == pytest.approx(np.mean(best))


# --- trained networks


def test_the_default_reverses_and_its_map_is_the_anti_diagonal(run):
    assert run.value("val_accuracy") >= 0.999
    assert run.final.predicted.shape == (2_000, 8)
    found = forward(attending.network_of(run), attending.judged(run.spec)[0])
    weights = found.looks[0].weights[:, 0]
    assert (weights.mean(axis=0).argmax(axis=1) == np.arange(8)[::-1]).all(), "in every row"
    assert weights[:, np.arange(8), np.arange(8)[::-1]].mean() > 0.9
    by_numpy = attending.accuracy(found.answers, attending.judged(run.spec)[1])
    assert by_numpy[0] == pytest.approx((run.final.predicted[:500] == attending.judged(run.spec)[1]).mean(), abs=1e-3)
    assert attending.whole(run.final, rewritten_of(run.spec)[1].y) >= 0.99


def test_without_positions_it_does_what_a_bag_of_letters_allows(run):
    blind = train(AttentionSpec(positions="none", epochs=60))
    most = without_places(rewritten_of(blind.spec)[1].x)
    assert most - 0.06 < blind.value("val_accuracy") < most + 0.01


def test_knocking_out_does_what_it_says(run):
    network, (x, y) = attending.network_of(run), attending.judged(run.spec)
    intact = forward(network, x)

    def answers(**changes):
        return forward(network, x, knock.knocked_out(KnockExhibit(**changes), intact.looks)).answers

    np.testing.assert_allclose(answers(), intact.answers)
    right = (answers(token=2).argmax(axis=2) == y).mean(axis=0)
    assert right[6] < 0.5, "place 7 needs token 2"
    assert right[[0, 1, 2, 3, 4]].min() > 0.95
    right = (answers(link_from=1, link_to=8).argmax(axis=2) == y).mean(axis=0)
    assert right[0] < 0.5
    assert right[1:].min() > 0.99, "nobody else has lost anything"
    assert attending.accuracy(answers(no_places=True), y)[0] < 0.35
    assert attending.accuracy(answers(knocked_head=1), y)[0] < 0.35
    np.testing.assert_allclose(answers(token=20, link_from=9, link_to=9, knocked_head=3), intact.answers)


def test_strong_links_that_do_not_matter_are_really_cut(run, look_up):
    for trained in (run, look_up):
        network, (x, y) = attending.network_of(trained), attending.judged(trained.spec)
        least, strong, idle = attending.idlest(network, x[:10], y[:10])
        assert strong > 10
        assert 0 <= idle <= strong
        allowed = np.ones((1, trained.spec.heads, 8, 8), bool)
        allowed[0, least.head, least.asking, least.asked] = False
        whole, cut = (forward(network, least.tokens[None], each) for each in (None, KnockedOut({0: allowed})))
        assert whole.looks[0].weights[0, least.head, least.asking, least.asked] == pytest.approx(least.weight)
        assert least.weight > 0.5
        assert np.abs(cut.answers - whole.answers).max() == pytest.approx(least.change)


def test_only_those_count_whose_answer_is_open(look_up):
    network, x = attending.network_of(look_up), attending.judged(look_up.spec)[0][:5]
    assert {link.asking for link in attending.idle_links(network, x, np.array([True] * 4))} == {4, 5, 6, 7}
    assert {link.asking for link in attending.idle_links(network, x, np.array([True, False, False, True]))} == {4, 7}


@pytest.mark.slow
def test_dates_are_learned_and_every_form_is_read():
    spec = AttentionSpec.preset("dates").changed(epochs=10)
    dates = train(spec)
    assert dates.value("val_accuracy") > 0.97
    network = attending.network_of(dates)
    for form in FORMS:
        asked = read(spec, form(FIRST_DAY + timedelta(20_000)))
        answer = forward(network, asked.tokens[None]).answers[0].argmax(axis=1)
        assert (answer == asked.right).mean() >= 0.8, form(FIRST_DAY)
    assert [look.weights.shape[1:] for look in forward(network, asked.tokens[None]).looks] == [(2, 20, 20), (2, 10, 20)]


def test_the_learning_rate_warms_up_and_then_falls():
    schedule = optimisers.WarmUp(0.01, 100)
    rates = [float(schedule(step)) for step in (0, 49, 99, 399)]
    np.testing.assert_allclose(rates, [0.0001, 0.005, 0.01, 0.005], rtol=1e-5)
    again = optimisers.WarmUp.from_config(schedule.get_config())
    assert float(again(399)) == pytest.approx(rates[-1])


def test_another_pace_compiles_nothing():
    spec = AttentionSpec(examples=256, epochs=1, warm_up=10, seed=3)
    first = train(spec)
    (*_, loop) = LOOPS.kept.values()
    other = train(spec.changed(warm_up=300, learning_rate=0.02, seed=4))
    assert [*LOOPS.kept.values()][-1] is loop
    assert loop.advance.experimental_get_tracing_count() == 1
    assert not np.array_equal(first.rows, other.rows)


def test_training_further_keeps_the_pace():
    spec = AttentionSpec(examples=256, epochs=4, warm_up=6)
    further = train(spec, start=train(spec.changed(epochs=2)))
    np.testing.assert_array_equal(further.rows, train(spec).rows)


def test_costs_are_measured_and_can_be_stopped(monkeypatch):
    monkeypatch.setattr(attention_costs, "LENGTHS", (4, 8))
    said = []
    found = attention_costs.forward_seconds(said.append, lambda: False)
    assert found.shape == (2, 2)
    assert (found > 0).all()
    assert [message.share for message in said] == [0, 0.5]
    with pytest.raises(TrainingFailed):
        attention_costs.forward_seconds(said.append, lambda: True)


# --- what is typed


@pytest.mark.parametrize("task", TASKS)
def test_the_examples_are_read_without_a_note(task):
    asked = read(AttentionSpec(task=task), EXAMPLES[task])
    assert not asked.notes
    assert None not in asked.right


@pytest.mark.parametrize(
    ("task", "text", "written", "right"),
    [
        ("reverse", "abcdefgh", "ABCDEFGH", "HGFEDCBA"),
        ("sort", "Ｋeyboards", "KEYBOARD", "ABDEKORY"),
        ("look_up", "c7 a3 a9 b1 d0 d? a? a? c?", "c7a3b1d0d?a?a?c?", "0337"),
        ("dates", "05/06/71", "05/06/71" + "·" * 12, "1971-06-05"),
        ("dates", "二〇六九年十二月三十一日", "二〇六九年十二月三十一日" + "·" * 8, "2069-12-31"),
    ],
)
def test_what_is_typed_is_read(task, text, written, right):
    spec = AttentionSpec(task=task)
    asked = read(spec, text)
    assert "".join(asked.written) == written
    assert picture.answer_words(spec, asked.right) == right


@pytest.mark.parametrize(
    ("task", "text", "message"),
    [
        ("reverse", "", "ask.empty"),
        ("reverse", "😀 ?!", "ask.letters"),
        ("look_up", "hello", "ask.pairs"),
        ("dates", "😀", "ask.signs"),
        ("dates", "2026年2月30日", "ask.no_day"),
        ("dates", "1.1.11.1.1.1.1.1.1.1.1.1", "ask.too_long"),
        ("dates", "23/11/2126", "ask.other_century"),
        ("copy", "a?", "ask.left_out"),
        ("look_up", "a1 b2 c3 d4 j? a? b? c?", "ask.no_such_key"),
    ],
)
def test_what_cannot_be_read_or_was_changed_is_told(task, text, message):
    try:
        messages = [name for name, _ in read(AttentionSpec(task=task), text).notes]
    except ValueError as problem:
        messages = [problem.args[0]]
    assert message in messages


@settings(deadline=None)
@given(
    text=st.text(max_size=200) | st.text("abcdefghij0123456789? ", max_size=60),
    task=st.sampled_from(sorted(TASKS)),
    length=st.integers(4, 16),
    letters=st.integers(6, 26),
)
def test_nothing_that_is_typed_makes_it_stumble(text, task, length, letters):
    spec = AttentionSpec(task=task, length=length, letters=letters)
    with suppress(ValueError):  # told in words: see above
        asked = read(spec, text)
        assert len(asked.tokens) == len(asked.written) == rewriting.longest(task, length)
        assert len(asked.right) == TASKS[task].answers(len(asked.tokens))
        assert max(asked.tokens) < len(TASKS[task].tokens(letters))


# --- exact figures


@settings(deadline=None, max_examples=60)
@given(ATTEND)
def test_attention_in_the_hand_adds_up_and_is_drawn(spec):
    hand = inside.hand_of(spec)
    assert len(hand.words) <= 10
    weights = hand.look.weights[0]
    assert (weights[:, ~hand.allowed] == 0).all()
    np.testing.assert_allclose(weights.sum(axis=-1), np.broadcast_to(hand.allowed.any(axis=1), weights.shape[:2]).astype(float))
    if "blanks" in (spec.mask, *(["blanks"] if spec.mask == "both" else [])):
        assert not weights[..., [word == inside.BLANK for word in hand.words]].any()
    assert len(inside.film_of(spec)) > 500
    assert AttendExhibit.from_query(spec.to_query()) == spec


def test_the_presets_look_where_they_say():
    same = inside.hand_of(AttendExhibit())
    cat = same.look.weights[0, 0, 1]
    assert cat[1] == cat[5] == max(cat), "the other cat is as near as itself"
    before = inside.hand_of(AttendExhibit.preset("previous")).look.weights[0, 0]
    np.testing.assert_array_equal(before[1:].argmax(axis=1), np.arange(len(before) - 1))
    back = inside.hand_of(AttendExhibit.preset("look_back"))
    assert not np.triu(back.look.weights[0, 0], 1).any()
    filled = AttendExhibit.preset("filled_up")
    blanks = [word == inside.BLANK for word in inside.sequence(filled)]
    assert inside.hand_of(filled).look.weights[0, 0][:, blanks].sum() > 0.5
    assert not inside.hand_of(filled.changed(mask="blanks")).look.weights[0, 0][:, blanks].any()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("the cat", ["the", "cat"]),
        ("hello", list("hello")),
        ("小猫喝牛奶", list("小猫喝牛奶")),
        ("我爱 NLP", ["我爱", "NLP"]),
        ("我爱NLP", ["我", "爱", "NLP"]),
        ("😀😀", ["😀", "😀"]),
        ("   ", []),
    ],
)
def test_a_text_falls_into_words(text, words):
    assert inside.words_of(text) == words


def test_waves_and_the_sentence_are_drawn():
    assert len(waves.film_of(WavesExhibit(places=100, wave_width=64))) > 6_400
    for language in ("en", "zh"):
        assert len(idea._sentence.__wrapped__(language)) > 500
        assert all(sum(glances.values()) == 10 for glances in idea.GLANCES[language].values())


@pytest.mark.parametrize("changes", [{}, {"heads": 4, "model_width": 64}, {"task": "dates"}])
def test_questions_know_the_right_answers(changes):
    spec = AttentionSpec(**changes)
    attention = next(layer for layer in models.build(spec).layers if hasattr(layer, "num_heads"))
    kernels, scale, scores = questions.kernels(spec), questions.scale(spec), questions.scores(spec)
    assert kernels.answers[kernels.right] == f"{attention.count_params():,}"
    assert float(scale.answers[scale.right]) == pytest.approx(attention.key_dim**0.5, rel=0.01)
    assert scores.answers[scores.right] == {8: "1,024", 20: "6,400"}[20 if spec.task == "dates" else 8]


# --- the page


def opened(run=None, **query):
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE)
    at.query_params["lang"] = query.get("lang", "en")
    at.run()
    at.switch_page("screens/attention.py")
    for name, token in query.items():
        at.query_params[name] = token
    at.run()
    if run is not None:
        at.session_state["_attention_bench"].run = run
        at.run()
    assert not at.exception
    return at


def texts_of(at):
    return " ".join(element.value for element in (*at.markdown, *at.caption, *at.header, *at.info, *at.warning, *at.error))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_trained_network_is_asked_and_operated_on(run, language):
    words, at = catalogue(language), opened(run, lang=language)
    assert "DESSERTS" in texts_of(at)
    at.text_input(key="attention_text_reverse").set_value("drawer").run()
    assert words.gettext("ask.filled").format(length=8) in texts_of(at)
    for text in ("", "😀", "x" * 200):
        at.text_input(key="attention_text_reverse").set_value(text).run()
        assert not at.exception
    at.select_slider(key="knock_token").set_value(8).run()
    assert not at.exception
    assert "`DESSERTS`" in texts_of(at)
    assert "**`DESSERTS`**" not in texts_of(at)


def test_a_network_with_several_heads_shows_them_all(look_up):
    at = opened(look_up, attention_preset="look_up")
    assert catalogue("en").gettext("attending.how") in texts_of(at)
    at.segmented_control(key="attention_head_2").set_value(2).run()
    at.select_slider(key="knock_knocked_head").set_value(1).run()
    assert not at.exception


def test_an_exploded_network_is_told(run):
    from dataclasses import replace

    lost = replace(run.final, weights=tuple(weight * np.nan for weight in run.final.weights))
    at = opened(replace(run, checkpoints=(*run.checkpoints[:-1], lost), rows=run.rows * np.nan))
    assert catalogue("en").gettext("probe.beyond") in texts_of(at)
    assert catalogue("en").gettext("attending.train_first") not in texts_of(at)


@pytest.mark.parametrize("text", ["", "😀 😀", "一二三四五六七八九十百千", "a " * 40])
def test_any_text_may_be_attended_to(text):
    at = opened(attend_text=text)
    assert not at.exception
    at.text_input(key="attend_text").set_value("two words").run()
    assert not at.exception
