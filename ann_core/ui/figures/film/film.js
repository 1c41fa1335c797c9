// Plays a film (charts/film): many small pictures over the moments of a training, on canvases, without the server.

const FINEST = 65535 // of a place along a box
const NARROWEST = 0.66 // of a panel on the page, in pixels for each of its units
const WIDEST = 1.25
const stages = new WeakMap()

export default function (component) {
  const { data, parentElement, setTriggerValue } = component
  if (!stages.has(parentElement)) stages.set(parentElement, new Stage(parentElement))
  const stage = stages.get(parentElement)
  stage.say = (picked) => setTriggerValue("picked", picked)
  const { source, film } = parted(data)
  stage.source = source
  stage.show(read(film))
  return () => stage.end()
}

// A record in front, and what stands behind it.
function counted(bytes) {
  const end = 4 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true)
  return [JSON.parse(new TextDecoder().decode(bytes.subarray(4, end))), bytes.subarray(end)]
}

function parted(bytes) {
  const [source, film] = counted(bytes)
  checkFields("source", source, FORMAT.source)
  return { source, film }
}

function read(bytes) {
  const [film, rest] = counted(bytes)
  check(film)
  const body = rest.slice().buffer
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

class Stage {
  constructor(root) {
    this.root = root
    this.find = (name) => root.querySelector(`.film-${name}`)
    this.moment = 0
    this.choice = this.find("choice") // kept, for it moves from figure to figure
    this.find("play").onclick = () => (this.playing ? this.pause() : this.play())
    this.find("slider").oninput = (event) => this.seek(+event.target.value)
    this.choice.onchange = () => (this.lay(), this.draw(), this.tell())
    this.find("numbers").ontoggle = () => this.tell()
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
      const keys = pickable(panel).length > 0
      Object.assign(canvas, { ariaLabel: this.called(panel), role: keys ? "application" : "img", tabIndex: keys ? 0 : -1 })
      return { panel, canvas, title }
    })
  }

  called(panel) {
    return pickable(panel).length ? `${panel.alt} ${this.film.words.keys}` : panel.alt
  }

  easel() {
    const figure = document.createElement("figure")
    figure.innerHTML = "<figcaption><span></span></figcaption><canvas></canvas>"
    const canvas = figure.lastChild
    canvas.onpointermove = (event) => this.hover(canvas, event)
    canvas.onpointerleave = () => this.hover(canvas, null)
    canvas.onkeydown = (event) => this.steer(canvas, event)
    canvas.onblur = () => this.aim(canvas, null)
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

  // What a pointer does, by keys: arrows lead from picture to picture, with Shift from cell to cell, and Enter picks.
  steer(canvas, event) {
    const [across, down] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key] ?? [0, 0]
    const picks = event.key === "Enter" || event.key === " "
    const marks = pickable(this.easels.find((easel) => easel.canvas === canvas).panel)
    if (!marks.length || !(across || down || picks)) return
    event.preventDefault()
    const place = marks.indexOf(this.aimed?.mark)
    const mark = marks[place < 0 ? 0 : event.shiftKey || picks ? place : (place + across + down + marks.length) % marks.length]
    const [, rows, columns] = mark.frames.shape
    const [row, column] = mark === this.aimed?.mark ? this.aimed.cell : [rows >> 1, columns >> 1]
    const cell = event.shiftKey ? [(row + down + rows) % rows, (column + across + columns) % columns] : [row, column]
    this.aim(canvas, { mark, cell })
    if (picks) this.say({ pick: mark.pick, moment: this.moment, cell })
  }

  aim(canvas, aimed) {
    this.aimed = aimed
    this.hovered = aimed?.mark ?? null
    const panel = this.easels.find((easel) => easel.canvas === canvas)?.panel
    if (!panel) return
    const cell = aimed?.cell.map((place) => place + 1) ?? []
    canvas.ariaLabel = aimed ? [aimed.mark.name, ...cell].join(" ") : this.called(panel)
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
    this.tell()
  }

  go(moment) {
    this.moment = moment
    this.label()
    this.draw()
    this.tell()
  }

  // The numbers of this moment, where they are wanted and it does not run away.
  tell() {
    const numbers = this.find("numbers")
    if (!this.easels) return
    const told = this.easels.map(({ panel }) => panel).filter((panel) => panel.told)
    numbers.hidden = !told.length
    const [summary, holder] = numbers.children
    summary.textContent = this.film.words.numbers
    if (numbers.open && !this.playing) holder.replaceChildren(...tables(told, this.moment, this.film.words))
  }

  label() {
    if (!this.film) return
    const { moments, words } = this.film
    const [slider, button] = [this.find("slider"), this.find("play")]
    Object.assign(slider, { value: this.moment, ariaValueText: moments[this.moment] })
    Object.assign(button, { textContent: this.playing ? "❚❚" : "▶", ariaLabel: this.playing ? words.pause : words.play })
    this.find("caption").textContent = moments[this.moment]
    this.find("source").textContent = this.source.text.replace("{epoch}", this.source.epochs[this.moment])
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

const pickable = (panel) => panel.marks.filter(({ pick }) => pick)
