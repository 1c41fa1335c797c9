// What is barred in a grid is hatched, at the same distance in small cells and large ones.

const [HATCH, LEAST_HATCH] = [7, 3.5] // pixels of the page from line to line
const HATCHED = 0.6

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
