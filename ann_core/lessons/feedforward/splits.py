"""Who has written the test: digits held out by whole sheets, or one by one, and what the second pretends."""

import numpy as np
import streamlit as st

from ann_core.charts import classes, pixels
from ann_core.charts.palette import VALIDATION
from ann_core.data.images import DIGITS_SHEETS, DIGITS_SIDE, DIGITS_WHITE, SHEETS_HELD_OUT, SIDE, sheets, small_digits
from ann_core.maths.measures.shares import Interval, certain, difference, share
from ann_core.probing import splits
from ann_core.probing.splits import KINDS, Trained
from ann_core.specs import FeedForwardSpec
from ann_core.training.records import Run
from ann_core.ui import session, turns
from ann_core.ui.figures.figure import Source, figure, picture
from ann_core.ui.language import labels, printed, sentences, tr
from ann_core.ui.page import frame
from ann_core.ui.workbench import measure

COLUMNS, PAIRS = 14, 12
WHITE_INK = (255, 255, 255)
TEST_INK = tuple(bytes.fromhex(VALIDATION.removeprefix("#")))


def draw() -> None:
    frame.heading("feedforward", "splits")
    turns.fragment(_picture)()
    run = session.bench("feedforward").run
    measure.fragment("splits", _compared, asked(FeedForwardSpec() if run is None else run.spec))


def _picture() -> None:
    """The digits of a class, sheet by sheet, those that test in another ink; and what is most like each of them."""
    described = {"format_func": labels("splits.kind", KINDS), "default": KINDS[0], "key": "splits_kind", "required": True}
    kind = st.segmented_control(tr("splits.kind"), KINDS, **described)
    digit = st.select_slider(tr("splits.digit"), range(10), value=4, key="splits_digit")
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown(f"**{tr('splits.sheets', n=len(DIGITS_SHEETS))}**")
        picture(pixels.enlarged(by_sheet(kind, digit), 3), Source.exact("source.digits_file"), tr("splits.sheets.alt"), "content")
        st.caption(tr("splits.ink"))
    with right:
        frame.text("feedforward", "splits")
        st.markdown(f"**{tr('splits.pairs')}**")
        picture(pixels.enlarged(pairs(kind, digit), 4), Source.exact("source.digits_file"), tr("splits.pairs.alt"), "content")
        st.markdown(said_of_neighbours(kind))


def by_sheet(kind: str, digit: int) -> np.ndarray:
    """The digits of a class as a sheet of pixels, uint8 (h, w, 3): a row for each sheet of paper, grey to train on, coloured to test."""
    images, labels_, of = *small_digits(), sheets()
    test = np.zeros(len(of), bool)
    test[splits.split(kind).test] = True
    tiles = np.full((len(DIGITS_SHEETS), COLUMNS, DIGITS_SIDE, DIGITS_SIDE, 3), pixels.GAP_GREY, np.uint8)
    for sheet, row in enumerate(tiles):
        for place, here in enumerate(np.flatnonzero((of == sheet) & (labels_ == digit))[:COLUMNS]):
            row[place] = _inked(images[here], TEST_INK if test[here] else WHITE_INK)
    return pixels.mosaic(tiles.reshape(-1, *tiles.shape[2:]), COLUMNS)


def pairs(kind: str, digit: int) -> np.ndarray:
    """Test digits of a class, and beneath each the training digit most like it, as a sheet of pixels, uint8 (h, w, 3)."""
    images, labels_ = small_digits()
    test, near = splits.split(kind).test, splits.neighbours(kind).nearest
    shown = np.flatnonzero(labels_[test] == digit)[:PAIRS]
    above = [_inked(images[row], TEST_INK) for row in test[shown]]
    below = [_inked(images[row], WHITE_INK) for row in near[shown]]
    return pixels.mosaic(np.stack(above + below), len(shown))


def _inked(image: np.ndarray, ink: tuple[int, ...]) -> np.ndarray:
    """A small digit, (64,) of 0 … 16, in an ink on black: uint8 (8, 8, 3)."""
    return np.rint(image.reshape(DIGITS_SIDE, DIGITS_SIDE, 1) / DIGITS_WHITE * np.array(ink)).astype(np.uint8)


def of_neighbours(kind: str) -> Interval:
    """The accuracy of the nearest digit with a split."""
    right = splits.neighbours(kind).right
    return share(int(right.sum()), len(right))


def said_of_neighbours(kind: str) -> str:
    """How good the nearest digit is, and how often it comes from the same sheet."""
    found, n = of_neighbours(kind), len(splits.neighbours(kind).right)
    values = {"share": f"{found.value:.1%}", "low": f"{found.low:.1%}", "high": f"{found.high:.1%}", "of": n}
    return sentences(tr("splits.neighbour", **values), tr(f"splits.neighbour.{kind}", same=f"{splits.same_sheet(kind):.0%}"))


def asked(spec: FeedForwardSpec) -> FeedForwardSpec:
    """The network of a spec, on the small digits with their true labels."""
    return spec.changed(dataset="digits", shuffled_labels=False)


def _compared(spec: FeedForwardSpec, live: bool) -> None:
    """The errors with both splits: of the nearest digit at once, of a network when it has been trained."""
    found: Trained | None = measure.measured("splits", spec.key(), splits.trained, lambda: (spec,), live)
    sizes = " → ".join(map(str, (SIDE * SIDE, *spec.hidden_units, spec.classes)))
    accuracies = {tr("splits.who.neighbour"): {kind: of_neighbours(kind) for kind in KINDS}}
    if found is not None:
        accuracies[tr("splits.who.network", sizes=sizes)] = {kind: of_run(run) for kind, run in zip(KINDS, found, strict=True)}
    _chart(accuracies, Source.exact("source.digits_file") if found is None else Source.runs(found))
    for who, reached in accuracies.items():
        st.markdown(tr("splits.told", who=who, said=said_of_both(reached["sheets"], reached["mixed"])))
    st.markdown(said_of_ways())


def of_run(run: Run) -> Interval:
    """The accuracy of a run on what was held out."""
    return share(round(run.value("val_accuracy") * run.data.testing), run.data.testing)


def said_of_both(by_sheets: Interval, mixed: Interval) -> str:
    """What the mixed split pretends: decided by the interval of the difference."""
    apart, verdict = difference(mixed, by_sheets), "chance"
    if certain(apart):
        verdict = "pretends" if apart.value > 0 else "opposite"
    if verdict == "opposite":
        apart = difference(by_sheets, mixed)
    points, low, high = (printed(f"{100 * end:.1f}") for end in apart)
    return tr(f"splits.{verdict}", sheets=f"{1 - by_sheets.value:.1%}", mixed=f"{1 - mixed.value:.1%}", points=points, low=low, high=high)


def said_of_ways() -> str:
    """How much the choice of sheets itself decides."""
    found = splits.ways()
    values = {"ways": len(found["sheets"]), "held_out": SHEETS_HELD_OUT, "all": len(DIGITS_SHEETS), "shuffles": len(found["mixed"])}
    for kind, reached in found.items():
        values |= {f"{kind}_{name}": f"{of(reached):.1%}" for name, of in (("low", np.min), ("middle", np.median), ("high", np.max))}
    return tr("splits.ways", **values)


def _chart(accuracies: dict[str, dict[str, Interval]], source: Source) -> None:
    kinds = tr("splits.short.mixed"), tr("splits.short.sheets")
    bars = [
        (f"{who} · {tr(f'splits.short.{kind}')}", kind, 1 - found.value) for who, both in accuracies.items() for kind, found in both.items()
    ]
    names, of, errors = zip(*bars, strict=True)
    rows = classes.class_rows(names, errors, np.array(of) == "mixed", kinds)
    most = max(0.05, float(np.ceil(20 * max(errors)) / 20))
    figure(classes.class_bars(tr("splits.errors"), names, *kinds, most), rows, source, tr("splits.errors.alt"), "splits_errors")
