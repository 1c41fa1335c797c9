"""What a learner asks of a trained LSTM: a sequence of their own, gates that are held."""

import numpy as np

from ann_core.data.recall import BRACKETS, CUES, DISTRACTORS, TASKS, one_hot
from ann_core.exhibits import OperationExhibit
from ann_core.exhibits.sequences import Hold
from ann_core.lessons.lstm.inside import HELD_AT, HOLDS
from ann_core.specs import RecallSpec

LETTERS = "ABCDEFGH"
OTHERS = "abcdefgh"
FILLED = {"recall": "look.filled.letters", "brackets": "look.filled.blanks"}


def placed(name: str, steps: int) -> OperationExhibit:
    """A preset of operations for sequences of so many steps: what is done in the midst of a long gap is done there in any."""
    preset = OperationExhibit.preset(name)
    if preset.first == preset.last:
        return preset.changed(first=min(preset.first, steps), last=min(preset.last, steps))
    middle, half = steps // 2, max(2, steps // 20)
    return preset.changed(first=max(2, middle - half), last=min(steps - 1, middle + half))


def holds_of(surgery: OperationExhibit, steps: int, units: int) -> tuple[Hold, ...]:
    """All that an operation holds in a network of so many units, over so many steps: by sliders, and over that what was drawn."""
    first, last = sorted(min(end, steps) for end in (surgery.first, surgery.last))
    top, foot = (surgery.unit, surgery.unit) if 1 <= surgery.unit <= units else (1, units)
    at = {gate: getattr(surgery, name) for name, gate in HOLDS.items() if getattr(surgery, name) != "free"}
    by_sliders = [Hold(gate=gate, first=first, last=last, top=top, foot=foot, at=how) for gate, how in at.items()]
    return (*by_sliders, *(hold for hold in surgery.holds if hold.first <= steps and hold.top <= units))


def held_gates(surgery: OperationExhibit, steps: int, units: int) -> dict[str, np.ndarray]:
    """What an operation holds: for each gate (steps, units), NaN where the network computes it itself."""
    held = {}
    for hold in holds_of(surgery, steps, units):
        values = held.setdefault(hold.gate, np.full((steps, units), np.nan, np.float32))
        values[hold.first - 1 : hold.last, hold.top - 1 : hold.foot] = HELD_AT[hold.at]
    return held


def written(spec: RecallSpec, text: str) -> tuple[np.ndarray, list[str]]:
    """A sequence (time, inputs) from what a learner has typed, and its symbols; what is missing is filled up, what is too much is left out.

    Recall: a capital letter is a cue, a small one a distractor. Brackets: ( and ); anything else is a filler. Raises
    `ValueError` with a message id where nothing can be read.
    """
    time = spec.gap + 1
    random = np.random.default_rng(spec.seed)
    if spec.task == "adding":
        return _numbers(text, time, random)
    if spec.task == "brackets":
        symbols = [
            BRACKETS.index(letter) if letter in "()" else BRACKETS.index("·") for letter in text.replace("（", "(").replace("）", ")")
        ]
        symbols = (symbols + [BRACKETS.index("·")] * time)[:time]
        return one_hot(np.array(symbols), len(BRACKETS)), [BRACKETS[symbol] for symbol in symbols]
    known = [LETTERS.index(letter) if letter in LETTERS else CUES + OTHERS.index(letter) for letter in text if letter in LETTERS + OTHERS]
    if not known:
        raise ValueError("write.letters")
    filled = (known + (CUES + random.integers(0, DISTRACTORS, time)).tolist())[:time]
    return one_hot(np.array(filled), CUES + DISTRACTORS), [(LETTERS + OTHERS)[symbol] for symbol in filled]


def became_of(spec: RecallSpec, text: str) -> tuple[str, dict] | None:
    """What a learner has to know of how their text was read, a message and its values; None where it was taken as it is."""
    if spec.task == "adding":
        return "look.rest_by_lot", {"n": spec.gap - 1}
    known = text if spec.task == "brackets" else [letter for letter in text if letter in LETTERS + OTHERS]
    missing = spec.gap + 1 - len(known)
    if missing < 0:
        return "look.cut", {"n": spec.gap + 1}
    return (FILLED[spec.task], {"n": missing}) if missing else None


def _numbers(text: str, time: int, random: np.random.Generator) -> tuple[np.ndarray, list[str]]:
    """Two numbers to be added, the rest drawn by lot."""
    found = []
    for word in text.replace(",", " ").replace("，", " ").split():
        try:
            found.append(float(word))
        except ValueError:
            continue
    numbers = [number for number in found if 0 <= number <= 1]
    if len(numbers) < 2:
        raise ValueError("write.numbers")
    x = np.zeros((time, TASKS["adding"].inputs), np.float32)
    x[:, 0] = random.random(time)
    places = (0, time // 2)
    for place, number in zip(places, numbers[:2], strict=True):
        x[place] = number, 1
    return x, [f"{value:.2g}" if mark else "·" for value, mark in x]
