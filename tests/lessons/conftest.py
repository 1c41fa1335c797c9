"""What tests of lessons share."""

import pytest


@pytest.fixture
def in_english(monkeypatch):
    monkeypatch.setattr("ann_core.ui.language.current", lambda: "en")
