// What of a network is pointed at, a neuron or the link nearest to the pointer, and what it says beside the pointer.

const NEAR = 6 // pixels of the page
const RAISED = { "-": "⁻", ...[..."⁰¹²³⁴⁵⁶⁷⁸⁹"] }
const STEPS = 16 // straight pieces of a link's curve, for its distance
const MANY_LINKS = 200 // of a layer: they are straight, and thin

const areMany = ({ strengths }) => strengths.shape[1] > MANY_LINKS
const networked = (panel) => panel.marks.filter(({ kind, weights }) => kind === "links" && weights)
const neurons = (panel) => panel.marks.filter((mark) => mark.kind === "picture" && !isSingle(mark))
const within = ([left, top, width, height], x, y) => x >= left && x <= left + width && y >= top && y <= top + height

// A neuron by its layer, 0 for the inputs, and its place there; a link by the layer that it leads into, and its number.
function pointedAt(panel, x, y, near) {
  const layers = networked(panel)
  if (!layers.length) return null
  const number = neurons(panel).findIndex(({ box }) => within(box, x, y))
  if (number >= 0) return { panel, ...placed(layers, number) }
  const links = layers.flatMap((mark, layer) => nearest(mark, x, y).map((found) => ({ panel, layer: layer + 1, mark, ...found })))
  const [best] = links.sort((one, other) => one.distance - other.distance)
  return best?.distance <= near ? best : null
}

function sizesOf(layers) {
  return [layers[0].strengths.shape[1] / layers[0].second, ...layers.map(({ second }) => second)]
}

function placed(layers, number) {
  let [layer, unit] = [0, number]
  for (const size of sizesOf(layers)) {
    if (unit < size) break
    unit -= size
    layer++
  }
  return { layer, unit }
}

// The picture of the neuron that a link leads into.
function ledTo({ panel, layer, mark, link }) {
  const before = sizesOf(networked(panel)).slice(0, layer).reduce((sum, size) => sum + size, 0)
  return neurons(panel)[before + (link % mark.second)]
}

// The link of a layer that is nearest to a place, if there is one above or below it.
function nearest(mark, x, y) {
  const ends = mark.ends.values
  let best = null
  for (let link = 0; link < ends.length / 4; link++) {
    const [left, from, right, to] = ends.subarray(4 * link, 4 * link + 4)
    if (x < left || x > right) return []
    const distance = away(x, y, [left, from, right, to], areMany(mark))
    if (!best || distance < best.distance) best = { link, distance }
  }
  return best ? [best] : []
}

// How far a place is from the curve, or the straight line, that `links` in paint.js draws.
function away(x, y, [left, from, right, to], straight) {
  const bent = (t) => [left + (right - left) * (1.5 * t * (1 - t) + t ** 3), from + (to - from) * t * t * (3 - 2 * t)]
  const steps = straight ? 1 : STEPS // both ends of the curve are those of the line
  let [least, here] = [Infinity, bent(0)]
  for (let step = 1; step <= steps; step++) {
    const next = bent(step / steps)
    const [across, down] = [next[0] - here[0], next[1] - here[1]]
    const share = Math.min(Math.max(((x - here[0]) * across + (y - here[1]) * down) / (across ** 2 + down ** 2 || 1), 0), 1)
    least = Math.min(least, Math.hypot(x - here[0] - share * across, y - here[1] - share * down))
    here = next
  }
  return least
}

// A number that is told where it is: the last one drawn at a place, and which of its cells.
function valueAt(panel, x, y, moment) {
  const valued = panel.marks.findLast((mark) => mark.frames && mark.values && !absent(mark, moment) && within(mark.box, x, y))
  return valued ? { panel, valued, cell: cellAt(valued, x, y) } : null
}

function cellAt(mark, x, y) {
  const [left, top, width, height] = mark.box
  const shares = [(y - top) / height, (x - left) / width]
  return gridOf(mark).map((size, axis) => Math.min(Math.floor(shares[axis] * size), size - 1))
}

// The mark under the pointer that is wanted, and which of its cells the pointer is at.
function cellUnder(stage, canvas, event, wanted) {
  const { panel, x, y } = stage.located(canvas, event)
  const mark = panel.marks.find((each) => wanted(each) && within(each.box, x, y))
  return mark ? { mark, cell: cellAt(mark, x, y) } : null
}

// A finger that takes hold of something does not move the page.
function keepsPage(canvas, takes) {
  const begun = (event) => {
    if (event.touches.length !== 1) return
    const [{ clientX, clientY }] = event.touches
    const { left, top } = canvas.getBoundingClientRect()
    if (takes({ clientX, clientY, offsetX: clientX - left, offsetY: clientY - top })) event.preventDefault()
  }
  canvas.addEventListener("touchstart", begun, { passive: false })
}

// The moment that pointing at a cell of a mark leads to, if it does.
function ledMoment({ leading_rows, leads, columns }, [row, column]) {
  return leading_rows ? row : leads ? row * columns + column : null
}

const leadingOf = (panel) => panel.marks.find(({ leads }) => leads)

// How many rows and columns a mark has.
const gridOf = ({ frames, rows, columns }) => frames?.shape.slice(1) ?? [rows, columns]

function ofValue({ valued, cell: [row, column] }, moment, words) {
  const [, rows, columns] = valued.values.shape
  const where = [[words.row, row, rows, valued.down], [words.column, column, columns, valued.across]]
  const named = where.filter(([, , size]) => size > 1).map(([word, place, , names]) => names?.[place] || `${word} ${place + 1}`)
  return [[valued.name, ...named].filter(Boolean).join(" · "), `= ${exact(at(valued.values, moment)[row * columns + column])}`]
}

// The same in another part of the film.
function pointedAgain(pointed, laid, film) {
  const panel = film.panels[laid?.panels.indexOf(pointed.panel)]
  if (pointed.valued) {
    const valued = panel?.marks[pointed.panel.marks.indexOf(pointed.valued)]
    return valued?.values ? { panel, valued, cell: pointed.cell } : null
  }
  const mark = panel && pointed.mark && panel.marks[pointed.panel.marks.indexOf(pointed.mark)]
  return panel && networked(panel).length ? { ...pointed, panel, mark } : null
}

// What is pointed at in words and numbers, a line each: the true ones of the moment, not those of the colours. Where a point goes
// through the network, `steps` are what every layer makes of it.
function said(pointed, moment, words, steps) {
  if (pointed.mark) return ofLink(pointed, moment, steps)
  const { panel, layer, unit } = pointed
  const layers = networked(panel)
  const output = steps?.[layer].outputs[unit]
  if (!layer) return [layers[0].down[unit] + (steps ? ` = ${exact(output)}` : "")]
  const { across, biases } = layers[layer - 1]
  const bias = biases ? [`b = ${exact(at(biases, moment)[unit])}`] : []
  return [across[unit], ...bias, ...(steps ? [`${words.sum} ${exact(steps[layer].sums[unit])} → ${words.output} ${exact(output)}`] : [])]
}

function ofLink({ layer, mark, link }, moment, steps) {
  const [row, weight] = [Math.floor(link / mark.second), at(mark.weights, moment)[link]]
  const coming = steps?.[layer - 1].outputs[row]
  const product = steps ? [`${exact(weight)} × ${exact(coming)} = ${exact(weight * coming)}`] : []
  return [`${mark.down[row]} → ${mark.across[link % mark.second]}`, `w = ${exact(weight)}`, ...product]
}

// All weights that lead into a neuron, for those who do not point.
function leading({ panel, layer, unit }, moment) {
  if (!layer) return []
  const mark = networked(panel)[layer - 1]
  return mark.down.map((name, row) => `${name}: w = ${exact(at(mark.weights, moment)[row * mark.second + unit])}`)
}

// A number with two decimals, a small one with two digits, what is none as it is.
function exact(value) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value < 0 ? "−∞" : "∞"
  const size = Math.abs(value)
  if (size && size < 0.1 && size >= 1e-4) return value.toPrecision(2).replace("-", "−")
  const [text, power] = (size >= 1e6 || (size && size < 0.1) ? value.toExponential(1) : value.toFixed(2)).split("e")
  return text.replace("-", "−") + (power ? `×10${[...String(+power)].map((sign) => RAISED[sign]).join("")}` : "")
}

// The same where there is little room: with one decimal.
function brief(value) {
  if (!Number.isFinite(value) || Math.abs(value) >= 1e6) return exact(value)
  return Math.abs(value) < 0.05 ? (value ? "≈0" : "0") : signed(value.toFixed(1))
}
