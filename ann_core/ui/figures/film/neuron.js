// A neuron in the hand: its line is moved (the bias changes) and turned (the weights do), and what depends on them follows at once.

const GRASP = { mouse: 12, pen: 16, touch: 26 } // pixels from the line
const END = 0.25 // of the line, at which it is turned
const HALF = 0.5
const SIGN = 17
const JUMP = 0.5 // from one of the answers to the next: a step, which is behind the first of them

const sum = ({ numbers: [w1, w2, b] }, [x1, x2]) => w1 * x1 + w2 * x2 + b

// As the server has computed it for the sums around this one.
function answer({ answers: { values }, farthest }, total) {
  const last = values.length - 1
  const place = Math.min(Math.max(Math.round(1e4 * ((total / farthest + 1) / 2) * last) / 1e4, 0), last)
  const [below, above] = [Math.floor(place), Math.ceil(place)]
  const rise = values[above] - values[below]
  return Math.abs(rise) < JUMP ? values[below] + (place - below) * rise : values[above]
}

// The two ends of the line in the plane that is seen, in inputs; null where there is none.
function endsOf({ numbers: [w1, w2, b], reach }) {
  const size = Math.hypot(w1, w2)
  if (!size) return null
  const [foot, along] = [[(-b * w1) / size ** 2, (-b * w2) / size ** 2], [-w2 / size, w1 / size]]
  let [from, to] = [-Infinity, Infinity]
  for (const axis of [0, 1])
    if (along[axis]) {
      const sides = [-reach, reach].map((side) => (side - foot[axis]) / along[axis])
      ;[from, to] = [Math.max(from, Math.min(...sides)), Math.min(to, Math.max(...sides))]
    } else if (Math.abs(foot[axis]) > reach) return null
  return from < to ? [from, to].map((way) => foot.map((place, axis) => place + way * along[axis])) : null
}

const between = ([a, b], share) => a.map((place, axis) => place + share * (b[axis] - place))
const minus = (a, b) => a.map((place, axis) => place - b[axis])
const onBox = ({ box: [left, top, width, height], reach }, [x1, x2]) => [left + (width * (x1 / reach + 1)) / 2, top + (height * (1 - x2 / reach)) / 2]
const offBox = ({ box: [left, top, width, height], reach }, [x, y]) => [((2 * (x - left)) / width - 1) * reach, (1 - (2 * (y - top)) / height) * reach]

// How the line is taken hold of at a place of the plane: to be moved, or to be turned about its middle; null where it is not.
function gripAt(neuron, place, near) {
  const ends = endsOf(neuron)
  if (!ends || Math.max(...place.map(Math.abs)) > neuron.reach + near) return null
  const [along, way] = [minus(ends[1], ends[0]), minus(place, ends[0])]
  const share = (way[0] * along[0] + way[1] * along[1]) / (along[0] ** 2 + along[1] ** 2)
  const nearest = between(ends, Math.min(Math.max(share, 0), 1))
  if (Math.hypot(...minus(place, nearest)) > near) return null
  if (share > END && share < 1 - END) return { numbers: neuron.numbers, place }
  return { numbers: neuron.numbers, pivot: between(ends, HALF), side: share < HALF ? -1 : 1 }
}

// The numbers of a neuron whose line has been led to a place; all in the steps that its sliders have.
function led({ most, step }, { numbers, place: start, pivot, side }, place) {
  const whole = (value) => Math.min(Math.max(Math.round(Math.round(value / step) * step * 1e6) / 1e6, -most), most)
  const [w1, w2, b] = numbers
  const [across, upward] = minus(place, start ?? pivot)
  if (start) return [w1, w2, whole(b - w1 * across - w2 * upward)]
  const [right, up] = [side * across, side * upward]
  const length = Math.hypot(right, up)
  if (!length) return numbers
  const size = Math.hypot(w1, w2) / length
  const turned = [up * size, -right * size]
  const largest = Math.max(...turned.map(Math.abs), Math.abs(turned[0] * pivot[0] + turned[1] * pivot[1]))
  const weights = turned.map((weight) => whole(weight * Math.min(1, most / largest)))
  return [...weights, whole(-weights[0] * pivot[0] - weights[1] * pivot[1])]
}

// What depends on the numbers, computed from them.
function follow(film, neuron) {
  const [w1, w2, b] = neuron.numbers
  for (const mark of marksOf(film)) {
    if (mark.kind === "picture" && neuron.maps.includes(mark.name)) answerEverywhere(neuron, mark)
    if (mark.kind === "picture" && mark.name === neuron.square) mark.frames.values[0] = 128 + 127 * Math.sign(b)
    if (mark.kind === "dots" && mark.name === neuron.here) put(mark, [sum(neuron, neuron.inputs), answer(neuron, sum(neuron, neuron.inputs))])
    if (mark.kind === "links" && mark.name === neuron.links) {
      mark.weights?.values.set([w1, w2])
      mark.biases?.values.set([b])
      mark.greatest = Math.max(Math.abs(w1), Math.abs(w2))
      mark.strengths.values.set([w1, w2].map((weight) => Math.round((127 * weight) / (mark.greatest || 1))))
    }
  }
}

// A single point elsewhere in its box, or at its edge.
function put(mark, place) {
  const [left, low, right, high] = mark.corners.values
  const shares = [(place[0] - left) / (right - left), (place[1] - low) / (high - low)]
  mark.places.values.set(shares.map((share) => Math.round(FINEST * Math.min(Math.max(share, 0), 1))))
  const outside = shares.some((share) => share < 0 || share > 1)
  mark.beyond = { shape: [+outside, 4], values: Float32Array.from(outside ? [0, 0, ...place] : []) }
}

function answerEverywhere(neuron, mark) {
  const [, rows, columns] = mark.frames.shape
  const edge = (place, count) => (2 * (place + 0.5) / count - 1) * neuron.reach
  const away = Float64Array.from({ length: rows * columns }, (_, place) => {
    const inputs = [edge(place % columns, columns), -edge(Math.floor(place / columns), rows)]
    return answer(neuron, sum(neuron, inputs)) - neuron.middle
  })
  mark.greatest = neuron.full ?? away.reduce((most, each) => Math.max(most, Math.abs(each)), 1e-9)
  away.forEach((each, place) => (mark.frames.values[place] = Math.round(128 + 127 * Math.min(Math.max(each / mark.greatest, -1), 1))))
}

// Lets the line on a canvas be taken hold of, where it has one; in the end the stage says what has become of the numbers.
function takeHold(stage, canvas) {
  let [held, moved] = [null, false]
  const panel = () => stage.easels.find((easel) => easel.canvas === canvas)?.panel
  const neuron = () => panel()?.marks.find(({ kind }) => kind === "neuron")
  const where = (event) => {
    const scale = panel().width / canvas.clientWidth
    const box = canvas.getBoundingClientRect()
    return offBox(neuron(), [(event.clientX - box.left) * scale, (event.clientY - box.top) * scale])
  }
  const grip = (event, kind) => {
    if (!neuron()) return null
    const { box, reach } = neuron()
    return gripAt(neuron(), where(event), (GRASP[kind] * (panel().width / canvas.clientWidth) * 2 * reach) / box[2])
  }
  canvas.addEventListener("pointerdown", (event) => {
    held = event.isPrimary && !event.button ? grip(event, event.pointerType) : null
    moved = false
    if (held) canvas.setPointerCapture(event.pointerId)
  })
  canvas.addEventListener("pointermove", (event) => {
    if (!neuron()) return
    canvas.style.cursor = held ? "grabbing" : grip(event, event.pointerType) ? "grab" : canvas.style.cursor && "crosshair"
    if (!held) return
    moved = true
    neuron().numbers = led(neuron(), held, where(event))
    follow(stage.film, neuron())
    stage.draw()
  })
  canvas.addEventListener("lostpointercapture", () => {
    if (held && moved && neuron()) {
      stage.say({ numbers: neuron().numbers })
      stage.tell()
    }
    held = null
  })
  canvas.addEventListener("click", (event) => moved && event.stopImmediatePropagation(), { capture: true })
  keepsPage(canvas, (event) => grip(event, "touch"))
}

function paintNeuron(pen, neuron, { colours, wandering }) {
  const ends = endsOf(neuron)
  if (ends) paintLine(pen, neuron, ends, colours)
  if (wandering !== null) paintWandering(pen, neuron, wandered(wandering), colours)
  neuron.corners.forEach((corner, place) => paintCorner(pen, neuron, corner, neuron.wanted[place], colours))
  const [left, top, width, height] = neuron.box
  Object.assign(pen, { font: `14px ${colours.font}`, fillStyle: colours.ink, textAlign: "center", textBaseline: "middle" })
  pen.fillText(written(neuron.numbers), left + width / 2, top + height + 48)
}

function paintLine(pen, neuron, ends, colours) {
  const points = ends.map((end) => onBox(neuron, end))
  const thick = (width, ink) => {
    Object.assign(pen, { lineWidth: width * pen.unit, strokeStyle: ink })
    pen.beginPath()
    pen.moveTo(...points[0])
    pen.lineTo(...points[1])
    pen.stroke()
  }
  thick(5, colours.paper)
  thick(2.5, colours.ink)
  for (const share of [END / 2, HALF, 1 - END / 2]) {
    pen.beginPath()
    pen.arc(...between(points, share), (share === HALF ? 7 : 6) * pen.unit, 0, 7)
    Object.assign(pen, { fillStyle: share === HALF ? colours.chosen : colours.paper, strokeStyle: share === HALF ? colours.paper : colours.chosen, lineWidth: 2.5 * pen.unit })
    pen.fill()
    pen.stroke()
  }
}

// A point that wanders, and what the neuron answers to it.
function paintWandering(pen, neuron, shares, colours) {
  const place = shares.map((share) => (2 * share - 1) * neuron.reach)
  const [x, y] = onBox(neuron, place)
  ring(pen, x, y, 6, colours)
  label(pen, signed(answer(neuron, sum(neuron, place)).toFixed(2)), x + 12, y, colours)
}

function label(pen, text, x, y, colours) {
  Object.assign(pen, { font: `600 ${SIGN}px ${colours.font}`, textAlign: "left", textBaseline: "middle", lineJoin: "round" })
  Object.assign(pen, { lineWidth: 5, strokeStyle: colours.paper, fillStyle: colours.ink })
  pen.strokeText(text, x, y)
  pen.fillText(text, x, y)
}

function paintCorner(pen, neuron, corner, wanted, colours) {
  const says = answer(neuron, sum(neuron, corner))
  const [x, y] = onBox(neuron, corner)
  const text = `${says > HALF === (wanted === 1) ? "✓" : "✗"} ${signed(says.toFixed(2))}`
  label(pen, text, x + 9, y - 13, colours)
}

const signed = (text) => text.replace(/^-0\.00$/, "0.00").replace("-", "−")

// The sum with its numbers.
function written([w1, w2, b]) {
  const size = (value) => String(Math.abs(value))
  const next = (value) => (value < 0 ? " − " : " + ")
  return `z = ${w1 < 0 ? "−" : ""}${size(w1)} x₁${next(w2)}${size(w2)} x₂${next(b)}${size(b)}`
}
