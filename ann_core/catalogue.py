"""The lessons and the networks they are about, once."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Lesson:
    """One page. Its title, summary and prose are found in the catalogues under its key."""

    key: str
    icon: str
    section: str
    experiments: tuple[str, ...] = ()

    @property
    def page(self) -> str:
        return f"pages/{self.key}.py"


LESSONS = (
    Lesson("home", ":material/home:", "start"),
    Lesson("feedforward", ":material/conveyor_belt:", "networks", ("points", "feedforward")),
)

NETWORKS = {
    "feedforward": ":material/conveyor_belt:",
    "convolutional": ":material/grid_view:",
    "recurrent": ":material/replay:",
    "lstm": ":material/door_sliding:",
    "attention": ":material/hub:",
    "gan": ":material/swords:",
}
"""The six networks in teaching order: key and icon. Those without a lesson are still to come."""


def lesson(key: str) -> Lesson:
    """The lesson with this key; `KeyError` where there is none."""
    return {entry.key: entry for entry in LESSONS}[key]
