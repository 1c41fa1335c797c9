"""A network for points in the browser: its links and neurons say what they are, and a point goes through it.

On a bare page, without a server; held to the weights, and to NumPy.
"""

import base64
import re
from dataclasses import replace
from typing import get_args

import numpy as np
import pytest
from playwright.sync_api import expect

from ann_core.charts.film import sourced
from ann_core.lessons.feedforward.plane import neurons, picture, scene
from ann_core.lessons.feedforward.plane.neurons import Neuron
from ann_core.maths.inputs.features import FEATURES, features
from ann_core.maths.networks import dense, plane
from ann_core.specs import PointsSpec
from ann_core.specs.kinds import Activation
from ann_core.training.untrained import untrained
from ann_core.ui.figures.film import HERE, HTML, script
from ann_core.ui.language import tr
from tests.ui.test_numbers import WRITTEN, read

pytestmark = pytest.mark.browser

SPEC = PointsSpec(dataset="spiral", features=("x1", "x2", "product"), layers=("5-tanh", "3-silu"))
SHOW = """text => {
  const data = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
  shown({ data, parentElement: document.body.firstChild, setTriggerValue: (name, value) => heard.push([name, value]) })
}"""
WRITTEN_OUT = (0.0, -0.5, 12.345, -0.0123, 0.00012, 9.9e-5, -1.234e-7, 3.21e-12, 1e6, -2.5e9, 4e20)
MIDDLES = """number => {
  const { ends } = networked(stages.get(document.body.firstChild).film.panels[0])[number]
  const middle = (link, side) => (ends.values[4 * link + side] + ends.values[4 * link + side + 2]) / 2
  return Array.from({ length: ends.shape[0] }, (_, link) => [middle(link, 0), middle(link, 1)])
}"""
PASSED = """() => {
  const { film, place, finger } = stages.get(document.body.firstChild)
  return passed(film.panels[0], finger.spot, place)
}"""
PLACES = """() => {
  const { film, finger } = stages.get(document.body.firstChild)
  const spots = film.panels.flatMap(({ marks }) => marks).filter(({ kind, layer }) => kind === "spot" && layer)
  return spots.map((mark) => {
    const shares = projected(mark, finger.seen.first[mark.layer].outputs)
    return shares.map((share, axis) => mark.corners.values[axis] + (mark.corners.values[2 + axis] - mark.corners.values[axis]) * share)
  })
}"""
EVERY_LINK = """([number, moment]) => {
  const panel = stages.get(document.body.firstChild).film.panels[0]
  const mark = networked(panel)[number]
  return Array.from({ length: mark.ends.shape[0] }, (_, link) => said({ panel, layer: number + 1, mark, link }, moment))
}"""


def moments_of(spec, count=2):
    """Checkpoints with weights drawn at random, biases too."""
    begun, random = untrained(spec, None), np.random.default_rng(1)
    drawn = lambda weight: random.normal(0, 1.5, weight.shape).astype(np.float32)  # noqa: E731
    return [begun, *(replace(begun, weights=tuple(map(drawn, begun.weights))) for _ in range(count - 1))]


class Sheet:
    """A page with the film of a spec."""

    def __init__(self, page, spec=SPEC, moments=None):
        self.page, self.spec, self.moments = page, spec, moments or moments_of(spec)
        page.add_script_tag(content=script())
        page.add_style_tag(content=(HERE / "film.css").read_text(encoding="utf-8"))
        page.evaluate("html => { document.body.innerHTML = `<div>${html}</div>`; heard = [] }", HTML)
        self.show(picture.film_of(scene.scene_of(spec, tuple(self.moments)), "name", play=False))

    def show(self, content):
        self.page.evaluate(SHOW, base64.b64encode(sourced(content, "", ())).decode())

    @property
    def network(self):
        return self.page.locator("canvas").first

    def point(self, place, canvas=0, act="hover"):
        """Point at a place of a panel, in the panel's units."""
        drawn = self.page.locator("canvas").nth(canvas)
        width = self.page.evaluate("number => stages.get(document.body.firstChild).easels[number].panel.width", canvas)
        unit = drawn.bounding_box()["width"] / width
        getattr(drawn, act)(position={"x": place[0] * unit, "y": place[1] * unit})

    def note(self):
        return self.page.locator(".film-note").first.inner_text().splitlines()

    def boxes(self):
        """The boxes of all neurons, input side first."""
        return self.page.evaluate("neurons(stages.get(document.body.firstChild).film.panels[0]).map(({ box }) => box)")

    def layers(self, moment=-1):
        weights = [weight.astype(float) for weight in self.moments[moment].weights]
        return dense.layers(weights, self.spec.activations, self.spec.bias)

    def put(self, point):
        """Put the point to a place of the plane, each coordinate from -6 to 6."""
        self.page.evaluate("place => stages.get(document.body.firstChild).finger.put(place)", [(each + 6) / 12 for each in point])

    def passed(self):
        """What every layer makes of the point, inputs first."""
        return self.page.evaluate(PASSED)

    @property
    def said(self):
        return self.page.locator(".film-said")


@pytest.fixture
def sheet(context):
    opened = context(reduced_motion="reduce").new_page()
    yield Sheet(opened)
    opened.close()


def middle(box):
    return box[0] + box[2] / 2, box[1] + box[3] / 2


def shown(value):
    """A number as a note has it, told apart from how the browser does it."""
    size = abs(value)
    text = f"{value:.2f}" if size >= 0.1 else f"{value:.{1 - int(np.floor(np.log10(size)))}f}"
    return text.replace("-", "−")


@pytest.mark.parametrize("moment", [0, 1])
def test_every_link_says_its_own_weight_and_both_ends(sheet, moment):
    columns = [["x₁", "x₂", "x₁x₂"], [f"tanh {unit}" for unit in range(1, 6)], [f"SiLU {unit}" for unit in range(1, 4)], ["sigmoid 1"]]
    for number, (layer, coming, going) in enumerate(zip(sheet.layers(moment), columns, columns[1:], strict=False)):
        wanted = [[f"{a} → {b}", f"w = {shown(layer.kernel[i, j])}"] for i, a in enumerate(coming) for j, b in enumerate(going)]
        assert sheet.page.evaluate(EVERY_LINK, [number, moment]) == wanted


def test_a_link_is_found_at_its_own_middle_and_nothing_far_from_all(sheet):
    sheet.point((3, 3))
    expect(sheet.page.locator(".film-note").first).to_be_hidden()
    alone = PointsSpec(features=("x1",), layers=())
    single = Sheet(sheet.page, alone)
    ((x, y),) = single.page.evaluate(MIDDLES, 0)
    single.point((x, y + 3))
    assert single.note()[1] == f"w = {shown(single.layers()[0].kernel[0, 0])}"
    single.point((x, y + 30))
    expect(single.page.locator(".film-note").first).to_be_hidden()


def test_a_neuron_says_its_bias_and_by_keys_all_that_leads_into_it(sheet):
    sheet.page.locator(".film-slider").fill("1")
    sheet.point(middle(sheet.boxes()[3 + 5 + 1]))
    bias = shown(sheet.layers()[1].bias[1])
    assert sheet.note()[1] == f"b = {bias}"
    sheet.point(middle(sheet.boxes()[2]))
    assert sheet.note() == ["x₁x₂"]
    for _ in range(7):
        sheet.network.press("ArrowRight")
    label = sheet.network.get_attribute("aria-label")
    assert f"b = {bias}" in label
    for weight in sheet.layers()[1].kernel[:, 1]:
        assert f"w = {shown(weight)}" in label


def test_a_note_follows_the_moment(sheet):
    sheet.point(middle(sheet.boxes()[3]))
    before = sheet.note()
    sheet.page.locator(".film-start").focus()
    sheet.page.evaluate("stages.get(document.body.firstChild).seek(0)")
    assert sheet.note() == [before[0], "b = 0.00"]
    sheet.page.evaluate("stages.get(document.body.firstChild).seek(1)")
    assert sheet.note() == before != [before[0], "b = 0.00"]


def test_a_link_picked_says_which_weight_of_which_neuron(sheet):
    ends = sheet.page.evaluate(MIDDLES, 2)
    sheet.point(ends[2], act="click")
    assert sheet.page.evaluate("heard") == [["picked", {"pick": neurons.name_of(SPEC, Neuron(2, 0)), "moment": 1, "weight": 2}]]


def test_tables_have_the_true_weights_and_biases_by_name(sheet):
    sheet.page.locator(".film-numbers summary").click()
    table = sheet.page.locator(".film-numbers table").filter(has_text="w → tanh").first
    table.wait_for()
    rows = table.locator("tr").all_inner_texts()
    first = sheet.layers()[0]
    assert rows[1].split("\t")[0] == "x₁"
    told = [[float(cell.replace("−", "-")) for cell in row.split("\t")[1:]] for row in rows[1:]]
    np.testing.assert_allclose(told, [*first.kernel, first.bias], atol=0.006)
    assert rows[-1].split("\t")[0] == "b"


NETWORKS = {
    "all activations": PointsSpec(dataset="circle", layers=tuple(f"3-{name}" for name in get_args(Activation)[:6])),
    "a linear layer, all features": PointsSpec(features=tuple(FEATURES), layers=("4-linear",), bias=False, dataset="hills"),
    "four classes": PointsSpec(dataset="four", layers=("6-relu",)),
    "no hidden layer": PointsSpec(dataset="circle", layers=()),
}


def in_numpy(sheet, point, moment=-1):
    inputs = features(np.array([point], float), sheet.spec.features)
    return inputs[0], dense.forward(sheet.layers(moment), inputs)


@pytest.mark.parametrize("spec", NETWORKS.values(), ids=NETWORKS.keys())
def test_the_browser_computes_what_numpy_computes(sheet, spec):
    other = Sheet(sheet.page, spec, moments_of(spec, 4))
    for moment in range(4):
        other.page.evaluate("moment => stages.get(document.body.firstChild).seek(moment)", moment)
        for point in ((1.5, -2.25), (-6.0, 6.0), (0.3, 4.7), (-5.5, -0.1)):
            other.put(point)
            inputs, steps = in_numpy(other, point, moment)
            found = other.passed()
            np.testing.assert_allclose(found[0]["outputs"], inputs, rtol=1e-6)
            for ours, theirs in zip(found[1:], steps, strict=True):
                np.testing.assert_allclose(ours["sums"], theirs.sums[0], rtol=1e-5, atol=1e-6)
                np.testing.assert_allclose(ours["outputs"], theirs.outputs[0], rtol=1e-5, atol=1e-6)


def test_in_the_hidden_spaces_the_point_is_where_the_dots_of_such_a_point_are(sheet):
    sheet.put((1.0, -2.0))
    lattice = plane.lattice(picture.LATTICE_LINES, picture.LATTICE_POINTS, 6.0)
    shown_ = scene.scene_of(SPEC, tuple(sheet.moments))
    halves = [x for x, *_ in picture._halves(shown_, picture.MOST_DOTS_IN_SPACE)]
    places = np.concatenate([lattice.reshape(-1, 2), *halves]).astype(np.float32)
    networks = shown_.networks
    for depth, found in enumerate(sheet.page.evaluate(PLACES)):
        values = plane.outputs(networks, SPEC.features, places)[depth][-1]
        _, steps = in_numpy(sheet, (1.0, -2.0))
        np.testing.assert_allclose(found, steps[depth].outputs[0] @ plane.directions(values), atol=1e-4)


def test_what_the_network_answers_is_said_and_taken_back(sheet):
    hint = sheet.said.inner_text()
    sheet.put((1.0, -2.0))
    _, steps = in_numpy(sheet, (1.0, -2.0))
    share = steps[-1].outputs[0, 0]
    words = {"place": "x₁ 1, x₂ −2", "name": tr("picture.class", n=1 + int(share > 0.5)), "share": f"{max(share, 1 - share):.1%}"}
    assert sheet.said.locator("span").inner_text() == tr("film.said.class", **words)
    sheet.said.locator("button").click()
    assert sheet.said.inner_text() == hint
    sheet.page.locator("canvas").nth(1).press("ArrowRight")
    assert sheet.said.inner_text() != hint
    sheet.page.locator("canvas").nth(1).press("Enter")
    ((name, picked),) = sheet.page.evaluate("heard")
    assert (name, picked["place"]) == ("picked", pytest.approx([0.5, 0.5]))
    sheet.page.locator("canvas").nth(1).press("Escape")
    assert sheet.said.inner_text() == hint


def test_a_value_is_said_and_a_mark_is_whole(sheet):
    hills = PointsSpec(dataset="hills", layers=("3-tanh",))
    other = Sheet(sheet.page, hills)
    other.put((3.0, 0.0))
    _, steps = in_numpy(other, (3.0, 0.0))
    assert other.said.locator("span").inner_text() == tr("film.said.value", place="x₁ 3, x₂ 0", value=shown(steps[-1].outputs[0, 0]))
    admission = Sheet(sheet.page, PointsSpec())
    admission.put((3.1, -2.03))
    assert re.search("mathematics 114, x₂ Chinese 50:", admission.said.inner_text())


def test_a_link_says_the_product_and_a_neuron_its_sum_and_output(sheet):
    sheet.put((1.0, -2.0))
    _, steps = in_numpy(sheet, (1.0, -2.0))
    weight = sheet.layers()[2].kernel[2, 0]
    coming = steps[1].outputs[0, 2]
    sheet.point(sheet.page.evaluate(MIDDLES, 2)[2])
    assert sheet.note() == ["SiLU 3 → sigmoid 1", f"w = {shown(weight)}", f"{shown(weight)} × {shown(coming)} = {shown(weight * coming)}"]
    sheet.point(middle(sheet.boxes()[3]))
    assert sheet.note()[2] == f"{tr('film.sum')} {shown(steps[0].sums[0, 0])} → {tr('film.output')} {shown(steps[0].outputs[0, 0])}"


def test_weights_that_have_exploded_are_told_as_they_are(sheet):
    begun = untrained(SPEC, None)
    broken = replace(begun, weights=tuple(np.full_like(weight, np.nan) for weight in begun.weights))
    other = Sheet(sheet.page, SPEC, [begun, broken])
    other.put((1.0, 1.0))
    other.point(middle(other.boxes()[3]))
    assert other.note()[1] == "b = NaN"
    assert "NaN" in other.said.inner_text()


SHADES = """number => {
  const { film, easels } = stages.get(document.body.firstChild)
  const { image } = easels[number].panel.marks.find(({ main }) => main)
  return new Set(new Uint32Array(image.data.buffer)).size
}"""


@pytest.mark.parametrize(("dataset", "classes"), [("spiral", 2), ("three", 3)])
def test_points_held_out_and_shades_are_switched(sheet, dataset, classes):
    """The plane has as many colours as answers then; the points held out are gone, and both come back as they were."""
    shown_film(sheet, PointsSpec(dataset=dataset, layers=("5-tanh", "3-silu")))
    looks = lambda: [canvas.evaluate("canvas => canvas.toDataURL()") for canvas in sheet.page.locator("canvas").all()[:3]]  # noqa: E731
    (network_as_it_was, *before), shades = looks(), sheet.page.evaluate(SHADES, 1)
    held_out, decided = sheet.page.locator(".film-switch-held_out input"), sheet.page.locator(".film-switch-decided input")
    held_out.uncheck()
    network_seen, *without = looks()
    assert network_seen == network_as_it_was
    assert all(one != other for one, other in zip(before, without, strict=True)), "plane and hidden space"
    decided.check()
    assert sheet.page.evaluate(SHADES, 1) <= classes + 1 < shades
    held_out.check()
    decided.uncheck()
    assert looks() == [network_as_it_was, *before]


def test_a_value_is_no_decision_and_what_was_switched_counts_only_where_it_can_be(sheet):
    sheet.page.locator(".film-switch-decided input").check()
    shades = sheet.page.evaluate(SHADES, 1)
    shown_film(sheet, PointsSpec(dataset="hills", layers=("5-tanh",)))
    expect(sheet.page.locator(".film-switch-held_out")).to_be_visible()
    expect(sheet.page.locator(".film-switch-decided")).to_be_hidden()
    assert sheet.page.evaluate(SHADES, 1) > shades


def shown_film(sheet, spec):
    sheet.show(picture.film_of(scene.scene_of(spec, tuple(moments_of(spec))), str(spec), play=False))


def test_numbers_are_written_as_the_server_writes_them(sheet):
    for value in WRITTEN_OUT:
        written = sheet.page.evaluate("value => exact(value)", value)
        assert WRITTEN.fullmatch(written), written
        assert read(written) == pytest.approx(value, rel=0.05, abs=0.005 if abs(value) >= 0.1 else 1e-300)
        brief = sheet.page.evaluate("value => brief(value)", value)
        assert (0 if brief == "≈0" else read(brief)) == pytest.approx(value, rel=0.05, abs=0.051)
