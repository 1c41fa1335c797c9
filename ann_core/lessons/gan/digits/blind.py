"""Real or forged: a blind test, for the learner and for the trained discriminator."""

from dataclasses import dataclass, field

import numpy as np
import streamlit as st

from ann_core.charts.film import packed
from ann_core.charts.networks.convolution import Titles
from ann_core.charts.pixels import numbered_panel
from ann_core.lessons.gan.digits import sheet
from ann_core.lessons.gan.digits.train import EXPERIMENT, played
from ann_core.probing.gan_digits import OF_EACH, Trial, suspicion, trial
from ann_core.training.records import Run
from ann_core.ui import session, turns
from ann_core.ui.figures.figure import Source
from ann_core.ui.figures.film import film, words
from ann_core.ui.figures.missing import not_yet
from ann_core.ui.language import current, digits, sentences, tr
from ann_core.ui.page import frame

FILM_KEY = "blind_film"
COUNT, COLUMNS = 2 * OF_EACH, 5
NUMBERS = range(1, COUNT + 1)
DEEDS = "mark", "clear"


@dataclass
class Round:
    """A learner's round against the discriminator of a run: which tiles are marked as forged, and whether they are checked.

    `scores` are how many both have got right in each round so far, the learner's first.
    """

    number: int = 1
    marked: set[int] = field(default_factory=set)
    checked: bool = False
    scores: list[tuple[int, int]] = field(default_factory=list)


def draw() -> None:
    frame.section("gan", "blind")
    run = played()
    if run is None:
        not_yet("judge.play_first", session.bench(EXPERIMENT).run)
        return
    turns.fragment(_test)(run)


def _test(run: Run) -> None:
    at_hand: Round = session.kept(f"_blind_{run.key}", Round)
    drawn = trial(run, at_hand.number)
    film(film_of(run, at_hand, drawn), Source.run(run), FILM_KEY, lambda: _picked(at_hand))
    if at_hand.checked:
        st.markdown(told(run, at_hand, drawn))
        st.button(tr("blind.again"), key="blind_again", icon=":material/casino:", on_click=_again, args=(at_hand,))
    else:
        with st.container(horizontal=True, vertical_alignment="center", key="blind_marked"):
            st.button(tr("blind.check"), key="blind_check", type="primary", on_click=_check, args=(run, at_hand, drawn))
            st.markdown(tr("blind.marked", n=len(at_hand.marked), of=COUNT))


def _picked(at_hand: Round) -> None:
    """A tile was picked: it is marked as forged, or no longer."""
    found = sheet.picked(session.value(FILM_KEY)["picked"], DEEDS, COUNT)
    if found and not at_hand.checked:
        deed, number = found
        at_hand.marked = at_hand.marked | {number} if deed == DEEDS[0] else at_hand.marked - {number}


def _check(run: Run, at_hand: Round, drawn: Trial) -> None:
    at_hand.checked = True
    at_hand.scores.append(tuple(COUNT - len(wrong) for wrong in (mistaken(at_hand, drawn), mistaken_by(run, drawn))))


def _again(at_hand: Round) -> None:
    at_hand.number, at_hand.checked = at_hand.number + 1, False
    at_hand.marked.clear()


def mistaken(at_hand: Round, drawn: Trial) -> list[int]:
    """The numbers of the tiles that the learner is wrong about."""
    return [number for number, real in enumerate(drawn.real, 1) if real == (number in at_hand.marked)]


def mistaken_by(run: Run, drawn: Trial) -> list[int]:
    """The numbers of those that the trained discriminator is wrong about."""
    return [int(place) + 1 for place in np.flatnonzero(suspicion(run, drawn.pictures).real != drawn.real)]


def film_of(run: Run, at_hand: Round, drawn: Trial) -> bytes:
    """Two halves of a sheet: what the learner has marked; once that is checked, what the tiles are, those framed about which it was wrong.

    Its numbers are not told: a real digit has but seventeen shades.
    """
    picks: list[str] = []
    if at_hand.checked:
        said = {number: tr(f"blind.{'real' if real else 'forged'}") for number, real in enumerate(drawn.real, 1)}
        chosen = mistaken(at_hand, drawn)
    else:
        chosen = at_hand.marked
        said = dict.fromkeys(sorted(chosen), tr("blind.forged"))
        picks = [f"{DEEDS[number in chosen]} {number}" for number in NUMBERS]
    titles = Titles(tr("blind.answers" if at_hand.checked else "blind.title"), tr("blind.alt", n=COUNT))
    halves = [slice(0, OF_EACH), slice(OF_EACH, COUNT)]
    shown = [
        numbered_panel(each, drawn.pictures[None, half], COLUMNS, picks[half], chosen, said, told=False, first=half.start + 1)
        for each, half in zip((titles, titles._replace(title=" ")), halves, strict=True)
    ]
    return packed(shown, [""], words(), f"{run.key} {at_hand.number} {current()}", play=False)


def told(run: Run, at_hand: Round, drawn: Trial) -> str:
    """Both scores, what chance would have got, what the discriminator was wrong about, and how it decides."""
    mine, its = at_hand.scores[-1]
    wrong, threshold = mistaken_by(run, drawn), suspicion(run, drawn.pictures).threshold
    about = tr("blind.wrong", tiles=tr("list.comma").join(map(str, wrong))) if wrong else tr("blind.wrong.none")
    how = tr("blind.critic", threshold=digits(threshold)) if run.spec.loss == "wasserstein" else tr("blind.belief")
    parts = [tr("blind.score", mine=mine, its=its, of=COUNT, chance=COUNT // 2), sentences(about, how), tr("blind.few", of=COUNT)]
    if len(at_hand.scores) > 1:
        sums = np.sum(at_hand.scores, axis=0)
        of = COUNT * len(at_hand.scores)
        parts.append(tr("blind.rounds", n=len(at_hand.scores), mine=int(sums[0]), its=int(sums[1]), of=of))
    return "\n\n".join(parts)
