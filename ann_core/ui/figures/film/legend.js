// What the colours of a panel's scaled pictures stand for: bands of them, with the numbers at their ends.

// The scaled pictures of a panel by what their numbers are; those of one kind share a scale.
function scaledOf(panel) {
  if (panel.scaled) return panel.scaled
  const scaled = panel.marks.filter((mark) => mark.scaled)
  const kinds = new Set(scaled.map((mark) => mark.scaled))
  panel.scaled = new Map([...kinds].map((kind) => [kind, scaled.filter((mark) => mark.scaled === kind)]))
  return panel.scaled
}

const hasNegative = (mark) => (mark.negative ??= mark.frames.values.some((value) => value < 128))

// A band for every kind of numbers: what it is called, from the least to the largest; with words in place of those where each picture has its own.
function paintLegend(legend, panel, { largest, colours, words }) {
  const kinds = words.scale ? [...scaledOf(panel)] : []
  legend.hidden = !kinds.length
  while (legend.children.length > kinds.length) legend.lastChild.remove()
  while (legend.children.length < kinds.length) legend.append(band())
  kinds.forEach(([kind, marks], place) => {
    const [name, low, shades, high, own] = legend.children[place].children
    const full = largest?.get(panel).get(kind)
    const most = full === undefined ? words["scale.most"] : exact(full)
    const both = marks.some(hasNegative)
    const table = colours.signed
    const stops = (both ? [0, 128, 255] : [128, 255]).map((value) => `rgb(${table[value]})`)
    reword(name, kind)
    reword(low, both ? `−${most}` : "0")
    reword(shades, both ? "0" : "")
    reword(high, most)
    reword(own, full === undefined ? words["scale.own"] : "")
    legend.children[place].classList.toggle("film-both", both)
    shades.style.background = `linear-gradient(to right, ${stops})`
  })
}

function band() {
  const whole = document.createElement("span")
  whole.append(...["b", "span", "i", "span", "span"].map((name) => document.createElement(name)))
  return whole
}

// Only what is new is written: the page is laid out anew for every text.
function reword(element, text) {
  if (element.textContent !== text) element.textContent = text
}
