"""Counts the claims, by lesson."""

from collections import Counter


def pytest_collection_modifyitems(items):
    for item in items:
        for mark in item.iter_markers("claim"):
            item.user_properties.append(("claim", mark.args[0]))


def pytest_terminal_summary(terminalreporter):
    """One line a lesson: how many claims were tested, and how many of them failed."""
    reports = [report for kind in ("passed", "failed") for report in terminalreporter.stats.get(kind, ())]
    tested, failed = Counter(), Counter()
    seen = set()
    for report in reports:
        name = report.nodeid.partition("[")[0]
        for _, lesson in (each for each in report.user_properties if each[0] == "claim"):
            if (name, lesson) not in seen:
                tested[lesson] += 1
            seen.add((name, lesson))
            failed[lesson] += report.failed
    if tested:
        terminalreporter.section(f"{sum(tested.values())} claims")
        for lesson, count in sorted(tested.items()):
            terminalreporter.line(f"{lesson:>16} {count:4}" + (f"   failed: {failed[lesson]}" if failed[lesson] else ""))
