// Plays a film (charts/film): many small pictures over the moments of a training, on canvases, without the server.

const FINEST = 65535 // of a place along a box
const NARROWEST = 0.75 // of a panel on the page, in pixels for each of its units
const WIDEST = 1.6
const AHEAD = 12 // moments
const LARGE_STEP = 5 // cells
const SPEEDS = { "¼×": 0.25, "½×": 0.5, "1×": 1, "4×": 4 }
const stages = new WeakMap()
const left = new Map() // where films were when their place on the page was taken away: they go on there when it is given back

const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches
const pickable = (panel) => panel.marks.filter(({ pick }) => pick)
const marksOf = (film) => film?.panels.flatMap((panel) => panel.marks) ?? []

// A mark of a film as it is in another part of the same film.
const twinOf = (mark, film, other) => (film === other ? mark : (marksOf(other)[marksOf(film).indexOf(mark)] ?? null))

function shown(component) {
  const { data, parentElement, setTriggerValue } = component
  if (!stages.has(parentElement)) stages.set(parentElement, new Stage(parentElement))
  const stage = stages.get(parentElement)
  stage.say = (picked) => (setTriggerValue("picked", picked), stage.outside.said(picked))
  stage.ask = () => setTriggerValue("lacking", true)
  stage.beg = () => setTriggerValue("ended", true)
  stage.answer = (moment) => setTriggerValue("turned", { moment })
  stage.show(parted(data))
  return () => stage.end()
}

class Stage {
  constructor(root) {
    this.root = root
    this.find = (name) => root.querySelector(`.film-${name}`)
    this.playing = false
    this.clock = new Clock(this)
    this.between = new Between(this)
    this.finger = new Finger(this)
    this.wanderer = new Wanderer(this)
    this.pad = new Pad(this)
    this.dial = new Dial(this)
    this.span = new Span(this)
    this.outside = new Outside(this)
    this.tour = new Tour(this)
    this.choice = this.find("choice") // kept, for it moves from figure to figure
    this.find("source").after(this.choice)
    this.find("panels").replaceChildren() // those of a stage before would answer for its film
    this.find("start").onclick = () => this.seek(0)
    this.find("back").onclick = () => this.step(-1)
    this.find("play").onclick = () => (this.playing ? this.pause() : this.play())
    this.find("on").onclick = () => this.step(1)
    this.find("end").onclick = () => this.toEnd()
    this.find("slider").oninput = (event) => this.seek(+event.target.value)
    this.choice.onchange = () => (this.lay(), this.draw(), this.tell())
    this.find("numbers").ontoggle = () => this.tell()
    this.find("said").lastElementChild.onclick = () => this.finger.put(null)
    this.find("panels").onkeydown = (event) => {
      this.tour.key(event)
      if (event.key === "Escape" && !this.span.drop()) this.out() // a handler that gives false would hold the Tab key back
    }
    this.switches = new Switches(this)
    this.watcher = new ResizeObserver(() => this.draw())
    this.watcher.observe(this.find("panels"))
    this.sight = new Sight(() => this.draw())
  }

  end() {
    if (this.reel) left.set(this.take, { said: this.film.moments[this.place], playing: this.playing, atTheEnd: this.moment === this.reel.length - 1 })
    this.clock.stop()
    this.watcher.disconnect()
    this.sight.end()
    this.switches.end()
    this.wanderer.end()
    stages.delete(this.root)
  }

  // Back from the last thing that was opened, put or shown.
  out() {
    if (this.tour.station) this.tour.put(null)
    else if (this.film.words["do.out"]) this.do("out")
    else this.finger.put(null)
  }

  // Of which training the film is.
  get take() {
    const { name, take } = this.reel.last
    return `${take} ${name}`
  }

  // The part of the film that has the moment shown, and which of its own moments that is.
  get film() {
    return this.reel.of(this.moment)
  }

  get place() {
    return this.moment - this.film.first
  }

  show(part) {
    if (!part.panels) this.reel?.has(part) ? this.stay(part) : this.ask()
    else if (this.reel?.shows(part)) this.stay(this.reel.renewed(part))
    else if (this.reel?.isOf(part)) this.goOn(part)
    else if (part.first) this.ask()
    else this.begin(part)
    this.hear(part.asked)
  }

  // The server wants to know where a film is that plays: it stays there until the answer has come.
  hear(asked) {
    const news = asked !== this.asked
    this.asked = asked
    if (!news) return
    if (!asked && this.playing) this.clock.start()
    if (!asked || !this.playing) return
    this.clock.stop()
    this.answer(this.moment)
  }

  // Nothing new has come; a training that has changed its way ends earlier than what was here.
  stay(part) {
    Object.assign(this.reel.last, { more: part.more, endless: part.endless })
    this.moment = Math.min(this.moment, this.reel.length - 1)
    this.shine()
  }

  // Another film of the same training, at the same moment.
  turnTo(reel) {
    this.reel = reel
    this.dress()
    this.stay(reel.last)
  }

  // In the colours of the theme at hand.
  shine() {
    this.colours = colours(this.film, this.root.host ?? this.root)
    this.sight.look(this.find("panels").querySelectorAll("canvas"))
    this.go(this.moment)
  }

  begin(part) {
    this.pause()
    this.reel = new Reel(part)
    this.outside.came()
    this.laid = null
    this.dress()
    const before = left.get(this.take)
    left.delete(this.take)
    const there = part.moments.indexOf(before?.said)
    const grown = before?.atTheEnd && there < part.moments.length - 1
    const plays = !calm() && (there < 0 ? part.play : before.playing || grown)
    this.moment = there >= 0 && (plays || !grown) ? there : plays ? 0 : part.begin
    this.shine()
    plays ? this.play() : this.wanderer.start()
  }

  // More of the same film, the whole of it, or what has been here already.
  goOn(part) {
    const { reel } = this
    const [said, { length, last }] = [this.film.moments[this.place], reel]
    const [atTheEnd, waited] = [this.moment === length - 1, last.more]
    this.outside.came()
    if (!reel.take(part)) return this.ask()
    const anew = part.edition !== last.edition || reel.length < length
    if (anew && this.moment >= part.from) this.moment = part.moments.includes(said) ? part.moments.indexOf(said) : Math.min(this.moment, reel.length - 1)
    const grown = reel.length > length
    if (grown && atTheEnd && calm()) this.moment = reel.length - 1
    this.dress()
    this.shine()
    if (this.playing || (grown && atTheEnd && !waited && !calm())) this.play()
  }

  // What the controls are called, and how far they reach.
  dress() {
    const { words, more, inCourse } = this.reel.last
    const steps = (more ? this.reel.expected : this.reel.length) - 1
    for (const name of ["start", "back", "on", "end"]) Object.assign(this.find(name), { ariaLabel: words[name], title: words[name] })
    Object.assign(this.find("slider"), { max: steps, ariaLabel: words.moment, title: words.moment })
    this.find("bar").hidden = steps < 1 && !inCourse
    this.find("bar").classList.toggle("film-small", this.reel.last.small)
    this.find("bar").inert = this.reel.expected < 2
    const speeds = this.find("speed")
    const kept = speeds.value || 1
    this.switches.dress()
    speeds.replaceChildren(...Object.entries({ ...SPEEDS, [words.fastest]: Infinity }).map((speed) => new Option(...speed)))
    Object.assign(speeds, { value: kept, ariaLabel: words.speed, title: words.speed })
  }

  // Another part is drawn: what was pointed at in the one before is pointed at in this one.
  turn() {
    const twin = (mark) => twinOf(mark, this.laid, this.film)
    const aimed = this.aimed && twin(this.aimed.mark)
    this.hovered = this.hovered && twin(this.hovered)
    this.aimed = aimed && { ...this.aimed, mark: aimed }
    this.finger.turn(this.laid, this.film)
    this.laid = this.film
    this.tour.turn()
    this.choices()
    this.lay()
    this.offer()
    this.pad.laid()
    this.span.laid()
  }

  // Of the panels that take the same place, one is shown: the learner says which.
  choices() {
    const select = this.choice
    const names = this.film.panels.map((panel) => panel.choice).filter(Boolean)
    const kept = names.includes(select.value) ? select.value : names.at(-1)
    if (String([...select.options].map(({ text }) => text)) !== String(names))
      select.replaceChildren(...names.map((name) => new Option(name, name, false, name === kept)))
    select.ariaLabel = this.film.words.choice
    select.hidden = names.length < 2
  }

  lay() {
    const shown = this.film.panels.filter((panel) => !panel.choice || panel.choice === this.choice.value)
    const holder = this.find("panels")
    holder.style.display = this.film.columns ? "grid" : ""
    holder.style.gridTemplateColumns = `repeat(${this.film.columns}, minmax(0, 1fr))`
    const held = holder.contains(this.root.activeElement ?? document.activeElement)
    while (holder.children.length > shown.length) this.sight.leave(holder.lastChild)
    while (holder.children.length < shown.length) holder.append(this.easel())
    const large = shown.filter((panel) => panel.large).reduce((sum, panel) => sum + panel.width, 0)
    this.easels = shown.map((panel, place) => {
      const figure = holder.children[place]
      const [caption, canvas, legend] = figure.children
      const least = NARROWEST * panel.width
      const basis = panel.alone ? "100%" : panel.large ? `max(${least}px, ${(100 * panel.width) / large}% - 1.2rem)` : `${least}px`
      figure.style.flex = `${panel.width} 1 ${basis}`
      figure.style.maxWidth = `${WIDEST * panel.width}px`
      const title = caption.firstChild
      if (panel.choice && this.choice.parentNode !== caption) caption.append(this.choice)
      const keys = pickable(panel).length > 0 || spotOf(panel) || leadingOf(panel)
      Object.assign(canvas, { ariaLabel: this.called(panel), role: keys ? "application" : "img", tabIndex: keys ? 0 : -1 })
      return { panel, canvas, title, legend, layers: layersOf(panel) }
    })
    this.name()
    if (held && !holder.contains(this.root.activeElement ?? document.activeElement)) this.easels[0].canvas.focus({ preventScroll: true })
  }

  // What the server offers to do with the picture, each a button; the word for it says what it is.
  do(name) {
    this.say({ do: name, moment: this.moment })
  }

  offer() {
    const offered = Object.entries(this.film.words).filter(([name]) => name.startsWith("do."))
    const holder = this.find("deeds")
    if (String(offered) === this.offered) return
    this.offered = String(offered)
    const button = ([name, text]) => Object.assign(made("button", text), { type: "button", onclick: () => this.do(name.slice(3)) })
    holder.replaceChildren(...offered.map(button))
  }

  called(panel) {
    const { words } = this.film
    const keys = pickable(panel).length ? words.keys : spotOf(panel) ? words["keys.point"] : leadingOf(panel) ? words["keys.lead"] : ""
    return [panel.alt, keys].filter(Boolean).join(" ")
  }

  easel() {
    const figure = document.createElement("figure")
    figure.innerHTML = '<figcaption><span></span></figcaption><canvas></canvas><div class="film-legend" hidden></div><div class="film-note" aria-hidden="true" hidden></div>'
    const canvas = figure.querySelector("canvas")
    this.sight.watch(canvas)
    canvas.onpointermove = (event) => this.hover(canvas, event)
    canvas.onpointerdown = (event) => this.hover(canvas, event) // a finger does not hover
    takeHold(this, canvas)
    this.pad.listen(canvas)
    this.dial.listen(canvas)
    this.span.listen(canvas)
    canvas.onpointerleave = (event) => event.pointerType !== "touch" && this.hover(canvas, null)
    canvas.onkeydown = (event) => this.steer(canvas, event)
    canvas.onblur = () => (this.aim(canvas, null), this.span.drop())
    keepsPage(canvas, (event) => this.under(canvas, event).mark?.leads)
    canvas.onclick = (event) => {
      const { mark, place, cell } = this.under(canvas, event)
      if (mark?.spanned) return
      const led = mark && ledMoment(mark, cell)
      if (Number.isInteger(led)) this.seek(led)
      else if (mark?.filling) this.seek(Math.min(cell[0] * mark.frames.shape[2] + cell[1], this.reel.length - 1))
      else if (mark?.main) this.say({ place: this.finger.put(place) })
      else if (mark) this.say({ pick: mark.pick, moment: this.moment, cell })
      else this.finger.pick()
    }
    return figure
  }

  // Where a panel is pointed at, in its own units, and how many of them are a pixel.
  located(canvas, event) {
    const { panel } = this.easels.find((easel) => easel.canvas === canvas)
    const unit = panel.width / canvas.clientWidth
    return { panel, unit, x: event.offsetX * unit, y: event.offsetY * unit }
  }

  // The picture under the pointer that says something when it is picked, and where on it the pointer is.
  under(canvas, event) {
    const { panel, x, y } = this.located(canvas, event)
    const mark = panel.marks.find(({ pick, main, filling, leading_rows, leads, box }) => (pick || main || filling || leading_rows || leads) && within(box, x, y))
    if (!mark) return {}
    const [left, top, width, height] = mark.box
    return { mark, place: [(x - left) / width, 1 - (y - top) / height], cell: cellAt(mark, x, y) }
  }

  hover(canvas, event) {
    const { mark = null, cell } = event ? this.under(canvas, event) : {}
    const another = this.finger.moved(canvas, event)
    canvas.style.cursor = (mark && !mark.spanned) || this.finger.picks ? "pointer" : event ? this.cursor(canvas, event) : ""
    const led = mark && ledMoment(mark, cell)
    if (Number.isInteger(led) && led !== this.moment) this.seek(led)
    if (mark === this.hovered && !another) return
    this.hovered = mark
    this.name()
    this.draw()
  }

  cursor(canvas, event) {
    return this.pad.under(canvas, event) || this.span.under(canvas, event) ? "crosshair" : this.dial.under(canvas, event) ? "ns-resize" : ""
  }

  // A panel whose main picture shows another is called otherwise.
  name() {
    const other = this.hovered && !this.hovered.main
    for (const { panel, title } of this.easels) title.textContent = (other && panel.hovered) || panel.title
  }

  // What a pointer does, by keys: arrows lead from picture to picture, with Shift from cell to cell, and Enter picks.
  steer(canvas, event) {
    const [across, down] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key] ?? [0, 0]
    const picks = event.key === "Enter" || (event.key === " " && !this.tour.stations.length)
    const { panel } = this.easels.find((easel) => easel.canvas === canvas)
    if (spotOf(panel) && (across || down || picks)) return this.finger.step(event, across, down, picks)
    if (leadingOf(panel) && (across || down)) return this.lead(event, leadingOf(panel), across, down)
    const marks = pickable(panel)
    if (!marks.length || !(across || down || picks)) return
    event.preventDefault()
    const place = marks.indexOf(this.aimed?.mark)
    const mark = marks[place < 0 ? 0 : event.shiftKey || picks ? place : (place + across + down + marks.length) % marks.length]
    const [rows, columns] = gridOf(mark)
    const [row, column] = mark === this.aimed?.mark ? this.aimed.cell : [rows >> 1, columns >> 1]
    const cell = event.shiftKey ? [(row + down + rows) % rows, (column + across + columns) % columns] : [row, column]
    this.aim(canvas, { mark, cell })
    if (picks && mark.spanned) return this.span.mark(mark, cell)
    this.span.lead(mark, cell)
    if (picks) this.say({ pick: mark.pick, moment: this.moment, cell })
  }

  // From cell to cell of a mark that leads to moments, with Shift in large steps.
  lead(event, mark, across, down) {
    event.preventDefault()
    const by = event.shiftKey ? LARGE_STEP : 1
    const here = [Math.floor(this.moment / mark.columns), this.moment % mark.columns]
    const cell = [down, across].map((way, axis) => Math.min(Math.max(here[axis] + by * way, 0), gridOf(mark)[axis] - 1))
    this.seek(ledMoment(mark, cell))
  }

  aim(canvas, aimed) {
    this.aimed = aimed
    this.hovered = aimed?.mark ?? null
    const panel = this.easels.find((easel) => easel.canvas === canvas)?.panel
    if (!panel) return
    const cell = aimed?.cell.map((place) => place + 1) ?? []
    const told = this.finger.aimed(canvas, panel, aimed?.mark, aimed?.cell)
    canvas.ariaLabel = aimed ? [[aimed.mark.name, ...cell].join(" "), ...told].join("; ") : this.called(panel)
    this.draw()
  }

  // How long the moment shown is to be seen.
  get seconds() {
    const { pace } = this.film
    const usual = pace ? 1 / pace : secondsOf(this.moment, Math.max(this.reel.expected - 1, 1))
    return usual / this.find("speed").value
  }

  // Show the next moment; where none has come, wait for it or end.
  next() {
    if (this.moment < this.reel.length - 1) this.go(this.moment + 1)
    this.runOut()
    const { more, endless } = this.reel.last
    if (this.moment < this.reel.length - 1) return true
    if (!more && !endless) this.seek(this.moment)
    return false
  }

  // A film without end asks for more, once, before it is over.
  runOut() {
    const { length, last } = this.reel
    const end = `${last.take} ${last.edition} ${length}`
    if (!last.endless || last.more || this.moment < length - 1 - AHEAD || this.begged === end) return
    this.begged = end
    this.beg()
  }

  play() {
    const over = this.moment === this.reel.length - 1 && !this.reel.last.more
    if (over && this.playing) return this.seek(this.moment)
    this.playing = true
    this.wanderer.end()
    this.go(over ? 0 : this.moment)
    this.clock.start()
  }

  pause() {
    this.playing = false
    this.between.share = 0
    this.clock.stop()
    if (this.reel) this.label()
  }

  step(by) {
    this.pause()
    this.go(Math.min(Math.max(this.moment + by, 0), this.reel.length - 1))
  }

  seek(moment) {
    this.reel.settle()
    this.step(moment - this.moment)
  }

  // To the latest moment; while more is to come, a film that plays goes on from there.
  toEnd() {
    if (!this.reel.last.more) return this.seek(this.reel.length - 1)
    this.go(this.reel.length - 1)
  }

  go(moment) {
    this.moment = moment
    this.between.share = 0
    const before = this.laid && this.laid !== this.film && !calm() ? placesOf(this.easels, this.find("panels")) : null
    if (this.laid !== this.film) this.turn()
    this.label()
    this.draw()
    if (before) glide(before, placesOf(this.easels, this.find("panels")), this.find("panels"), this.find("ghosts"))
    this.finger.tell()
    this.tell()
  }

  // The numbers of this moment, where they are wanted.
  tell() {
    const numbers = this.find("numbers")
    if (!this.easels) return
    const told = this.easels.map(({ panel }) => panel).filter((panel) => panel.told)
    numbers.hidden = !told.length
    const [summary, holder] = numbers.children
    summary.textContent = this.film.words.numbers
    if (numbers.open) holder.replaceChildren(...tables(told, this.place, this.film.words))
  }

  label() {
    const { moments, words, source } = this.film
    const said = this.playing ? words.pause : words.play
    Object.assign(this.find("slider"), { value: this.moment, ariaValueText: moments[this.place] })
    Object.assign(this.find("play"), { textContent: this.playing ? "❚❚" : "▶", ariaLabel: said, title: said })
    this.find("caption").textContent = moments[this.place]
    this.tour.tell()
    this.find("source").dataset.icon = source.icon
    this.find("source").textContent = source.text.replace("{moment}", source.moments[this.place])
  }

  draw(wanted = () => true) {
    if (!this.reel) return
    const wandering = this.wanderer.seconds
    const seen = { moment: this.place, between: this.between, wandering, strokes: this.pad.shown, spanned: this.span.shown, largest: this.switches.largest, hovered: this.hovered, aimed: this.aimed, colours: this.colours, station: this.tour.station, ...this.switches.seen, ...this.finger.seen }
    for (const easel of (this.easels ?? []).filter(wanted)) {
      const { panel, canvas, legend } = easel
      paintLegend(legend, panel, { ...seen, words: this.film.words })
      const width = canvas.clientWidth
      if (!width) continue
      const [height, dense] = [(width * panel.height) / panel.width, devicePixelRatio]
      canvas.style.height = `${height}px`
      if (canvas.width !== Math.round(width * dense)) canvas.width = Math.round(width * dense)
      if (canvas.height !== Math.round(height * dense)) canvas.height = Math.round(height * dense)
      if ((!this.playing && wandering === null) || this.sight.has(canvas)) paintPanel(easel, seen)
    }
  }
}
