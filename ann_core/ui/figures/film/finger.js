// What a learner points at in a network, and the point that they have put into the plane.
// Of a stage it asks for `film` and `place`, the moment of it that is shown, `draw()`, and what is to be said to the server.
class Finger {
  constructor(stage) {
    Object.assign(this, { stage, pointed: null, spot: null, note: null })
  }

  // What of all this is to be drawn.
  get seen() {
    const { film, place } = this.stage
    const networks = this.spot ? film.panels.filter(networkOf) : []
    const steps = new Map(networks.map((panel) => [panel, passed(panel, this.spot, place)]))
    return { pointed: this.pointed, spot: this.spot, steps, first: steps.get(networks[0]) }
  }

  // The pointer has moved, or is gone; says whether another link is pointed at.
  moved(canvas, event) {
    const link = this.pointed?.link
    const { panel, unit, x, y } = event ? this.stage.located(canvas, event) : {}
    this.pointed = panel ? (pointedAt(panel, x, y, NEAR * unit) ?? valueAt(panel, x, y, this.stage.place)) : null
    this.note = { canvas, x: event?.offsetX, y: event?.offsetY }
    this.tell()
    return link !== this.pointed?.link
  }

  // A picture is aimed at by keys: a neuron says all that leads into it.
  aimed(canvas, panel, mark, cell) {
    const [layers, number] = [networked(panel), neurons(panel).indexOf(mark)]
    const pixels = canvas.clientWidth / panel.width
    this.pointed = number >= 0 && layers.length ? { panel, ...placed(layers, number) } : mark?.values && cell ? { panel, valued: mark, cell } : null
    this.note = { canvas, x: (mark?.box[0] + mark?.box[2]) * pixels, y: mark?.box[1] * pixels, more: true }
    this.tell()
    return this.lines
  }

  // Another part of the film is drawn.
  turn(laid, film) {
    this.pointed = this.pointed && pointedAgain(this.pointed, laid, film)
  }

  // Whether something follows where a link is clicked.
  get picks() {
    return Boolean(this.pointed?.mark && ledTo(this.pointed).pick)
  }

  // A link was clicked: the neuron that it leads into is picked, and which of its weights.
  pick() {
    const { mark, link } = this.pointed ?? {}
    if (this.picks) this.stage.say({ pick: ledTo(this.pointed).pick, moment: this.stage.moment, weight: Math.floor(link / mark.second) })
  }

  // Put the point to a place of the plane, or take it away; gives the place that it could be put to.
  put(place) {
    const network = this.stage.film.panels.map(networkOf).find(Boolean)
    this.spot = place && network ? snapped(network, place) : null
    this.stage.draw()
    this.tell()
    return this.spot ?? place
  }

  // Move the point by keys.
  step(event, across, down, picks) {
    event.preventDefault()
    const { whole, corners } = this.stage.film.panels.map(networkOf).find(Boolean)
    const least = whole ? 1 / (corners.values[2] - corners.values[0]) : 0
    const by = Math.max(event.shiftKey ? 0.1 : 0.02, least)
    const [right, up] = this.spot ?? [0.5 - by * across, 0.5 + by * down]
    const place = this.put([right + by * across, up - by * down])
    if (picks) this.stage.say({ place })
  }

  // What is pointed at, in words and numbers, a line each.
  get lines() {
    const { stage, spot, pointed } = this
    if (!pointed) return []
    if (pointed.valued) return ofValue(pointed, stage.place, stage.film.words)
    const steps = spot && networkOf(pointed.panel) && passed(pointed.panel, spot, stage.place)
    const lines = said(pointed, stage.place, stage.film.words, steps)
    return this.note.more ? [...lines, ...leading(pointed, stage.place)] : lines
  }

  tell() {
    if (this.note) this.beside(this.note)
    this.answer()
  }

  // The note beside what is pointed at stays on the page.
  beside({ canvas, x, y }) {
    const [element, lines] = [canvas.parentElement.querySelector(".film-note"), this.lines]
    element.hidden = !lines.length
    element.replaceChildren(...lines.map((line) => made("span", line)))
    const room = element.parentElement.clientWidth - element.offsetWidth
    Object.assign(element.style, { left: `${Math.max(Math.min(x + 12, room), 0)}px`, top: `${canvas.offsetTop + y + 14}px` })
  }

  // What the networks of the film answer at the point, or how to put one there.
  answer() {
    const { film, place, playing, wanderer } = this.stage
    const holder = this.stage.find("said")
    const [line, button] = holder.children
    const networks = film.panels.filter(networkOf)
    const answers = this.spot && !wanderer.wanders ? networks.map((panel) => answered(panel, this.spot, place, film.words)) : []
    const titled = answers.map((text, number) => (networks.length > 1 ? `${networks[number].title}: ${text}` : text))
    const hint = networks.length ? (film.words[wanderer.wanders ? "said.wandering" : "said.nothing"] ?? "") : ""
    Object.assign(line, { textContent: titled.join(" ") || hint, ariaLive: playing ? "off" : "polite" })
    holder.hidden = !line.textContent
    Object.assign(button, { hidden: !answers.length, title: film.words.clear ?? "", ariaLabel: film.words.clear ?? "" })
  }
}
