"""The picture of one neuron: its answers over both inputs with its line, which can be taken hold of, and the neuron as a drawing."""

from dataclasses import replace

import numpy as np

from ann_core.charts.film import Box, Dots, Lines, Neuron, Panel, Picture, Words, framed, packed, signed_values
from ann_core.charts.networks import plane as panels
from ann_core.charts.networks.plane import Cloud, Column, Scale
from ann_core.charts.palette import CHOSEN
from ann_core.exhibits import NeuronExhibit
from ann_core.maths.learning.activations import ACTIVATIONS
from ann_core.maths.networks import gates
from ann_core.maths.networks.dense import Layer, forward
from ann_core.maths.networks.plane import grid
from ann_core.spec import bounds
from ann_core.ui.figures.film import words
from ann_core.ui.language import tr

REACH = 2.0
CELLS, FINE_CELLS = 24, 80
CROSS = np.array([(-0.09, 0), (0.09, 0), (0, 0), (0, 0.09), (0, -0.09)])
CORNER = 6.0  # radius of a dot
HALVED = ("sigmoid", "step")
"""Activations whose answers are from 0 to 1: their middle is a half."""
ROOM = 22.0
"""Beneath the plane, for the sum with its numbers."""
ANSWERS, HERE = "a", "z, a"
REACH_OF_SUMS, HIGHEST = 8.0, 4.0
MARGIN, GAP, CURVE = 34.0, 34.0, 110.0


def layer_of(spec: NeuronExhibit) -> Layer:
    """The neuron as a layer of its own."""
    return Layer(np.array([[spec.weight_1], [spec.weight_2]]), np.array([spec.bias_value]), spec.function)


def film_of(spec: NeuronExhibit) -> bytes:
    """The neuron's answers over both inputs, and the neuron as a drawing with its maps."""
    neuron = layer_of(spec)
    output = _output(spec, neuron)
    network = panels.network_panel(tr("one.network"), tr("one.network.alt"), [_inputs(), output])
    return packed([_surface(spec, neuron, output.heading), _with_curve(network, spec)], [""], words(), "neuron", play=False)


def computed(spec: NeuronExhibit) -> tuple[float, float]:
    """The weighted sum and the answer for the learner's inputs."""
    step = forward([layer_of(spec)], np.array([[spec.x1, spec.x2]]))[0]
    return float(step.sums[0, 0]), float(step.outputs[0, 0])


def meaning(function: str, answers: np.ndarray) -> tuple[float, float]:
    """The answer that is white, a half of those from 0 to 1, else zero; and how far from it colours are full."""
    return (0.5, 0.5) if function in HALVED else (0.0, max(float(np.abs(answers).max()), 1e-9))


def _inputs() -> Column:
    outside = signed_values(grid(CELLS, REACH).T.reshape(1, 2, CELLS, CELLS), REACH)
    return Column(tr("layer.input"), outside, names=["x₁", "x₂"], greatest=np.full(2, REACH))


def _output(spec: NeuronExhibit, neuron: Layer) -> Column:
    answers = forward([neuron], grid(CELLS, REACH))[0].outputs.reshape(1, 1, CELLS, CELLS)
    middle, greatest = meaning(spec.function, answers)
    maps, full = signed_values(answers - middle, greatest), np.array([greatest])
    return Column(tr(f"choice.{spec.function}"), maps, neuron.kernel[None], neuron.bias[None], middle=middle, greatest=full)


def _surface(spec: NeuronExhibit, neuron: Layer, heading: str) -> Panel:
    answers = forward([neuron], grid(FINE_CELLS, REACH))[0].outputs.reshape(1, FINE_CELLS, FINE_CELLS)
    middle, greatest = meaning(spec.function, answers)
    fine = signed_values(answers - middle, greatest)
    corners = Cloud(gates.CORNERS, signed_values(2.0 * np.array(gates.GATES[spec.gate]) - 1, 1.0), False, radius=CORNER)
    ticks = [(value, f"{value:g}") for value in (-2.0, -1.0, 0.0, 1.0, 2.0)]
    here = CROSS + np.array([spec.x1, spec.x2])
    shown = (fine, "signed", [corners], Scale(("x₁", "x₂"), (ticks, ticks)), REACH, here)
    panel = panels.surface_panel(tr("one.surface"), tr("one.surface.alt"), *shown, middle=middle, greatest=greatest)
    surface, *others = panel.marks
    marks = [replace(surface, name=ANSWERS), *others, _in_the_hand(spec, surface, middle, heading)]
    return replace(panel, marks=marks, height=panel.height + ROOM)


def _with_curve(network: Panel, spec: NeuronExhibit) -> Panel:
    """The drawing, and beneath it the activation as a curve with the place where this neuron is."""
    box = Box(MARGIN, network.height + GAP, network.width - 2 * MARGIN, CURVE)
    sums = np.linspace(-REACH_OF_SUMS, REACH_OF_SUMS, 321)
    answers = ACTIVATIONS[spec.function].function(sums)
    low, high = np.floor(answers.min()), min(np.ceil(answers.max()), HIGHEST)
    seen = answers <= high
    ends = np.array([-REACH_OF_SUMS, low - 0.1]), np.array([REACH_OF_SUMS, high + 0.1])
    curve = Lines.at(box, np.stack([sums[seen], answers[seen]], axis=1)[None, None], *ends, colour=CHOSEN, width=2.5, name="f")
    here = Dots.at(box, np.array([[computed(spec)]]), *ends, np.array([255], np.uint8), radius=7.0, name=HERE)
    below, left = box.y + box.height, box.x - 6
    heights = [(left, box.y + box.height * (ends[1][1] - value) / (ends[1][1] - ends[0][1])) for value in (low, high)]
    places = [(box.x + share * box.width, below + 12) for share in (0, 0.5, 1)]
    written = [
        Words([f"{value:g}" for value in (-REACH_OF_SUMS, 0, REACH_OF_SUMS)], places, size=11),
        Words([f"{value:g}" for value in (low, high)], heights, "right", 11),
        Words(["z"], [(box.x + 0.75 * box.width, below + 12)], size=13),
        Words(["a = f(z)"], [(box.x, box.y - 12)], "left", 13),
    ]
    return replace(network, marks=[*network.marks, framed(box), curve, here, *written], height=below + 24)


def _in_the_hand(spec: NeuronExhibit, surface: Picture, middle: float, heading: str) -> Neuron:
    """The neuron as the browser holds it: its numbers, its answer to every sum that there can be, and the pictures that follow."""
    most = bounds(NeuronExhibit, "weight_1")[1]
    farthest = most * (2 * REACH + 1)
    steps = round(farthest / NeuronExhibit.finest)
    sums = np.arange(-steps, steps + 1) / steps * farthest  # zero among them, to the last digit
    output = f"{heading} 1"
    return Neuron(
        surface.box,
        (spec.weight_1, spec.weight_2, spec.bias_value),
        most,
        NeuronExhibit.finest,
        REACH,
        ACTIVATIONS[spec.function].function(sums).astype(np.float32),
        farthest,
        middle,
        0.5 if spec.function in HALVED else None,
        gates.CORNERS.tolist(),
        list(map(float, gates.GATES[spec.gate])),
        maps=(ANSWERS, output),
        links=f"w → {heading}",
        square=f"{output}: b",
        inputs=(spec.x1, spec.x2),
        here=HERE,
    )
