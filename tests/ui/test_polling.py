"""How often a page looks after a training: soon where its turn is near, seldom where many go before."""

from types import SimpleNamespace

import pytest

from ann_core.ui import trainings


@pytest.fixture
def look(monkeypatch):
    def after(before=0, started=False, watchers=1, awake=True):
        monkeypatch.setattr(trainings, "engine", lambda: SimpleNamespace(awake=awake, position=lambda job: before))
        return trainings.poll_seconds(SimpleNamespace(started=started, watchers=set(range(watchers))))

    return after


def test_the_nearer_its_turn_the_sooner_one_looks(look):
    looks = [look(before) for before in range(60)]
    assert looks == sorted(looks)
    assert look(started=True) == look(0) < look(trainings.SOON) < look(trainings.SOON + 1)


def test_what_many_watch_or_is_only_waking_is_looked_after_less_often(look):
    assert look(started=True, watchers=trainings.MANY_WATCHERS) > look(started=True)
    assert look(awake=False) > look()
