"""The doctor at games that were really played, and what is broken in them, on the page."""

from dataclasses import replace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from ann_core.coaching.diagnoses.gan import DIAGNOSES
from ann_core.coaching.doctor import InBars, OnCurve, diagnose
from ann_core.coaching.interventions.gan import distance, distances
from ann_core.data.gan import TARGETS
from ann_core.lessons.gan import beside, three
from ann_core.probing.gan_parts import parts_of
from ann_core.specs import GanSpec
from ann_core.training.train import train
from ann_core.ui.language import catalogue
from tests.lessons.test_gan import opened, texts_of
from tests.patience import PATIENCE

SICK = {
    "game_explosion": GanSpec(optimiser="sgd", generator_rate=10.0, discriminator_rate=10.0, epochs=20),
    "outpaced": GanSpec(loss="minimax", generator_rate=0.0001, discriminator_rate=0.01, epochs=40),
    "collapse": GanSpec.preset("collapse"),
    "starved": GanSpec(loss="minimax", generator_rate=0.05, discriminator_rate=0.05, beta_1=0.9, epochs=60),
    "crawling": GanSpec(generator_rate=0.00003, discriminator_rate=0.00003, epochs=40),
    "restless": GanSpec(loss="least_squares", generator_rate=0.03, discriminator_rate=0.01),
}


def first_of(run):
    """What the doctor names first."""
    return next(iter(diagnose(beside.examine(run))), None)


def names_of(run):
    """All diagnoses that there is evidence for."""
    case = beside.examine(run)
    return [diagnosis.name for diagnosis in DIAGNOSES if diagnosis.test(case)]


@pytest.fixture(scope="module")
def sick():
    """One run of each illness, really played."""
    return {name: train(spec) for name, spec in SICK.items()}


@pytest.fixture(scope="module")
def healthy():
    return train(GanSpec())


@pytest.mark.parametrize("name", SICK)
def test_a_sick_game_is_recognised_and_its_remedy_helps(sick, name):
    found = first_of(sick[name])
    assert found.name == name
    assert found.remedy
    cured = train(sick[name].spec.changed(**found.remedy))
    assert distance(cured) < 0.8 * distance(sick[name])


def test_samples_in_a_heap_or_far_away_are_recognised(healthy):
    """Whatever the processor: put there by hand."""
    one_cloud = np.tile(TARGETS["eight_clouds"].centres[2], (1_000, 1)).astype(np.float32)
    far_away = 3 * one_cloud + np.random.default_rng(1).normal(size=(1_000, 2)).astype(np.float32)
    for name, samples, changes in (("heap", one_cloud, {}), ("hasty", far_away, {"discriminator_rate": 0.0001})):
        moments = tuple(replace(each, predicted=samples) for each in healthy.checkpoints)
        put = replace(healthy, checkpoints=moments, spec=healthy.spec.changed(**changes))
        assert name in names_of(put)
        assert not {"collapse", "restless"} & set(names_of(put))


def test_a_heap_away_from_all_parts_is_shown_on_the_curve(sick):
    """There is no bar that it could be seen in."""
    away = np.full((1_000, 2), 0.1, np.float32)
    put = replace(sick["collapse"], checkpoints=tuple(replace(each, predicted=away) for each in sick["collapse"].checkpoints))
    found = first_of(put)
    assert found.name == "collapse"
    assert found.evidence.values["count"] == 0
    assert isinstance(found.evidence.place, OnCurve)


@pytest.mark.parametrize("name", SICK)
def test_evidence_is_where_it_can_be_seen(sick, name):
    place = first_of(sick[name]).evidence.place
    if isinstance(place, OnCurve):
        assert place.metric in sick[name].metrics
        assert 1 <= place.first <= place.last <= sick[name].epochs
    else:
        assert isinstance(place, InBars)
        assert place.shares.shape == place.striking.shape == (len(beside.part_names(sick[name])),)
        assert place.striking.any()


def test_every_diagnosis_of_games_is_provoked():
    assert {diagnosis.name for diagnosis in DIAGNOSES} == {*SICK, "heap", "hasty"}


def test_a_healthy_game_is_left_alone(healthy):
    assert names_of(healthy) == []


def test_the_parts_of_a_target_without_modes_are_found_in_its_points():
    spec = GanSpec(target="spiral")
    assert parts_of(spec, beside.picture.real_points(spec)).count == 8


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_doctor_speaks_on_the_page(sick, language):
    words = catalogue(language)
    for name, run in sick.items():
        at = opened(run, lang=language)
        assert words.gettext(f"doctor.{name}") in texts_of(at)
        at.run()
        assert not at.exception


def test_a_measured_distance_is_that_of_the_last_moments(healthy):
    course = distances(healthy)
    assert course.index[-1] == healthy.epochs
    assert course.iloc[0] > 3 * distance(healthy)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_broken_game_is_explained_by_its_distance(healthy, sick, language):
    at = AppTest.from_function(_explained, kwargs={"language": language}, default_timeout=PATIENCE)
    at.session_state["runs"] = (healthy, sick["collapse"])
    at.run()
    assert not at.exception
    assert f"{distance(healthy):.3f}" in texts_of(at)
    assert f"{distance(sick['collapse']):.3f}" in texts_of(at)


def _explained(language):
    import streamlit as st

    from ann_core.coaching.interventions import interventions
    from ann_core.lessons.gan import beside
    from ann_core.ui.workbench import guess

    st.query_params["lang"] = language
    state = {"runs": st.session_state["runs"], "guess": "worse"}
    guess._explain(interventions("gan")["hasty_forger"], state, beside.side_by_side)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_three_losses_are_shown_side_by_side(language):
    runs = tuple(train(spec.changed(epochs=3)) for spec in three.specs_of(1))
    assert [run.spec.loss for run in runs] == list(three.PRESETS)
    at = opened(lang=language)
    at.session_state["_gan_three"] = three.Measured(runs=runs)
    at.run()
    assert not at.exception
    rows = [line for line in texts_of(at).splitlines() if "450" in line or "300" in line]
    assert len(rows) == 3


def test_three_games_are_begun_and_waited_for():
    at = opened()
    at.button(key="three_measure").click().run()
    state: three.Measured = at.session_state["_gan_three"]
    assert state.job is not None
    state.job.result(PATIENCE)
    at.run()
    assert len(state.runs) == 3
    assert not at.exception
