// The stations of a picture, one after the other, by the space bar or by buttons; and what is barred in it, which is hatched.

const VEILED = 0.78 // of what is not at the station
const [HATCH, LEAST_HATCH] = [7, 3.5] // pixels of the page from line to line
const HATCHED = 0.6

const smoothly = () => (calm() ? "auto" : "smooth")

// Of a stage it asks for `film`, `place`, `playing`, `easels`, `find()` and `draw()`.
class Tour {
  constructor(stage) {
    Object.assign(this, { stage, stop: null })
    const [back, onward] = stage.find("tour").children
    back.onclick = () => this.go(-1)
    onward.onclick = ({ shiftKey }) => this.go(shiftKey ? -1 : 1) // the space bar presses a button, too
  }

  get stations() {
    return marksOf(this.stage.film).filter(({ kind }) => kind === "station").sort((one, other) => one.number - other.number)
  }

  // The one that is lit.
  get station() {
    return this.stop === null ? null : (this.stations[this.stop] ?? null)
  }

  // Whether a key leads on or back; the page stays where it is.
  key(event) {
    if (event.key !== " " || !this.stations.length) return
    event.preventDefault()
    this.go(event.shiftKey ? -1 : 1)
  }

  go(by) {
    const [{ length }, anchor] = [this.stations, this.station?.anchor]
    if (by > 0 && anchor) return document.getElementById(anchor)?.scrollIntoView({ behavior: smoothly() })
    const stop = this.stop === null ? (by > 0 ? 0 : null) : this.stop + by
    this.put(stop === null || stop < 0 || stop >= length ? null : stop)
    const { canvas } = this.stage.easels.find(({ panel }) => panel.marks.includes(this.station)) ?? {}
    canvas?.scrollIntoView({ block: "nearest", behavior: smoothly() })
  }

  put(stop) {
    this.stop = stop
    this.tell()
    this.stage.draw()
  }

  // Another picture: its stations are others, if it has as many it is the same one.
  turn() {
    const { length } = this.stations
    if (length !== this.length) this.stop = null
    this.length = length
  }

  tell() {
    const { station, stations, stage } = this
    const { words } = stage.film
    const [back, onward, said] = (stage.find("tour").hidden = !stations.length, stage.find("tour").children)
    if (!stations.length) return
    Object.assign(back, { ariaLabel: words["tour.back"], title: words["tour.back"], disabled: !station })
    onward.textContent = station?.anchor ? words["tour.over"] : words["tour.on"]
    said.textContent = station ? `${this.stop + 1}/${stations.length} · ${spoken(station, stage.place)}` : words["tour.begin"]
    said.ariaLive = stage.playing ? "off" : "polite"
  }
}

// What is said at a station, with the numbers of a moment.
function spoken({ texts, values }, moment) {
  return filled(texts[moment] ?? texts[0], [...at(values, moment)].map(exact))
}

// All but the station is veiled.
function paintStation(pen, panel, station, colours) {
  const here = panel.marks.includes(station)
  const [left, top, width, height] = station.box
  Object.assign(pen, { fillStyle: colours.paper, globalAlpha: VEILED })
  pen.beginPath()
  pen.rect(0, 0, panel.width + 1, panel.height + 1)
  if (here) pen.rect(left, top, width, height)
  pen.fill("evenodd")
  pen.globalAlpha = 1
  if (here) Object.assign(pen, { strokeStyle: colours.chosen, lineWidth: 2 * pen.unit }).strokeRect(left + pen.unit, top, width - 2 * pen.unit, height)
}

function paintHatch(pen, { box: [left, top, width, height], barred }, { moment, colours }) {
  const [, rows, columns] = barred.shape
  const [wide, high] = [width / columns, height / rows]
  pen.save()
  pen.beginPath()
  at(barred, moment).forEach((bars, place) => bars && pen.rect(left + (place % columns) * wide, top + Math.floor(place / columns) * high, wide, high))
  pen.clip()
  const apart = Math.max(Math.min(HATCH * pen.unit, Math.min(wide, high) / 2), LEAST_HATCH * pen.unit)
  pen.beginPath()
  for (let start = apart / 2; start < width + height; start += apart) {
    pen.moveTo(left + start, top)
    pen.lineTo(left + start - height, top + height)
  }
  Object.assign(pen, { strokeStyle: colours.ink, globalAlpha: HATCHED, lineWidth: pen.unit })
  pen.stroke()
  pen.restore()
}
