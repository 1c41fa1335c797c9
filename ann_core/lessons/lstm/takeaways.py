"""What remains: three sentences, and the figures that they rest on, cell by cell and gap by gap."""

from collections.abc import Mapping

import streamlit as st

from ann_core.charts import functions
from ann_core.lessons.lstm.racers import names_of
from ann_core.probing import recall_study
from ann_core.probing.recall_study import FOUND, RACERS, Part
from ann_core.ui.figures.figure import Source, figure
from ann_core.ui.language import labels, tr
from ann_core.ui.page import frame


def draw() -> None:
    frame.section("lstm", "takeaways")
    names = names_of(RACERS)
    parts = {name: _short(recall_study.parts_of("recall", name)) for name in names}
    called = labels("choice", names)
    st.markdown("\n".join(f"- {sentence}" for sentence in (*map(by_gap, names, parts.values()), *longer(), adding())))
    lines = {called(name): ([part.spec.gap for part in parts[name]], [_found(part) for part in parts[name]]) for name in names}
    longest = max(part.spec.gap for each in parts.values() for part in each)
    chart = functions.functions(tr("field.gap"), tr("study.share"), tuple(lines), (0, longest * 1.02), (0, 1.02), whole=True)
    figure(chart, functions.function_rows(lines, lines), _source(parts), tr("study.alt"), "lstm_study")


def _short(parts: tuple[Part, ...]) -> list[Part]:
    """Of the parts at each gap the one with the fewest epochs."""
    return list({part.spec.gap: part for part in reversed(parts)}.values())[::-1]


def _found(part: Part) -> float:
    share = recall_study.share_of(part)
    return share.found / share.seeds


def by_gap(name: str, parts: list[Part]) -> str:
    """In how many seeds a cell found its task, gap by gap."""
    shares = [recall_study.share_of(part) for part in parts]
    told = tr("list.comma").join(tr("study.gap", gap=part.spec.gap, found=each.found) for part, each in zip(parts, shares, strict=True))
    return tr("study.recall", name=tr(f"choice.{name}"), seeds=shares[0].seeds, epochs=shares[0].epochs, gaps=told)


def longer() -> list[str]:
    """What became of those that were trained for longer."""
    told = []
    for name in names_of(RACERS):
        for part in recall_study.parts_of("recall", name):
            if part not in _short(recall_study.parts_of("recall", name)):
                found = sorted(recall_study.first_found(part.courses.values()))
                values = {"name": tr(f"choice.{name}"), "gap": part.spec.gap, "epochs": part.spec.epochs, "seeds": len(part.courses)}
                when = tr("list.comma").join(map(str, found))
                told.append(tr("study.longer", n=len(found), when=when, **values) if found else tr("study.longer_none", **values))
    return told


def adding() -> str:
    """What the cells reach where two numbers are added."""
    parts = {name: recall_study.parts_of("adding", name)[0] for name in names_of(RACERS)}
    first = next(iter(parts.values()))
    reached = tr("list.comma").join(tr("study.reached", name=tr(f"choice.{name}"), share=_span(part)) for name, part in parts.items())
    return tr("study.adding", gap=first.spec.gap, epochs=first.spec.epochs, seeds=len(first.courses), reached=reached)


def _span(part: Part) -> str:
    """The least and the most that its seeds reached."""
    reached = part.after(part.spec.epochs)
    return f"{reached.min():.1%} – {reached.max():.1%}"


def _source(parts: Mapping[str, list[Part]]) -> Source:
    part = next(iter(parts.values()))[0]
    seeds = sorted(part.courses)
    values = {"n": part.spec.examples, "units": part.spec.units, "epochs": part.spec.epochs, "share": f"{FOUND:.0%}"}
    return Source("kept", tr("source.study", first=seeds[0], last=seeds[-1], **values))
