// Plays a film (charts/film.py): many small pictures over the moments of a training, on canvases, without the server.

const TYPES = { u1: Uint8Array, i1: Int8Array, u2: Uint16Array, f4: Float32Array }
const FINEST = 65535 // of a place along a box
const NARROWEST = 0.66 // of a panel on the page, in pixels for each of its units
const WIDEST = 1.25
const GROUND = 0.6
const FAINT = 70
const stages = new WeakMap()

export default function (component) {
  const { data, parentElement, setTriggerValue } = component
  if (!stages.has(parentElement)) stages.set(parentElement, new Stage(parentElement))
  const stage = stages.get(parentElement)
  stage.say = (picked) => setTriggerValue("picked", picked)
  stage.show(read(data))
  return () => stage.end()
}

function read(bytes) {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true)
  const film = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)))
  const body = bytes.slice(4 + length).buffer
  for (const mark of film.panels.flatMap((panel) => panel.marks))
    for (const [name, part] of Object.entries(mark))
      if (part?.type) {
        const size = part.shape.reduce((product, side) => product * side, 1)
        mark[name] = { shape: part.shape, values: new TYPES[part.type](body, part.place, size) }
      }
  return film
}

// The part of an array that belongs to a moment; what has one moment stays as it is.
function at({ shape, values }, moment) {
  const size = values.length / shape[0]
  const row = shape[0] > 1 ? moment : 0
  return values.subarray(row * size, (row + 1) * size)
}

const across = (box, place) => box[0] + (box[2] * place) / FINEST
const upward = (box, place) => box[1] + box[3] * (1 - place / FINEST)

class Stage {
  constructor(root) {
    this.root = root
    this.find = (name) => root.querySelector(`.film-${name}`)
    this.moment = 0
    this.choice = this.find("choice") // kept, for it moves from figure to figure
    this.find("play").onclick = () => (this.playing ? this.pause() : this.play())
    this.find("slider").oninput = (event) => this.seek(+event.target.value)
    this.choice.onchange = () => (this.lay(), this.draw())
    this.watcher = new ResizeObserver(() => this.draw())
    this.watcher.observe(this.find("panels"))
  }

  end() {
    this.pause()
    this.watcher.disconnect()
    stages.delete(this.root)
  }

  show(film) {
    const old = this.film
    if (old?.hash === film.hash) film = old
    this.film = film
    this.colours = colours(film, this.root.host ?? this.root)
    if (film !== old) {
      const last = film.moments.length - 1
      this.moment = old?.name === film.name ? Math.min(this.moment, last) : film.begin
      this.hovered = null
      Object.assign(this.find("slider"), { max: last, ariaLabel: film.words.moment })
      this.find("bar").hidden = last < 1
      this.choices()
      this.lay()
      this.pause()
      const calm = matchMedia("(prefers-reduced-motion: reduce)").matches
      if (film.play && old?.name !== film.name && !calm) return this.play()
    }
    this.go(this.moment)
  }

  // Of the panels that take the same place, one is shown: the learner says which.
  choices() {
    const select = this.choice
    const names = this.film.panels.map((panel) => panel.choice).filter(Boolean)
    const kept = names.includes(select.value) ? select.value : names.at(-1)
    select.replaceChildren(...names.map((name) => new Option(name, name, false, name === kept)))
    select.ariaLabel = this.film.words.choice
    select.hidden = names.length < 2
  }

  lay() {
    const shown = this.film.panels.filter((panel) => !panel.choice || panel.choice === this.choice.value)
    const holder = this.find("panels")
    holder.style.display = this.film.columns ? "grid" : ""
    holder.style.gridTemplateColumns = `repeat(${this.film.columns}, minmax(0, 1fr))`
    while (holder.children.length > shown.length) holder.lastChild.remove()
    while (holder.children.length < shown.length) holder.append(this.easel())
    this.easels = shown.map((panel, place) => {
      const figure = holder.children[place]
      const [caption, canvas] = figure.children
      figure.style.flex = `${panel.width} 1 ${NARROWEST * panel.width}px`
      figure.style.maxWidth = `${WIDEST * panel.width}px`
      const title = caption.firstChild
      title.textContent = panel.title
      if (panel.choice) caption.append(this.choice)
      canvas.ariaLabel = panel.alt
      return { panel, canvas, title }
    })
  }

  easel() {
    const figure = document.createElement("figure")
    figure.innerHTML = "<figcaption><span></span></figcaption><canvas role='img'></canvas>"
    const canvas = figure.lastChild
    canvas.onpointermove = (event) => this.hover(canvas, event)
    canvas.onpointerleave = () => this.hover(canvas, null)
    canvas.onclick = (event) => {
      const { mark, place, cell } = this.under(canvas, event)
      if (mark?.leading_rows) this.seek(cell[0])
      else if (mark?.filling) this.seek(Math.min(cell[0] * mark.frames.shape[2] + cell[1], this.film.moments.length - 1))
      else if (mark) this.say(mark.main ? { place } : { pick: mark.pick, moment: this.moment, cell })
    }
    return figure
  }

  // The picture under the pointer that says something when it is picked, and where on it the pointer is.
  under(canvas, event) {
    const { panel } = this.easels.find((easel) => easel.canvas === canvas)
    const [x, y] = [event.offsetX, event.offsetY].map((pixels) => (pixels * panel.width) / canvas.clientWidth)
    const inside = ([left, top, width, height]) => x >= left && x <= left + width && y >= top && y <= top + height
    const mark = panel.marks.find(({ pick, main, filling, leading_rows, box }) => (pick || main || filling || leading_rows) && inside(box))
    if (!mark) return {}
    const [left, top, width, height] = mark.box
    const [right, down] = [(x - left) / width, (y - top) / height]
    const cell = [down, right].map((share, axis) => Math.min(Math.floor(share * mark.frames.shape[axis + 1]), mark.frames.shape[axis + 1] - 1))
    return { mark, place: [right, 1 - down], cell }
  }

  hover(canvas, event) {
    const { mark = null, cell } = event ? this.under(canvas, event) : {}
    canvas.style.cursor = mark ? "pointer" : ""
    if (mark?.leading_rows && cell[0] !== this.moment) this.seek(cell[0])
    if (mark === this.hovered) return
    this.hovered = mark
    const other = mark && !mark.main
    for (const { panel, title } of this.easels) title.textContent = (other && panel.hovered) || panel.title
    this.draw()
  }

  play() {
    const { length } = this.film.moments
    const first = this.moment >= length - 1 ? 0 : this.moment
    const begun = performance.now()
    const step = (now) => {
      const moment = Math.min(length - 1, first + Math.floor((Math.max(0, now - begun) / 1000) * this.film.pace))
      this.playing = moment < length - 1 ? requestAnimationFrame(step) : null
      if (moment !== this.moment || !this.playing) this.go(moment)
    }
    this.playing = requestAnimationFrame(step)
    this.go(first)
  }

  seek(moment) {
    this.pause()
    this.go(moment)
  }

  pause() {
    cancelAnimationFrame(this.playing)
    this.playing = null
    this.label()
  }

  go(moment) {
    this.moment = moment
    this.label()
    this.draw()
  }

  label() {
    if (!this.film) return
    const { moments, words } = this.film
    const [slider, button] = [this.find("slider"), this.find("play")]
    Object.assign(slider, { value: this.moment, ariaValueText: moments[this.moment] })
    Object.assign(button, { textContent: this.playing ? "❚❚" : "▶", ariaLabel: this.playing ? words.pause : words.play })
    this.find("caption").textContent = moments[this.moment]
  }

  draw() {
    for (const { panel, canvas } of this.easels ?? []) {
      const width = canvas.clientWidth
      if (!width) continue
      const [height, dense] = [(width * panel.height) / panel.width, devicePixelRatio]
      canvas.style.height = `${height}px`
      if (canvas.width !== Math.round(width * dense)) canvas.width = Math.round(width * dense)
      if (canvas.height !== Math.round(height * dense)) canvas.height = Math.round(height * dense)
      const pen = canvas.getContext("2d")
      const scale = (width / panel.width) * dense
      pen.setTransform(1, 0, 0, 1, 0, 0)
      pen.clearRect(0, 0, canvas.width, canvas.height)
      pen.setTransform(scale, 0, 0, scale, 0, 0)
      pen.unit = dense / scale // one pixel of the page in the panel's units
      for (const mark of panel.marks) DRAW[mark.kind](pen, mark, this)
    }
  }
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
  },

  dots(pen, mark, { moment, colours }) {
    const [places, table] = [at(mark.places, moment), colours[mark.palette]]
    const radius = Math.min(mark.radius * pen.unit, mark.box[2] / 80) // small where the picture is
    pen.lineWidth = Math.min(pen.unit, radius / 3)
    for (let point = 0; point < places.length / 2; point++) {
      pen.beginPath()
      pen.arc(across(mark.box, places[2 * point]), upward(mark.box, places[2 * point + 1]), radius, 0, 7)
      const colour = `rgb(${table[mark.values.values[point]]})`
      pen.fillStyle = mark.hollow ? colours.paper : colour
      pen.strokeStyle = mark.hollow ? colour : colours.paper
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
    pen.beginPath()
    for (let point = 0; point < places.length / 2; point++)
      pen[point % points ? "lineTo" : "moveTo"](across(mark.box, places[2 * point]), upward(mark.box, places[2 * point + 1]))
    pen.stroke()
    pen.setLineDash([])
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
    pen.globalAlpha = 0.45
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
