// What is carried along, as large as its number; the numbers that are written beside it, and names that move.

const WRITTEN = 3 // decimals

const decimal = (value) => value.toFixed(WRITTEN).replace(/^-(?=[0.]*$)/, "").replace("-", "−")

// What comes into being grows on its way, what ends shrinks where it is; on a belt that goes round, it is seen leaving and coming.
function paintTokens(pen, mark, { moment, between, panel, colours }) {
  const next = (panel.gliding && between.later(mark)) || { mark, moment }
  const [values, later] = [at(mark.values, moment), at(next.mark.values, next.moment)]
  const [places, there] = [at(mark.places, moment), at(next.mark.places, next.moment)]
  const onward = (from, to) => from + (to - from) * between.share
  values.forEach((value, token) => {
    const share = onward(value || 0, later[token] || 0) / (mark.greatest || 1)
    const [left, low] = places.subarray(2 * token)
    const [right, high] = Number.isNaN(later[token]) ? [left, low] : there.subarray(2 * token)
    const turn = mark.round && right < left ? FINEST : 0
    for (const back of new Set([0, turn]))
      paintDisc(pen, across(mark.box, onward(left, right + turn) - back), upward(mark.box, onward(low, high)), mark.radius, share, colours)
  })
}

// Of its greatest area a share; the colour is as full as the disc is wide.
function paintDisc(pen, x, y, radius, share, colours) {
  if (!share) return
  const wide = Math.sqrt(Math.min(Math.abs(share), 1))
  Object.assign(pen, { fillStyle: `rgb(${colours.signed[Math.round(128 + 127 * Math.sign(share) * wide)]})`, strokeStyle: colours.ink, lineWidth: pen.unit })
  pen.beginPath()
  pen.arc(x, y, radius * wide, 0, 7)
  pen.fill()
  pen.stroke()
}

function paintNumbers(pen, mark, { moment, colours }) {
  pen.font = `${mark.size * Math.min(pen.unit, 2)}px ${colours.font}`
  Object.assign(pen, { fillStyle: colours.ink, textAlign: mark.align, textBaseline: "middle" })
  at(mark.values, moment).forEach((value, place) => {
    if (!Number.isNaN(value)) pen.fillText(`${mark.names[place]} = ${decimal(value)}`, ...mark.places[place])
  })
}

function paintLabels(pen, mark, stage) {
  const places = onTheWay(mark, "places", stage)
  pen.font = `${mark.size * Math.min(pen.unit, 2)}px ${stage.colours.font}`
  Object.assign(pen, { textAlign: "left", textBaseline: "middle" })
  mark.texts.forEach((text, label) => {
    pen.fillStyle = inked(mark.colours[label], stage.colours)
    pen.fillText(text, across(mark.box, places[2 * label]), upward(mark.box, places[2 * label + 1]))
  })
}
