// How the marks of a film are painted on a canvas, in the theme at hand.

const GROUND = 0.6
const FAINT = 70
const SLIGHT = 0.02 // of a panel's unit: places are rounded

const across = (box, place) => box[0] + (box[2] * place) / FINEST
const upward = (box, place) => box[1] + box[3] * (1 - place / FINEST)

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
  return {
    paper,
    ink,
    font: named("font", "sans-serif"),
    signs: film.colours.signed,
    chosen: film.colours.chosen,
    signed: table((value) => mixed(value < 128 ? negative : positive, Math.min(1, Math.abs(value - 128) / 127))),
    classes: table((value) => mixed(classes[value >> 6], 0.1 + (0.9 * (value & 63)) / 63)),
    grey: table((value) => [value, value, value]),
    red: table((value) => [value, value >> 2, value >> 2]),
    green: table((value) => [value >> 2, value, value >> 2]),
    blue: table((value) => [value >> 2, value >> 1, value]),
  }
}

// The line on which values change their sign: between the centres of four neighbouring cells it is straight.
function border(pen, [left, top, width, height], values, columns, ink) {
  const rows = values.length / columns
  const level = (row, column) => values[row * columns + column] - 128.5
  pen.beginPath()
  for (let row = 0; row < rows - 1; row++)
    for (let column = 0; column < columns - 1; column++) {
      const corners = [[row, column], [row, column + 1], [row + 1, column + 1], [row + 1, column]]
      const levels = corners.map(([r, c]) => level(r, c))
      let drawn = 0
      for (let side = 0; side < 4; side++) {
        const [here, next] = [levels[side], levels[(side + 1) % 4]]
        if (here > 0 === next > 0) continue
        const share = here / (here - next)
        const [y, x] = corners[side].map((place, axis) => place + (corners[(side + 1) % 4][axis] - place) * share + 0.5)
        pen[drawn++ % 2 ? "lineTo" : "moveTo"](left + (x / columns) * width, top + (y / rows) * height)
      }
    }
  pen.strokeStyle = ink
  pen.lineWidth = 1.8 * pen.unit
  pen.stroke()
}

function within(pen, frame) {
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

function aimedCell(pen, { box, frames }, { aimed, colours }) {
  const [wide, high] = [box[2] / frames.shape[2], box[3] / frames.shape[1]]
  pen.strokeStyle = colours.chosen
  pen.strokeRect(box[0] + aimed.cell[1] * wide, box[1] + aimed.cell[0] * high, wide, high)
}

const DRAW = {
  picture(pen, mark, stage) {
    const shown = mark.main ? (stage.hovered ?? mark) : mark
    const [, rows, columns] = shown.frames.shape
    shown.image ??= new ImageData(columns, rows)
    shown.canvas ??= Object.assign(document.createElement("canvas"), { width: columns, height: rows })
    const [values, table] = [at(shown.frames, stage.moment), stage.colours[shown.palette]]
    const pixels = shown.image.data
    for (let place = 0; place < values.length; place++) {
      pixels.set(table[values[place]], 4 * place)
      pixels[4 * place + 3] = mark.filling && place > stage.moment ? FAINT : 255
    }
    shown.canvas.getContext("2d").putImageData(shown.image, 0, 0)
    pen.imageSmoothingEnabled = rows > 1 && !shown.crisp
    pen.globalAlpha = mark.main ? GROUND : 1 // so that points stand out
    pen.drawImage(shown.canvas, ...mark.box)
    pen.globalAlpha = 1
    if (mark.main && shown.palette === "signed") border(pen, mark.box, values, columns, stage.colours.ink)
    const bold = mark.chosen || (mark === stage.hovered && !mark.main)
    pen.strokeStyle = bold ? stage.colours.chosen : stage.colours.ink
    pen.lineWidth = (bold ? 3 : 0.7) * pen.unit
    pen.strokeRect(...mark.box)
    if (mark === stage.aimed?.mark) aimedCell(pen, mark, stage)
  },

  dots(pen, mark, { moment, colours }) {
    const [places, table] = [at(mark.places, moment), colours[mark.palette]]
    const radius = Math.min(mark.radius * pen.unit, mark.box[2] / 80) // small where the picture is
    pen.lineWidth = Math.min(pen.unit, radius / 3)
    const far = outside(mark, moment)
    for (let point = 0; point < places.length / 2; point++) {
      const hollow = mark.hollow || far.has(point)
      pen.beginPath()
      pen.arc(across(mark.box, places[2 * point]), upward(mark.box, places[2 * point + 1]), radius, 0, 7)
      const colour = `rgb(${table[mark.values.values[point]]})`
      pen.fillStyle = hollow ? colours.paper : colour
      pen.strokeStyle = hollow ? colour : colours.paper
      pen.fill()
      pen.stroke()
    }
  },

  lines(pen, mark, { moment }) {
    const places = at(mark.places, moment)
    const points = mark.places.shape[2]
    pen.strokeStyle = mark.colour
    pen.lineWidth = mark.width * pen.unit
    pen.setLineDash(mark.dashed ? [5 * pen.unit, 4 * pen.unit] : [])
    pen.save()
    const sides = mark.frame ?? mark.seen
    if (sides) within(pen, sides)
    pen.beginPath()
    for (let point = 0; point < places.length / 2; point++)
      pen[point % points ? "lineTo" : "moveTo"](across(mark.box, places[2 * point]), upward(mark.box, places[2 * point + 1]))
    pen.stroke()
    pen.restore()
    pen.setLineDash([])
    if (mark.frame) for (const [x, side] of leaving(mark, places, points)) beyond(pen, mark, x, side)
  },

  links(pen, mark, { moment, colours }) {
    const [strengths, ends] = [at(mark.strengths, moment), mark.ends.values]
    strengths.forEach((strength, link) => {
      if (mark.quiet && !strength) return
      const [x, y, x2, y2] = ends.subarray(4 * link, 4 * link + 4)
      const share = Math.abs(strength) / 127
      const middle = (x + x2) / 2
      pen.strokeStyle = colours.signs[+(strength > 0)]
      pen.globalAlpha = 0.12 + 0.88 * share
      pen.lineWidth = (0.4 + 4.6 * share) * pen.unit
      pen.beginPath()
      pen.moveTo(x, y)
      pen.bezierCurveTo(middle, y, middle, y2, x2, y2)
      pen.stroke()
    })
    pen.globalAlpha = 1
  },

  cells(pen, mark, { moment, colours }) {
    const [, rows, columns] = mark.values.shape
    const [values, shades, table] = [at(mark.values, moment), at(mark.frames, moment), colours[mark.palette]]
    const [left, top, width, height] = mark.box
    const [wide, high] = [width / columns, height / rows]
    pen.font = `${Math.min(high * 0.42, wide * 0.3)}px ${colours.font}`
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

  cursor(pen, mark, { moment, colours }) {
    const x = across(mark.box, at(mark.places, moment)[0])
    pen.fillStyle = colours.chosen
    pen.fillRect(x - pen.unit, mark.box[1], 2 * pen.unit, mark.box[3])
  },

  words(pen, mark, { colours }) {
    pen.font = `${mark.size * Math.min(pen.unit, 2)}px ${colours.font}`
    Object.assign(pen, { fillStyle: mark.colour || colours.ink, textAlign: mark.align, textBaseline: "middle" })
    mark.texts.forEach((text, place) => pen.fillText(text, ...mark.places[place]))
  },
}

const unpainted = Object.keys(FORMAT.marks).filter((kind) => !DRAW[kind])
if (unpainted.length) throw new Error(`film: nothing paints the marks ${unpainted.join(", ")}`)
