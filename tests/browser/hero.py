"""The large picture of a lesson as browser tests handle it: where on it something is, what it says, what it offers."""

import re
from dataclasses import dataclass

from playwright.sync_api import expect


@dataclass(frozen=True)
class Hero:
    """The picture of an experiment."""

    experiment: str

    def film(self, page):
        return page.locator(f".st-key-{self.experiment}_film")

    def place(self, page, number, share):
        """A place on the page: a share, across and down, of one of the picture's panels."""
        box = self.film(page).locator(".film-panels canvas").nth(number).bounding_box()
        return box["x"] + share[0] * box["width"], box["y"] + share[1] * box["height"]

    def says(self, page, words):
        expect(self.film(page).locator(".film-caption")).to_contain_text(re.compile(words))

    def does(self, page, words):
        self.film(page).locator(".film-deeds button", has_text=words).click()
