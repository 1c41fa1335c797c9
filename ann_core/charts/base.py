"""What all chart builders share: a spec is made and validated once, without data."""

from typing import Any

import altair as alt

ROWS = alt.Data(name="rows")


def ready(chart: alt.TopLevelMixin, height: int | None = None) -> dict[str, Any]:
    """A chart built on `ROWS` as a validated Vega-Lite spec, to be sent with data later."""
    spec = (chart if height is None else chart.properties(height=height)).to_dict()
    for unneeded in ("data", "datasets", "config", "$schema"):
        spec.pop(unneeded, None)
    return spec
