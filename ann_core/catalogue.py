"""The lessons and the networks they are about, once."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Lesson:
    """One page. Its title, summary and prose are found in the catalogues under its key."""

    key: str
    icon: str
    section: str
    experiments: tuple[str, ...] = ()
    exhibits: tuple[str, ...] = ()

    @property
    def settings(self) -> tuple[str, ...]:
        """All that a learner can set on the page, trained or computed on the spot."""
        return (*self.exhibits, *self.experiments)

    @property
    def page(self) -> str:
        """Its script; in a folder called `pages`, Streamlit would show the files' names until our navigation has come."""
        return f"screens/{self.key}.py"


LESSONS = (
    Lesson("home", ":material/home:", "start"),
    Lesson("neuron", ":material/radio_button_checked:", "foundations", exhibits=("neuron", "activation", "layers", "depth")),
    Lesson("learning", ":material/trending_down:", "foundations", exhibits=("losses", "descent", "worksheet", "batches")),
    Lesson("feedforward", ":material/conveyor_belt:", "networks", ("points", "feedforward")),
    Lesson("convolutional", ":material/grid_view:", "networks", ("convolutional",), ("sharing", "convolution", "distortion")),
    Lesson("recurrent", ":material/replay:", "networks", ("recurrent",), ("cell", "reach")),
    Lesson("lstm", ":material/door_sliding:", "networks", ("recall",), ("gates", "race", "horizon", "operation")),
    Lesson("attention", ":material/hub:", "networks", ("attention",), ("attend", "waves", "knock")),
    Lesson("gan", ":material/swords:", "networks", ("gan", "gan_digits"), ("stage", "step", "walk")),
)

NETWORKS = {
    "feedforward": ":material/conveyor_belt:",
    "convolutional": ":material/grid_view:",
    "recurrent": ":material/replay:",
    "lstm": ":material/door_sliding:",
    "attention": ":material/hub:",
    "gan": ":material/swords:",
}
"""The six networks in teaching order: key and icon."""


@dataclass(frozen=True)
class Block:
    """One of the ten building blocks: where the learner does it by hand."""

    key: str
    lesson: str
    section: str


BLOCKS = (
    Block("neuron", "neuron", "one"),
    Block("layer", "neuron", "layers"),
    Block("weight", "neuron", "layers"),
    Block("forward", "neuron", "layers"),
    Block("activation", "neuron", "activations"),
    Block("deep", "neuron", "depth"),
    Block("loss", "learning", "losses"),
    Block("training", "learning", "batches"),
    Block("backpropagation", "learning", "worksheet"),
    Block("applications", "home", "applications"),
)
"""What a network is made of and made by, in reading order; each has a section with an interactive figure."""


def lesson(key: str) -> Lesson:
    """The lesson with this key; `KeyError` where there is none."""
    return {entry.key: entry for entry in LESSONS}[key]
