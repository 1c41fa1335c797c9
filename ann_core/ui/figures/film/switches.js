// What a learner may switch on a film for points: the points held out, and answers as decisions, without shades.
// A film has the switches that it has words for; all films of a page are switched together.

const SWITCHED = { held_out: true, decided: false }
const switchable = new Set()
const worded = (stage, name) => stage.reel?.last.words[`switch.${name}`]

// Of the colours of a picture those that are left where every answer counts as certain.
const DECIDED = {
  signed: (shades) => shades.map((_, value) => shades[value < 128 ? 0 : value > 128 ? 255 : 128]),
  classes: (shades) => shades.map((_, value) => shades[value | 63]),
}

// What the full colours stand for: the largest number of a map, of its layer, or of the network.
const SCALES = ["tile", "layer", "network"]
const scale = { chosen: SCALES[0] }

class Switches {
  constructor(stage) {
    this.stage = stage
    switchable.add(this)
    const [, select] = stage.find("scale").children
    select.onchange = () => {
      scale.chosen = select.value
      for (const each of switchable) (each.dress(), each.stage.draw())
    }
    for (const [name, box] of this.boxes)
      box.onchange = () => {
        SWITCHED[name] = box.checked
        for (const each of switchable) (each.dress(), each.stage.draw())
      }
  }

  get boxes() {
    return Object.keys(SWITCHED).map((name) => [name, this.stage.find(`switch-${name}`).firstElementChild])
  }

  // What is to be drawn: whether the points held out are, and whether answers are decisions.
  get seen() {
    const { held_out, decided } = SWITCHED
    return { held_out: held_out || !worded(this.stage, "held_out"), decided: decided && Boolean(worded(this.stage, "decided")) }
  }

  // The largest number of each kind that a panel has, by kind, at the moment shown; nothing where each map has its own.
  get largest() {
    const { film, place, easels } = this.stage
    if (scale.chosen === SCALES[0] || !film.words.scale) return null
    const most = (marks) => Math.max(...marks.map(({ greatest }) => of(greatest, place)))
    const layers = (easels ?? []).map(({ panel }) => [panel, [...scaledOf(panel)].map(([kind, marks]) => [kind, most(marks)])])
    const whole = (kind) => Math.max(...layers.flatMap(([, found]) => found.filter(([name]) => name === kind).map(([, full]) => full)))
    const full = (kind, own) => (scale.chosen === "layer" ? own : whole(kind))
    return new Map(layers.map(([panel, found]) => [panel, new Map(found.map(([kind, own]) => [kind, full(kind, own)]))]))
  }

  dress() {
    const { words } = this.stage.reel.last
    const [said, select] = this.stage.find("scale").children
    this.stage.find("scale").hidden = !words.scale
    said.textContent = words.scale ?? ""
    if (words.scale) select.replaceChildren(...SCALES.map((name) => new Option(words[`scale.${name}`], name, false, name === scale.chosen)))
    for (const [name, box] of this.boxes) {
      box.checked = SWITCHED[name]
      box.nextElementSibling.textContent = worded(this.stage, name) ?? ""
      box.parentElement.hidden = !worded(this.stage, name)
    }
  }

  end() {
    switchable.delete(this)
  }
}
