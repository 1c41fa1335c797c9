// How the marks of a film are painted on a canvas, in the theme at hand.

const GROUND = 0.6
const FAINT = 70
const TO_INK = 45 // per cent, so that coloured words can be read in both themes
const LEAST_FRAME = 5 // pixels of the page
const TRAIL = 8 // places
const FAINT_TRAIL = 0.3
const [HEAD, SPREAD, SHORTEST] = [6, 0.5, 3] // of an arrow: pixels of the page; half its angle; none on one shorter than so many pixels
const MOST_COVERED = 0.6 // of a map's width, by the number on it
const SLIGHT = 0.02 // of a panel's unit: places are rounded

const across = (box, place) => box[0] + (box[2] * place) / FINEST
const upward = (box, place) => box[1] + box[3] * (1 - place / FINEST)

// Of every shade all four bytes at once, which are written several times as fast as one by one.
function wholePixels(shades) {
  return new Uint32Array(Uint8Array.from(shades.flatMap((shade) => [...shade, 255])).buffer)
}

// What every value of a picture looks like in the theme at hand.
function colours(film, element) {
  const style = getComputedStyle(element)
  const named = (name, other) => style.getPropertyValue(`--st-${name}`).trim() || other
  const probe = document.createElement("canvas").getContext("2d", { willReadFrequently: true })
  const rgb = (text) => {
    probe.fillStyle = text
    probe.fillRect(0, 0, 1, 1)
    return [...probe.getImageData(0, 0, 1, 1).data.slice(0, 3)]
  }
  const [paper, ink] = [named("background-color", "#fff"), named("text-color", "#222")]
  const mixed = (to, share) => rgb(paper).map((part, place) => Math.round(part + (to[place] - part) * share))
  const [negative, positive] = film.colours.signed.map(rgb)
  const classes = film.colours.classes.map(rgb)
  const table = (mix) => Array.from({ length: 256 }, (_, value) => mix(value))
  const tables = {
    signed: table((value) => mixed(value < 128 ? negative : positive, Math.min(1, Math.abs(value - 128) / 127))),
    classes: table((value) => mixed(classes[value >> 6], 0.1 + (0.9 * (value & 63)) / 63)),
    grey: table((value) => [value, value, value]),
    red: table((value) => [value, value >> 2, value >> 2]),
    green: table((value) => [value >> 2, value, value >> 2]),
    blue: table((value) => [value >> 2, value >> 1, value]),
  }
  return {
    paper,
    ink,
    font: named("font", "sans-serif"),
    signs: film.colours.signed,
    chosen: film.colours.chosen,
    ...tables,
    pixels: Object.fromEntries(Object.entries(tables).map(([name, shades]) => [name, wholePixels(shades)])),
    decided: Object.fromEntries(Object.entries(DECIDED).map(([name, certain]) => [name, wholePixels(certain(tables[name]))])),
  }
}

const inked = (colour, { ink }) => (colour ? `color-mix(in srgb, ${colour}, ${ink} ${TO_INK}%)` : ink)

// A frame of a picture that covers its own ground is what is left of a slightly larger ground: faster than four lines around it.
function underlaid(pen, [left, top, width, height], ink) {
  const edge = 0.35 * pen.unit
  pen.fillStyle = ink
  pen.fillRect(left - edge, top - edge, width + 2 * edge, height + 2 * edge)
}

function clipped(pen, frame) {
  pen.beginPath()
  pen.rect(...frame)
  pen.clip()
}

// Where lines leave their frame or are outside from the beginning: the place across, and the side, -1 above and 1 below.
function leaving({ box, frame }, places, points) {
  const [left, top, width, height] = frame
  const found = []
  for (let point = 0; point < places.length / 2; point++) {
    const [x, y] = [across(box, places[2 * point]), upward(box, places[2 * point + 1])]
    const [rise, fall] = [top - y, y - top - height]
    const side = rise > SLIGHT ? -1 : fall > SLIGHT ? 1 : 0
    const before = point % points ? upward(box, places[2 * point - 1]) : null
    const inside = before === null || (before >= top - SLIGHT && before <= top + height + SLIGHT)
    if (!side || !inside || x < left - SLIGHT || x > left + width + SLIGHT) continue
    const edge = side < 0 ? top : top + height
    const share = before === null ? 1 : (edge - before) / (y - before)
    const start = before === null ? x : across(box, places[2 * point - 2])
    found.push([start + (x - start) * share, side])
  }
  return found
}

// A small arrowhead on the edge, that says: it goes on out there.
function beyond(pen, { frame, colour }, x, side) {
  const edge = side < 0 ? frame[1] : frame[1] + frame[3]
  const size = 5 * pen.unit
  pen.fillStyle = colour
  pen.beginPath()
  pen.moveTo(x, edge)
  pen.lineTo(x - size, edge - side * 1.6 * size)
  pen.lineTo(x + size, edge - side * 1.6 * size)
  pen.fill()
}

function aimedCell(pen, mark, { aimed, colours }) {
  const { box } = mark
  const [rows, columns] = gridOf(mark)
  const [wide, high] = [box[2] / columns, box[3] / rows]
  pen.strokeStyle = colours.chosen
  pen.strokeRect(box[0] + aimed.cell[1] * wide, box[1] + aimed.cell[0] * high, wide, high)
}

// The heads of lines that are arrows.
function heads(pen, { box }, places, points) {
  for (let end = points - 1; end < places.length / 2; end += points) {
    const [[x0, y0], [x, y]] = [end - 1, end].map((point) => [across(box, places[2 * point]), upward(box, places[2 * point + 1])])
    const [length, angle] = [Math.hypot(x - x0, y - y0), Math.atan2(y - y0, x - x0)]
    if (length < SHORTEST * pen.unit) continue
    const size = Math.min(HEAD * pen.unit, 0.6 * length)
    pen.moveTo(x - size * Math.cos(angle - SPREAD), y - size * Math.sin(angle - SPREAD))
    pen.lineTo(x, y)
    pen.lineTo(x - size * Math.cos(angle + SPREAD), y - size * Math.sin(angle + SPREAD))
  }
}

// The number of a dot, in it.
function numbered(pen, x, y, radius, number, colours) {
  pen.font = `600 ${1.5 * radius}px ${colours.font}`
  Object.assign(pen, { fillStyle: "#fff", textAlign: "center", textBaseline: "middle" })
  pen.fillText(number, x, y)
}

function ring(pen, x, y, radius, colours) {
  for (const [colour, width] of [[colours.paper, 4.5], [colours.chosen, 2.5]]) {
    pen.strokeStyle = colour
    pen.lineWidth = width * pen.unit
    pen.beginPath()
    pen.arc(x, y, radius * pen.unit, 0, 7)
    pen.stroke()
  }
}

// Where a layer's outputs are in the box that shows them along two directions, as shares of its width and height.
function projected({ directions, corners }, outputs) {
  return [0, 1].map((axis) => {
    const place = outputs.reduce((sum, value, unit) => sum + value * directions.values[2 * unit + axis], 0)
    const [low, high] = [corners.values[axis], corners.values[2 + axis]]
    return (place - low) / (high - low)
  })
}

const DRAW = {
  picture(pen, mark, stage) {
    const shown = mark.main ? (stage.hovered ?? mark) : mark
    const [, rows, columns] = shown.frames.shape
    shown.image ??= new ImageData(columns, rows)
    shown.canvas ??= Object.assign(document.createElement("canvas"), { width: columns, height: rows })
    const [values, table] = [onTheWay(shown, "frames", stage), stage.colours[shown.decides && stage.decided ? "decided" : "pixels"][shown.palette]]
    const pixels = new Uint32Array(shown.image.data.buffer)
    const full = stage.largest?.get(stage.panel)?.get(shown.scaled)
    const share = full ? of(shown.greatest, stage.moment) / full : 1
    for (let place = 0; place < values.length; place++) pixels[place] = table[share === 1 ? values[place] : Math.round(128 + (values[place] - 128) * share)]
    if (mark.filling) for (let place = stage.moment + 1; place < values.length; place++) shown.image.data[4 * place + 3] = FAINT
    shown.canvas.getContext("2d").putImageData(shown.image, 0, 0)
    const opaque = !mark.main && !mark.filling
    if (opaque) underlaid(pen, mark.box, stage.colours.ink)
    pen.imageSmoothingEnabled = rows > 1 && !shown.crisp
    pen.globalAlpha = mark.main ? GROUND : 1 // so that points stand out
    pen.drawImage(shown.canvas, ...mark.box)
    pen.globalAlpha = 1
    if (mark.bordered || (mark.main && shown.palette === "signed")) border(pen, mark.box, values, columns, stage.colours.ink)
    const bold = mark.chosen || (mark === stage.hovered && !mark.main && !mark.spanned)
    if (bold || !opaque) {
      pen.strokeStyle = bold ? stage.colours.chosen : stage.colours.ink
      pen.lineWidth = (bold ? 3 : 0.7) * pen.unit
      pen.strokeRect(...mark.box)
    }
    if (mark === stage.aimed?.mark) aimedCell(pen, mark, stage)
    if (mark.spanned && mark.pick === stage.spanned?.pick) paintSpan(pen, mark, stage.spanned, stage.colours)
    if (mark.paper && stage.strokes) paintStrokes(pen, mark, stage.strokes, stage.colours)
  },

  dots(pen, mark, stage) {
    const { moment, colours, held_out } = stage
    if (mark.held_out && !held_out) return
    const [places, table] = [onTheWay(mark, "places", stage), colours[mark.palette]]
    const shade = (point) => `rgb(${table[mark.values.values[point]]})`
    const radius = mark.radius * Math.min(pen.unit, mark.box[2] / 240) // small where the picture is
    const edge = Math.min(pen.unit, radius / 3)
    const disc = (x, y, size, fill) => {
      pen.fillStyle = fill
      pen.beginPath()
      pen.arc(x, y, size, 0, 7)
      pen.fill()
    }
    const far = outside(mark, moment)
    Object.assign(pen, { strokeStyle: shade(0), lineWidth: radius, globalAlpha: FAINT_TRAIL })
    paintTrails(pen, mark, places, stage)
    pen.globalAlpha = 1
    for (let point = 0; point < places.length / 2; point++) {
      if (mark.strays && far.has(point)) continue
      const hollow = mark.held_out || far.has(point)
      const [x, y] = [across(mark.box, places[2 * point]), upward(mark.box, places[2 * point + 1])]
      disc(x, y, radius + edge, colours.ink)
      disc(x, y, radius + edge / 3, shade(point))
      if (hollow) disc(x, y, radius / 2, colours.paper)
      if (mark.numbered) numbered(pen, x, y, radius, point + 1, colours)
    }
    if (mark.strays) paintStrays(pen, mark, moment, places, shade(0), colours)
  },

  lines(pen, mark, stage) {
    const places = onTheWay(mark, "places", stage)
    const points = mark.places.shape[2]
    pen.strokeStyle = mark.colour
    pen.lineWidth = mark.width * pen.unit
    pen.setLineDash(mark.dashed ? [5 * pen.unit, 4 * pen.unit] : [])
    pen.save()
    const sides = mark.frame ?? mark.seen
    if (sides) clipped(pen, sides)
    pen.beginPath()
    for (let point = 0; point < places.length / 2; point++)
      pen[point % points ? "lineTo" : "moveTo"](across(mark.box, places[2 * point]), upward(mark.box, places[2 * point + 1]))
    if (mark.headed) heads(pen, mark, places, points)
    pen.stroke()
    pen.restore()
    pen.setLineDash([])
    if (mark.frame) for (const [x, side] of leaving(mark, places, points)) beyond(pen, mark, x, side)
  },

  links(pen, mark, { moment, colours, pointed }) {
    const [strengths, ends] = [at(mark.strengths, moment), mark.ends.values]
    const many = areMany(mark)
    const curve = (link) => {
      const [x, y, x2, y2] = ends.subarray(4 * link, 4 * link + 4)
      const middle = (x + x2) / 2
      pen.beginPath()
      pen.moveTo(x, y)
      if (many) pen.lineTo(x2, y2)
      else pen.bezierCurveTo(middle, y, middle, y2, x2, y2)
      pen.stroke()
    }
    const thickest = many ? 3 : 5
    const width = (share) => (0.4 + (thickest - 0.4) * share) * pen.unit
    strengths.forEach((strength, link) => {
      if (mark.quiet && !strength) return
      const share = Math.abs(strength) / 127
      pen.strokeStyle = colours.signs[+(strength > 0)]
      pen.globalAlpha = 0.12 + 0.88 * share
      pen.lineWidth = width(share)
      curve(link)
    })
    pen.globalAlpha = 1
    if (pointed?.mark !== mark) return
    const strength = strengths[pointed.link]
    for (const [colour, more] of [[colours.chosen, 4], [colours.signs[+(strength > 0)], 0]]) {
      pen.strokeStyle = colour
      pen.lineWidth = width(Math.abs(strength) / 127) + more * pen.unit
      curve(pointed.link)
    }
  },

  cells(pen, mark, { moment, colours, hovered, aimed }) {
    const [, rows, columns] = mark.values.shape
    const [values, shades, table] = [at(mark.values, moment), at(mark.frames, moment), colours[mark.palette]]
    const [left, top, width, height] = mark.box
    const [wide, high] = [width / columns, height / rows]
    pen.font = `${Math.min(high * 0.55, wide * 0.3)}px ${colours.font}`
    Object.assign(pen, { textAlign: "center", textBaseline: "middle", strokeStyle: colours.ink, lineWidth: 0.5 * pen.unit })
    values.forEach((value, place) => {
      const [x, y] = [left + (place % columns) * wide, top + Math.floor(place / columns) * high]
      const shade = table[shades[place]]
      pen.fillStyle = `rgb(${shade})`
      pen.fillRect(x, y, wide, high)
      pen.strokeRect(x, y, wide, high)
      pen.fillStyle = shade[0] * 0.3 + shade[1] * 0.6 + shade[2] * 0.1 > 140 ? "#111" : "#fff"
      pen.fillText(String(+value.toFixed(mark.digits)).replace("-", "−"), x + wide / 2, y + high / 2)
    })
    if (mark === hovered) Object.assign(pen, { strokeStyle: colours.chosen, lineWidth: 3 * pen.unit }).strokeRect(...mark.box)
    if (mark === aimed?.mark) aimedCell(pen, mark, { aimed, colours })
  },

  window(pen, mark, { moment, colours }) {
    const cells = at(mark.cells, moment)
    const [wide, high] = [mark.box[2] / mark.columns, mark.box[3] / mark.rows]
    const corner = (cell) => [mark.box[0] + cells[2 * cell + 1] * wide, mark.box[1] + cells[2 * cell] * high]
    pen.fillStyle = colours.chosen
    pen.globalAlpha = 0.2 // what is written beneath is to be read
    for (let cell = 0; cell < cells.length / 2; cell++) pen.fillRect(...corner(cell), wide, high)
    pen.globalAlpha = 1
    const [[left, top], [right, bottom]] = [corner(0), corner(cells.length / 2 - 1)]
    pen.strokeStyle = colours.chosen
    pen.lineWidth = 2 * pen.unit
    pen.strokeRect(left, top, right + wide - left, bottom + high - top)
  },

  sweep(pen, { boxes, stops: [rows, columns], frame: [left, top, wide, high], step }, { wandering, colours }) {
    if (wandering === null) return
    const stop = stopAt(wandering, rows * columns)
    const middle = [left + wide / 2 + (stop % columns) * step[0], top + high / 2 + Math.floor(stop / columns) * step[1]]
    for (let first = 0; first < boxes.values.length; first += 4) {
      const box = boxes.values.subarray(first, first + 4)
      const size = [wide * box[2], high * box[3]].map((side) => Math.max(side, LEAST_FRAME * pen.unit))
      const corner = [0, 1].map((axis) => box[axis] + middle[axis] * box[2 + axis] - size[axis] / 2)
      for (const [colour, width] of [[colours.paper, 3.5], [colours.chosen, 2]]) {
        Object.assign(pen, { strokeStyle: colour, lineWidth: width * pen.unit })
        pen.strokeRect(...corner, ...size)
      }
    }
  },

  stroll(pen, { box, places }, { wandering, colours }) {
    if (wandering === null) return
    const [, stops] = places.shape
    const stop = stopAt(wandering, stops)
    for (let back = TRAIL; back >= 0; back--) {
      const place = (stop - back + stops) % stops
      const [x, y] = [across(box, places.values[2 * place]), upward(box, places.values[2 * place + 1])]
      pen.globalAlpha = 1 - back / (TRAIL + 1)
      ring(pen, x, y, back ? 1.5 : 6, colours)
    }
    pen.globalAlpha = 1
  },

  // The point that was clicked, on every map, and what each neuron makes of it.
  network(pen, mark, { spot, steps, panel, colours }) {
    if (!spot) return
    const outputs = steps.get(panel).flatMap((step) => step.outputs)
    const size = 10 * Math.min(pen.unit, 2)
    pen.font = `600 ${size}px ${colours.font}`
    Object.assign(pen, { textAlign: "center", textBaseline: "middle" })
    neurons(panel).forEach(({ box }, number) => {
      ring(pen, box[0] + box[2] * spot[0], box[1] + box[3] * (1 - spot[1]), 3, colours)
      const texts = [exact(outputs[number]), brief(outputs[number])]
      const text = texts.find((each) => pen.measureText(each).width < MOST_COVERED * box[2]) ?? texts[1]
      const wide = pen.measureText(text).width + 0.6 * size
      const [right, low] = [box[0] + box[2], box[1] + box[3] - 0.2 * size]
      pen.fillStyle = colours.paper
      pen.fillRect(right - wide, low - 1.3 * size, wide, 1.3 * size)
      pen.fillStyle = colours.ink
      pen.fillText(text, right - wide / 2, low - 0.62 * size)
    })
  },

  spot(pen, mark, { spot, first, colours }) {
    if (!spot || (mark.layer && !first)) return
    const [right, up] = mark.layer ? projected(mark, first[mark.layer].outputs) : spot
    const [left, top, width, height] = mark.box
    if (Number.isFinite(right + up)) ring(pen, left + width * right, top + height * (1 - up), 7, colours)
  },

  contours: paintContours,

  mesh: paintMesh,

  cursor(pen, mark, { moment, colours }) {
    const x = across(mark.box, at(mark.places, moment)[0])
    pen.fillStyle = colours.chosen
    pen.fillRect(x - pen.unit, mark.box[1], 2 * pen.unit, mark.box[3])
  },

  place(pen, mark, { aimed, colours }) {
    if (mark === aimed?.mark) aimedCell(pen, mark, { aimed, colours })
  },

  neuron: paintNeuron,
  tokens: paintTokens,
  numbers: paintNumbers,
  labels: paintLabels,
  hatch: paintHatch,

  station() {}, // is lit by the tour

  words(pen, mark, { colours }) {
    pen.font = `${mark.size * (mark.bound ? 1 : Math.min(pen.unit, 2))}px ${colours.font}`
    Object.assign(pen, { fillStyle: inked(mark.colour, colours), textAlign: mark.align, textBaseline: "middle" })
    mark.texts.forEach((text, place) => pen.fillText(text, ...mark.places[place]))
  },
}

const unpainted = Object.keys(FORMAT.marks).filter((kind) => !DRAW[kind])
if (unpainted.length) throw new Error(`film: nothing paints the marks ${unpainted.join(", ")}`)
