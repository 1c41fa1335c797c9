"""What of a training's film is sent to the browser, look by look."""

from types import SimpleNamespace

import numpy as np
import pytest

from ann_core.charts.film import Course
from ann_core.specs import PointsSpec
from ann_core.training.engine.tasks import Part
from ann_core.training.moments import kept_moments
from ann_core.training.records import Checkpoint, DataSource, Run, most_checkpoints
from ann_core.ui.workbench import reel
from ann_core.ui.workbench.reel import MOST_AT_ONCE, Reel

SPEC = PointsSpec(epochs=100)
DATA = DataSource("moons", "moons", "generated", "f", 70, 30)


class Screen:
    """A learner's bench, and what is sent to the browser."""

    def __init__(self, monkeypatch):
        self.bench = SimpleNamespace(spec=SPEC, run=None, takes=1, endless=False, busy=False, may_go_on=True)
        self.kept, self.sent, self.language, self.options = {}, [], "en", ()
        monkeypatch.setattr(reel.session, "bench", lambda experiment: self.bench)
        monkeypatch.setattr(reel.session, "kept", lambda key, make: self.kept.setdefault(key, make()))
        monkeypatch.setattr(reel, "current", lambda: self.language)
        monkeypatch.setattr(reel, "film", self.hear)
        monkeypatch.setattr(reel.Source, "course", lambda trained, moments: tuple(each.epoch for each in moments))
        self.reel = Reel("points", self.film_of, (), lambda spec, own: moments(1)[0], options=lambda: self.options)

    def film_of(self, spec, checkpoints, rows, name, play, *options):
        return b" ".join(str(each.epoch).encode() for each in checkpoints)

    def hear(self, content, source, key, on_picked=None, course=None, on_lacking=None, on_turned=None, on_ended=None):
        self.lacks, self.turns, self.ends = on_lacking, on_turned, on_ended
        self.sent.append((content.decode(), course))

    def live(self, count):
        self.reel.draw(Part(SPEC, np.zeros((100, 4)), "training", 1.0, moments(count), DATA), True)
        return self.sent[-1]

    def rest(self, count, last=100):
        self.bench.run = Run(SPEC, DATA, SPEC.metrics, np.zeros((last, 4)), moments(count), None, (), 1.0, 1.0)
        self.reel.draw(Part.of(self.bench.run), False)
        return self.sent[-1]


def moments(count):
    return tuple(Checkpoint(epoch, (np.zeros(1, np.float32),), np.zeros(1, np.uint8), None) for epoch in range(count))


def epochs(begin, end):
    return " ".join(map(str, range(begin, end)))


@pytest.fixture
def screen(monkeypatch):
    reel._whole.clear()
    return Screen(monkeypatch)


def test_each_look_sends_what_is_new_and_no_more_than_is_played_until_the_next(screen):
    assert screen.reel.draw(Part(SPEC, np.zeros((0, 4))), True) is None
    assert screen.sent == [(epochs(0, 1), Course())]
    content, course = screen.live(3)
    assert content == epochs(0, 3)
    assert (course.first, course.known, course.more, course.expected) == (0, 0, True, len(kept_moments(100, 1, most_checkpoints(5))))
    content, course = screen.live(4)
    assert (content, course.first, course.known) == (epochs(3, 4), 3, 3)
    content, course = screen.live(4)
    assert (content, course.first, course.known) == ("", 4, 4)
    content, course = screen.live(40)
    assert content == epochs(4, 4 + MOST_AT_ONCE)
    assert screen.live(40)[1].first == 4 + MOST_AT_ONCE


def test_in_the_end_the_whole_is_sent_once_and_again_when_it_is_lacking(screen):
    screen.live(5)
    content, course = screen.rest(50)
    assert (content, course.first, course.known, course.more) == (epochs(0, 50), 0, 5, False)
    content, course = screen.rest(50)
    assert (content, course.first, course.known) == ("", 50, 50)
    screen.lacks()
    content, again = screen.rest(50)
    assert (content, again.known) == (epochs(0, 50), 0)
    assert again.edition > course.edition


def test_whoever_lacks_a_part_gets_all_that_was_sent(screen):
    for count in (12, 24, 36):
        screen.live(count)
    screen.lacks()
    content, course = screen.live(36)
    assert (content, course.first) == (epochs(0, 36), 0)
    assert screen.live(60)[0] == epochs(36, 36 + MOST_AT_ONCE)


@pytest.mark.parametrize("change", [{"language": "zh"}, {"options": ("arrows",)}])
def test_other_words_or_options_are_another_edition_of_the_same_take(screen, change):
    screen.live(12)
    before = screen.live(20)[1]
    vars(screen).update(change)
    content, course = screen.live(20)
    assert (content, course.first, course.take) == (epochs(0, 20), 0, before.take)
    assert course.edition > before.edition


def test_a_training_begun_anew_is_another_take_and_one_trained_further_goes_on(screen):
    screen.live(10)
    take = screen.rest(10, 10)[1].take
    content, course = screen.live(12)
    assert (content, course.take) == (epochs(10, 12), take)
    screen.bench.takes += 1
    content, course = screen.live(2)
    assert (content, course.first) == (epochs(0, 2), 0)
    assert course.take != take


def test_moments_that_were_left_out_in_the_end_are_not_taken_for_those_sent(screen):
    screen.live(10)
    thinner = moments(20)[::2]
    screen.bench.run = Run(SPEC, DATA, SPEC.metrics, np.zeros((20, 4)), thinner, None, (), 1.0, 1.0)
    screen.reel.draw(Part.of(screen.bench.run), False)
    assert screen.sent[-1][1].known == 0


def test_what_is_shown_in_its_place_is_followed_by_the_whole(screen):
    screen.rest(10)
    screen.reel.leave()
    assert screen.rest(10)[0] == epochs(0, 10)


def test_another_pace_is_asked_about_once_and_what_was_sent_stays(screen, monkeypatch):
    screen.rest(50)
    assert screen.sent[-1][1].asked == ""
    screen.bench.spec = SPEC.changed(learning_rate=0.3)
    content, course = screen.rest(50)
    assert (content, course.known, course.asked) == ("", 50, screen.bench.spec.key())
    begun = []
    monkeypatch.setattr(reel.panel, "go_on", lambda experiment, part: begun.append(part))
    monkeypatch.setattr(reel.session, "value", lambda key: {"turned": {"moment": 20}})
    screen.turns()
    (part,) = begun
    assert [(last, leg.learning_rate) for last, leg in part.spec.in_legs()] == [(20, SPEC.learning_rate), (100, 0.3)]
    assert len(part.checkpoints) == 21
    screen.bench.spec = part.spec
    before = course
    screen.reel.draw(part, True)
    content, course = screen.sent[-1]
    assert (content, course.known, course.edition, course.asked) == ("", 21, before.edition, "")


def test_a_pace_that_changes_behind_the_last_epoch_is_refused(screen, monkeypatch):
    screen.rest(50)
    screen.bench.spec = SPEC.changed(learning_rate=0.3)
    screen.rest(50)
    monkeypatch.setattr(reel.session, "value", lambda key: {"turned": {"moment": 49}})
    screen.bench.run = Run(SPEC, DATA, SPEC.metrics, np.zeros((49, 4)), moments(50), None, (), 1.0, 1.0)
    monkeypatch.setattr(Part, "turned", lambda part, wanted, moment: None)
    screen.turns()
    assert screen.rest(50)[1].asked == ""


def test_a_film_is_without_end_as_long_as_its_training_can_go_on(monkeypatch):
    screen, gone_on = Screen(monkeypatch), []
    monkeypatch.setattr(reel.panel, "keep_going", gone_on.append)
    assert not screen.rest(3)[1].endless
    screen.bench.endless = True
    assert screen.rest(4)[1].endless
    screen.ends()
    assert gone_on == ["points"]
    screen.bench.may_go_on = False
    assert not screen.rest(5)[1].endless
    screen.bench.busy = True
    assert screen.live(6)[1].endless
