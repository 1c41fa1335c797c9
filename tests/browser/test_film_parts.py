"""A film comes in parts and is played at a human pace: on a bare page, without a server, by a clock of its own."""

import base64

import numpy as np
import pytest

from ann_core.charts import film
from ann_core.charts.film import Course, packed, sourced
from ann_core.ui.figures.film import CONTROLS, HERE, HTML, TABLES, in_edition, script

pytestmark = pytest.mark.browser

WORDS = {name: name for name in (*CONTROLS, *TABLES)}
PREPARE = """() => {
  const draw = Stage.prototype.draw
  Stage.prototype.draw = function () {
    draw.call(this)
    if (this.reel && drawn.at(-1) !== this.moment) drawn.push(this.moment)
  }
}"""
SHOW = """text => {
  const data = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
  shown({ data, parentElement: document.body.firstChild, setTriggerValue: (name) => asked.push(name) })
}"""
MOUNT = """([script, ahead, text]) => {
  const module = (code) => import(URL.createObjectURL(new Blob([code], { type: "text/javascript" })))
  const data = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
  const parentElement = document.body.firstChild
  const filled = () => parentElement.querySelector(".film-caption").textContent
  return module(script)
    .then(({ default: mount }) => mount({ data, parentElement, setTriggerValue: () => {} }))
    .then(() => [filled()])
    .then((before) => module(ahead).then(() => [...before, filled()]))
}"""
STYLE = (HERE / "film.css").read_text(encoding="utf-8")


class Screen:
    """A page with one film on it; time goes by only where a test says so."""

    def __init__(self, page):
        self.page = page
        page.clock.install(time=0)
        page.clock.pause_at(1_000)
        page.add_script_tag(content=script())
        page.add_style_tag(content=STYLE)
        page.evaluate("html => { document.body.innerHTML = `<div>${html}</div>`; drawn = []; asked = [] }", HTML)
        page.evaluate(PREPARE)

    def send(self, *moments, course=None, name="film", play=True, said="", choice="", words=WORDS):
        """A film whose one picture shows the number of the moment."""
        frames = np.reshape(moments, (-1, 1, 1)).astype(np.uint8)
        panel = film.Panel(
            "t", "a", 200, 100, [film.Picture(film.Box(0, 0, 200, 100), frames, "grey", pick="0.0", crisp=True, name="shade")], choice
        )
        content = packed([panel], [f"{said}moment {moment}" for moment in moments], words, name, play)
        self.put(sourced(content, "at {moment}", [f"epoch {moment}" for moment in moments], course))

    def put(self, data):
        self.page.evaluate(SHOW, base64.b64encode(data).decode())

    def part(self, first, end, more=True, expected=40, take=1, edition=0, **options):
        self.send(*range(first, end), course=Course(take, edition, first, first, more, expected), **options)

    def whole(self, end, known=0, take=1, **options):
        self.send(*range(end), course=Course(take, 0, 0, known, False, end), **options)

    def nothing_new(self, end, edition=0):
        self.put(sourced(b"", "", (), Course(1, edition, end, end, True, 40)))

    def wait(self, seconds):
        self.page.clock.run_for(round(1_000 * seconds))

    def press(self, name):
        self.page.locator(f".film-{name}").click()

    @property
    def drawn(self):
        return self.page.evaluate("drawn")

    @property
    def moment(self):
        return self.drawn[-1]

    @property
    def plays(self):
        return self.page.locator(".film-play").inner_text() == "❚❚"

    def caption(self):
        return self.page.locator(".film-caption").inner_text()

    def shade(self):
        """What the picture's middle looks like: in this palette, its value."""
        middle = "canvas => [...canvas.getContext('2d').getImageData(canvas.width >> 1, canvas.height >> 1, 1, 1).data.slice(0, 3)]"
        return self.page.locator("canvas").evaluate(middle)


@pytest.fixture
def screen(context):
    opened = context().new_page()
    yield Screen(opened)
    opened.close()


TAKE_AWAY = "stages.get(document.body.firstChild).end()"


@pytest.fixture
def calm(context):
    opened = context(reduced_motion="reduce").new_page()
    yield Screen(opened)
    opened.close()


def follows(drawn):
    """Whether every moment from the first to the last was drawn, one after the other."""
    return drawn == list(range(drawn[0], drawn[-1] + 1))


def test_parts_are_joined_and_each_moment_shows_its_own(screen):
    screen.part(0, 3)
    screen.part(3, 4)
    screen.part(4, 9, more=False, expected=9)
    assert screen.page.locator(".film-slider").get_attribute("max") == "8"
    for moment in (8, 2, 3, 4, 0):
        screen.page.locator(".film-slider").fill(str(moment))
        assert (screen.caption(), screen.shade()) == (f"moment {moment}", [moment] * 3)
        assert screen.page.locator(".film-source").inner_text().endswith(f"epoch {moment}")


def test_numbers_follow_the_moment_also_while_it_plays(screen):
    screen.part(0, 30)
    screen.page.locator(".film-numbers summary").click()
    for _ in range(5):
        screen.wait(0.4)
        assert screen.page.locator(".film-numbers td").inner_text() == screen.page.evaluate("m => number(m / 255, 2)", screen.moment)
    assert screen.moment > 3


def test_it_plays_from_the_first_moment_waits_where_nothing_has_come_and_goes_on(screen):
    screen.part(0, 5)
    assert (screen.moment, screen.plays) == (0, True)
    screen.wait(30)
    assert (screen.drawn, screen.plays) == ([0, 1, 2, 3, 4], True)
    screen.part(5, 7)
    screen.wait(30)
    assert (screen.drawn, screen.plays) == (list(range(7)), True)
    screen.whole(9, known=7)
    screen.wait(30)
    assert (screen.drawn, screen.plays) == (list(range(9)), False)


def test_a_part_that_comes_again_changes_nothing(screen):
    screen.part(0, 5)
    screen.wait(0.5)
    before = screen.moment
    screen.part(0, 5)
    assert (screen.moment, screen.plays) == (before, True)
    screen.wait(30)
    assert follows(screen.drawn)
    assert screen.moment == 4


def test_the_end_of_a_training_neither_restarts_nor_jumps(screen):
    screen.part(0, 10)
    screen.wait(1)
    before = screen.moment
    screen.whole(40, known=10)
    assert (screen.moment, screen.plays) == (before, True)
    screen.wait(30)
    assert screen.drawn == list(range(40))
    assert not screen.plays


@pytest.mark.parametrize("speed", ["¼×", "½×", "1×", "4×", "fastest"])
@pytest.mark.parametrize("frame", ["quick", "slow"])
def test_no_moment_is_left_out_at_any_speed(screen, speed, frame):
    screen.part(0, 1)
    screen.page.locator(".film-speed").select_option(speed)
    screen.whole(40, known=1)
    go_on = screen.page.clock.run_for if frame == "quick" else screen.page.clock.fast_forward  # which leaps to its end
    for _ in range(200):
        go_on(400)
    assert not screen.plays
    assert screen.drawn == list(range(40))


def seconds_of(screen, moments, speed="1×"):
    screen.whole(moments)
    screen.page.locator(".film-speed").select_option(speed)
    halfway = None
    for tick in range(4_000):
        if not screen.plays:
            return tick / 20, halfway
        if halfway is None and screen.moment >= (moments - 1) / 2:
            halfway = tick / 20
        screen.wait(0.05)
    raise AssertionError("it never ends")


@pytest.mark.parametrize("moments", [20, 40, 60])
def test_a_training_takes_six_to_ten_seconds_and_its_beginning_more_than_half_of_them(screen, moments):
    seconds, halfway = seconds_of(screen, moments)
    assert 6 < seconds < 10
    assert halfway > 0.55 * seconds


def test_a_short_film_is_not_drawn_out_and_speeds_are_what_they_say(screen):
    seconds, _ = seconds_of(screen, 5)
    assert seconds == pytest.approx(2, abs=0.3)
    screen.press("play")
    screen.page.locator(".film-speed").select_option("¼×")
    screen.wait(6)
    assert screen.plays
    screen.wait(3)
    assert not screen.plays


def test_the_controls_lead_through_the_moments(screen):
    screen.part(0, 10)
    screen.wait(0.3)
    screen.press("play")
    held = screen.moment
    screen.part(10, 20)
    screen.wait(5)
    assert (screen.moment, screen.plays) == (held, False)
    screen.press("on")
    screen.press("on")
    assert screen.moment == held + 2
    screen.press("back")
    assert screen.moment == held + 1
    screen.press("start")
    screen.press("back")
    assert screen.moment == 0
    screen.press("end")
    assert (screen.moment, screen.plays) == (19, False)
    screen.press("on")
    assert screen.moment == 19
    screen.press("play")
    screen.part(20, 24)
    screen.wait(10)
    assert (screen.moment, screen.plays) == (23, True)
    screen.whole(24, known=24)
    assert not screen.plays
    screen.press("play")
    assert (screen.moment, screen.plays) == (0, True)
    screen.press("end")
    assert (screen.moment, screen.plays) == (23, False)


def test_to_the_end_leads_to_the_latest_and_stays_with_it(screen):
    screen.part(0, 10)
    screen.press("end")
    assert (screen.moment, screen.plays) == (9, True)
    screen.part(10, 12)
    screen.wait(5)
    assert (screen.moment, screen.plays) == (11, True)


def test_nobody_is_led_beyond_what_has_come(screen):
    screen.part(0, 5, expected=40)
    slider = screen.page.locator(".film-slider")
    assert slider.get_attribute("max") == "39"
    slider.fill("30")
    assert (screen.moment, slider.input_value(), screen.caption()) == (4, "4", "moment 4")


def test_what_is_missing_is_asked_for_and_the_whole_takes_its_place(screen):
    screen.part(0, 4)
    screen.wait(0.5)
    before = screen.moment
    screen.part(6, 8)
    assert screen.page.evaluate("asked") == ["lacking"]
    assert screen.moment == before
    screen.part(0, 8, edition=1)
    screen.wait(30)
    screen.part(8, 9, edition=1)
    screen.wait(30)
    assert screen.drawn == list(range(9))


def test_where_nothing_has_come_since_the_film_goes_on_unless_it_is_not_there(screen):
    screen.nothing_new(4)
    assert screen.page.evaluate("asked") == ["lacking"]
    screen.part(0, 4)
    screen.wait(0.5)
    before = screen.moment
    screen.nothing_new(4)
    assert (screen.moment, screen.plays, len(screen.page.evaluate("asked"))) == (before, True, 1)
    screen.wait(30)
    assert screen.drawn == list(range(4))
    screen.nothing_new(5)
    screen.nothing_new(4, edition=1)
    assert len(screen.page.evaluate("asked")) == 3


def test_a_page_without_the_beginning_asks_for_it(screen):
    screen.part(6, 8)
    assert (screen.page.evaluate("asked"), screen.drawn) == (["lacking"], [])
    screen.part(0, 8)
    screen.wait(30)
    assert screen.drawn == list(range(8))


def test_another_language_changes_the_words_and_keeps_the_moment(screen):
    screen.part(0, 10)
    screen.wait(1)
    screen.press("play")
    held = screen.moment
    screen.part(0, 10, said="auf Deutsch: ", edition=1)
    assert (screen.moment, screen.caption()) == (held, f"auf Deutsch: moment {held}")


def test_fewer_moments_in_the_end_keep_the_one_that_is_shown(screen):
    screen.part(0, 20)
    screen.press("play")
    screen.page.locator(".film-slider").fill("14")
    screen.send(*range(0, 20, 2), course=Course(1, 1, 0, 0, False, 10))
    assert (screen.moment, screen.caption(), screen.plays) == (7, "moment 14", False)


def test_training_further_plays_on_and_training_anew_begins_again(screen):
    screen.whole(5)
    screen.wait(30)
    screen.part(5, 7, expected=9)
    screen.wait(30)
    screen.whole(9, known=7)
    screen.wait(30)
    assert (screen.drawn, screen.plays) == (list(range(9)), False)
    screen.whole(9, take=2)
    assert (screen.moment, screen.plays) == (0, True)


def test_who_wants_calm_sees_the_end_and_has_the_scrubber(calm):
    calm.part(0, 5)
    calm.part(5, 8)
    assert (calm.moment, calm.plays) == (7, False)
    calm.page.locator(".film-slider").fill("3")
    calm.part(8, 9)
    assert calm.moment == 3
    calm.press("end")
    calm.whole(12, known=9)
    assert (calm.moment, calm.plays) == (11, False)


def test_the_controls_keep_their_place_and_have_names(screen):
    def places():
        return screen.page.locator(".film-bar, .film-bar button, .film-slider, .film-speed, canvas").evaluate_all(
            "all => all.map(each => { const { x, y, width } = each.getBoundingClientRect(); return [x, y, width] })"
        )

    screen.send(0, course=Course(), name="preview", play=False)
    before = places()
    screen.part(0, 1)
    assert places() == before
    screen.part(1, 5)
    screen.wait(1)
    assert places() == before
    for name in ("start", "back", "play", "on", "end", "slider", "speed"):
        control = screen.page.locator(f".film-{name}")
        assert control.get_attribute("aria-label") == control.get_attribute("title") != ""
        control.focus()
        assert screen.page.evaluate("document.activeElement.className") == f"film-{name}"


def test_a_single_picture_that_is_of_no_training_has_no_controls(screen):
    screen.send(3, play=False)
    assert not screen.page.locator(".film-bar").is_visible()


def inside(screen):
    """A film that is looked into by a click, and what the server sends for that."""
    screen.send(0, 1, 2, play=False)
    screen.page.locator("canvas").click()
    screen.send(4, 5, 6, play=False, said="unit, ", words=WORDS | {"do.out": "out"})
    assert screen.caption() == "unit, moment 6"


def test_the_way_out_of_what_was_looked_into_waits_for_no_server(screen):
    inside(screen)
    screen.press("deeds button")
    assert (screen.caption(), screen.shade()) == ("moment 2", [2] * 3)
    screen.send(0, 1, 2, play=False)
    assert screen.caption() == "moment 2"


def test_what_is_outside_is_not_shown_where_it_may_be_otherwise_by_now(screen):
    inside(screen)
    screen.send(7, 8, 9, play=False, said="other unit, ", words=WORDS | {"do.out": "out"})  # nobody has picked it
    screen.press("deeds button")
    assert screen.caption() == "other unit, moment 9", "the server is waited for"
    inside(screen)
    screen.page.evaluate("() => stages.get(document.body.firstChild).say({ turned: [1, 2, 3], moment: 0 })")
    screen.press("deeds button")
    assert screen.caption() == "unit, moment 6"


def test_a_film_is_drawn_as_soon_as_what_draws_it_has_come(context):
    """Also where it comes first; a page that has the script of another edition waits for its own."""
    page = context().new_page()
    page.goto("about:blank")
    page.evaluate("html => { document.body.innerHTML = `<div>${html}</div>` }", HTML)
    frames = np.zeros((1, 1, 1), np.uint8)
    panel = film.Panel("t", "a", 200, 100, [film.Picture(film.Box(0, 0, 200, 100), frames)])
    text = base64.b64encode(sourced(packed([panel], ["it is drawn"], WORDS, "film", False), "", ())).decode()
    mount, ahead = in_edition("", "mount.js"), in_edition(script(), "ahead.js")
    other = ahead.replace('const EDITION = "', 'const EDITION = "other')
    assert page.evaluate(MOUNT, [mount, other, text]) == ["", ""]
    assert page.evaluate(MOUNT, [mount, ahead, text]) == ["", "it is drawn"]
    assert page.evaluate(MOUNT, [mount, "", text]) == ["it is drawn", "it is drawn"]
    page.close()


def test_a_place_that_was_taken_away_and_given_back_answers_for_its_new_film(screen):
    """Pictures of the film before would still answer for that one, and draw it."""
    screen.send(7, name="first")
    screen.page.evaluate(TAKE_AWAY)
    screen.send(200, name="second", choice="chosen")
    screen.page.evaluate(TAKE_AWAY)
    screen.send(90, name="third", choice="other")
    shade = screen.shade()
    screen.page.mouse.move(5, 5)
    screen.page.locator("canvas").hover()
    assert screen.shade() == shade
    assert screen.page.locator(".film-choice option").all_inner_texts() == ["other"]
