"""What can be broken in each experiment.

To add something, add a record to the table of its experiment, and its words to the catalogues: `guess.<name>` (what it is
called), `.question`, and `.because.<answer>` for each of its answers.
"""

from ann_core.coaching.interventions.intervention import Intervention
from ann_core.experiments import EXPERIMENTS


def interventions(experiment: str) -> dict[str, Intervention]:
    """What can be broken in an experiment, by name."""
    table = EXPERIMENTS[experiment].interventions
    return {record.name: record for record in table.found} if table else {}


INTERVENTIONS = tuple(record for name in EXPERIMENTS for record in interventions(name).values())
"""All that can be broken."""
