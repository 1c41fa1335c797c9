"""Into the picture of the network: a map and one of its units, a hidden unit, a class, each with all that adds up to it."""

from collections.abc import Sequence

import numpy as np

from ann_core.charts.film import Panel
from ann_core.charts.networks import convolution as panels
from ann_core.charts.networks.convolution import Part, Titles
from ann_core.charts.networks.images import MOST_SHOWN, image_panel
from ann_core.lessons.convolutional.drawn.units import Unit, exists
from ann_core.lessons.convolutional.network import Passed, coming_to
from ann_core.maths.networks.convolution import Convolution, Dense, receptive_field, unit_sum
from ann_core.training.examples.images import WHITE
from ann_core.ui.language import signed, tr
from ann_core.ui.workbench.looking import Example

OF_CLASSES = "classes."
"""What a class says begins so where it is one of a column."""


def pick(place: int) -> str:
    """What the units of a layer say when they are picked begins so."""
    return f"{place}."


def picked_unit(said: str, cell: Sequence[int]) -> Unit:
    """The unit that was picked, from what its picture says and where on it that was. Raises `ValueError` where that is none."""
    row, column = map(int, cell)
    of_classes = said.startswith(OF_CLASSES)
    place, number = (int(said.removeprefix(OF_CLASSES)), row) if of_classes else map(int, said.split("."))
    if min(place, number, row, column) < 0:
        raise ValueError(f"there is no unit {said} at {cell}")
    return Unit(place, number) if of_classes else Unit(place, number, row, column)


def there(passes: Sequence[Passed], unit: Unit | None) -> Unit | None:
    """The unit in this network, in a smaller map the nearest one to it; none where it has no such layer."""
    if unit is None or unit.place >= len(passes[0].layers):
        return None
    layer = passes[0].layers[unit.place]
    if isinstance(layer, Convolution):
        rows, columns = passes[0].outputs[unit.place].shape[1:3]
        unit = unit._replace(row=min(unit.row, rows - 1), column=min(unit.column, columns - 1))
    return unit if isinstance(layer, Convolution | Dense) and exists(passes[0], unit) else None


def panels_of(passes: Sequence[Passed], unit: Unit, example: Example) -> list[Panel]:
    """The picture, what comes from every channel, the sum; of a unit of a map its whole map, of others where it leads to."""
    layer = passes[0].layers[unit.place]
    if isinstance(layer, Convolution):
        return _of_map(passes, unit, example)
    if layer.activation == "softmax":
        return [*_of_dense(passes, unit, example), _of_classes(passes, unit, example)]
    return [*_of_dense(passes, unit, example), _leads_to(passes, unit, example)]


def said(passed: Passed, unit: Unit, example: Example) -> str:
    """What the unit is, and the sum that it makes."""
    layer, output = passed.layers[unit.place], passed.outputs[unit.place][0]
    if isinstance(layer, Convolution):
        where = {"filter": unit.filter + 1, "row": unit.row + 1, "column": unit.column + 1}
        return tr("zoom.unit", value=signed(output[unit.row, unit.column, unit.filter]), **where)
    if layer.activation == "softmax":
        return tr("zoom.class", name=example.classes[unit.filter], share=f"{output[unit.filter]:.1%}")
    return tr("zoom.hidden", number=unit.filter + 1, value=signed(output[unit.filter]))


def _of_map(passes: Sequence[Passed], unit: Unit, example: Example) -> list[Panel]:
    place, row, column, filter_ = unit.place, unit.row, unit.column, unit.filter
    coming = np.stack([coming_to(each, place) for each in passes])
    kernels = np.stack([each.layers[place].kernel[..., filter_] for each in passes]).transpose(0, 3, 1, 2)
    side = kernels.shape[-1]
    patch = coming[:, row : row + side, column : column + side].transpose(0, 3, 1, 2)
    sums = (patch * kernels).sum(axis=(2, 3), keepdims=True)
    shown = panels.strongest(sums[:, :, 0, 0], MOST_SHOWN)
    before = _before(passes, place)
    parts = [Part(tr("zoom.patch"), patch[:, shown]), Part(tr("zoom.kernel"), kernels[:, shown], "×", turned=before is None)]
    kind = "picture" if before is None else "map"
    if before is not None:
        picks = [f"{pick(before)}{channel}" for channel in shown]
        parts.insert(0, Part(tr("zoom.map"), coming.transpose(0, 3, 1, 2)[:, shown], names=picks))
    field = receptive_field(passes[0].layers, place, row, column)
    window = np.array([[(y, x) for y in range(field.top, field.bottom) for x in range(field.left, field.right)]])
    maps = np.stack([each.outputs[place][0, ..., filter_] for each in passes])
    titles = Titles(tr("zoom.map.title", number=filter_ + 1, rows=maps.shape[1], columns=maps.shape[2]), tr("zoom.map.alt"))
    return [
        _image(passes, example, window),
        _channels(kind, parts, sums[:, shown], shown, sums.shape[1]),
        _steps(passes, unit),
        panels.unit_map_panel(titles, maps, (row, column), tr("zoom.map"), f"{pick(place)}{filter_}"),
    ]


def _of_dense(passes: Sequence[Passed], unit: Unit, example: Example) -> list[Panel]:
    """What comes in, map by map or number by number, times the weights."""
    coming = np.stack([coming_to(each, unit.place) for each in passes])
    kind = "unit" if coming.ndim == 2 else "map"
    if kind == "unit":
        coming = coming[:, None, None]
    weights = np.stack([each.layers[unit.place].kernel[:, unit.filter].reshape(coming.shape[1:]) for each in passes])
    coming, weights = coming.transpose(0, 3, 1, 2), weights.transpose(0, 3, 1, 2)
    sums = (coming * weights).sum(axis=(2, 3), keepdims=True)
    shown, before = panels.strongest(sums[:, :, 0, 0], MOST_SHOWN), _before(passes, unit.place)
    picks = [] if before is None else [f"{pick(before)}{channel}" for channel in shown]
    kind = "picture" if before is None else kind
    parts = [Part(tr("zoom.coming"), coming[:, shown], names=picks), Part(tr("zoom.weights"), weights[:, shown], "×")]
    return [_image(passes, example, None), _channels(kind, parts, sums[:, shown], shown, sums.shape[1]), _steps(passes, unit)]


def _image(passes: Sequence[Passed], example: Example, window: np.ndarray | None) -> Panel:
    titles = image_titles(example)
    if window is not None:
        titles = titles._replace(title=tr("zoom.field"))
    return image_panel(titles, example.picture / WHITE, "", None, window=window, paper=example.paper)


def image_titles(example: Example) -> Titles:
    """What stands above the picture that the network looks at."""
    kind = "drawn" if example.drawn else "paper" if example.paper else "image"
    return Titles(tr(f"looking.{kind}"), tr("looking.image.alt"))


def _channels(kind: str, parts: Sequence[Part], sums: np.ndarray, shown: np.ndarray, count: int) -> Panel:
    word = "inputs" if kind == "unit" else "channels"
    title = tr(f"zoom.{word}", n=count) if len(shown) == count else tr(f"zoom.{word}.some", n=count, shown=len(shown))
    names = [tr(f"zoom.channel.{kind}", number=channel + 1) for channel in shown]
    return panels.channels_panel(Titles(title, tr("zoom.channels.alt")), names, parts, Part(tr("zoom.sum"), sums, "="))


def _steps(passes: Sequence[Passed], unit: Unit) -> Panel:
    """The sum of all channels, the bias, both together, and what the activation makes of it."""
    values = np.array([_sum(each, unit) for each in passes])
    activation = tr(f"choice.{passes[0].layers[unit.place].activation}")
    names = [tr("zoom.sum.all"), tr("zoom.bias"), "z", tr("zoom.output", activation=activation)]
    return panels.steps_panel(Titles(tr("zoom.steps"), tr("zoom.steps.alt")), names, values)


def _sum(passed: Passed, unit: Unit) -> tuple[float, float, float, float]:
    layer, coming = passed.layers[unit.place], coming_to(passed, unit.place)
    bias = float(layer.bias[unit.filter])
    if isinstance(layer, Convolution):
        total = float(unit_sum(layer, coming, unit.row, unit.column, unit.filter)[1].sum())
        return total, bias, total + bias, float(passed.outputs[unit.place][0, unit.row, unit.column, unit.filter])
    total = float(coming.ravel() @ layer.kernel[:, unit.filter])
    return total, bias, total + bias, float(passed.outputs[unit.place][0, unit.filter])


def _leads_to(passes: Sequence[Passed], unit: Unit, example: Example) -> Panel:
    """What a hidden unit gives to every class."""
    last = len(passes[0].layers) - 1
    outputs = np.array([each.outputs[unit.place][0, unit.filter] for each in passes])
    weights = np.stack([each.layers[last].kernel[unit.filter] for each in passes])
    given = (outputs[:, None] * weights)[:, None, :, None]
    titles = Titles(tr("zoom.leads"), tr("zoom.leads.alt"))
    return panels.classes_panel(titles, example.classes, [Part("a × w", given)], f"{OF_CLASSES}{last}", None, None)


def _of_classes(passes: Sequence[Passed], unit: Unit, example: Example) -> Panel:
    """Softmax: the sum of every class, its exponential, its share."""
    sums = np.stack([each.layers[-1].sums(coming_to(each, unit.place).reshape(1, -1))[0] for each in passes])
    with np.errstate(invalid="ignore"):
        growth = np.exp(sums - sums.max(axis=1, keepdims=True))
    shares = np.stack([each.outputs[-1][0] for each in passes])
    columns = (("z", sums, ""), ("exp(z − max z)", growth, "→"), (tr("zoom.share"), shares, "→"))
    parts = [Part(name, values[:, None, :, None], sign) for name, values, sign in columns]
    titles = Titles(tr("zoom.softmax"), tr("zoom.softmax.alt"))
    total = tr("zoom.total"), growth.sum(axis=1)
    return panels.classes_panel(titles, example.classes, parts, f"{OF_CLASSES}{unit.place}", unit.filter, total)


def _before(passes: Sequence[Passed], place: int) -> int | None:
    """The layer whose maps or numbers come into another one; none where it is the picture."""
    kinds = Convolution | Dense
    return next((earlier for earlier in reversed(range(place)) if isinstance(passes[0].layers[earlier], kinds)), None)
