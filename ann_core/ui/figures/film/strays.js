// What lies outside a plane: arrows at its edge, and how far they would have to go.

const ARROW = 7 // pixels of the page
const SIDES = [[-1, 0], [1, 0], [0, -1], [0, 1]] // which axis is left, and towards which end

// Of points beyond the corners of their plane, by side: how many, where they are drawn on average, how far beyond the edge the farthest is.
function straying(mark, moment, places) {
  const [x0, y0, x1, y1] = mark.corners.values
  const sides = new Map()
  for (const [point, [x, y]] of outside(mark, moment)) {
    const over = [x0 - x, x - x1, y0 - y, y - y1]
    const side = over.indexOf(Math.max(...over))
    const found = sides.get(side) ?? { count: 0, farthest: 0, x: 0, y: 0 }
    found.count += 1
    found.farthest = Math.max(found.farthest, over[side])
    found.x += across(mark.box, places[2 * point])
    found.y += upward(mark.box, places[2 * point + 1])
    sides.set(side, found)
  }
  return sides
}

// An arrow that leads out of the box, from the middle of it.
function outwards(pen, [left, top, width, height], x, y, colours) {
  const angle = Math.atan2(y - top - height / 2, x - left - width / 2)
  const size = ARROW * pen.unit
  pen.beginPath()
  for (const [turn, far] of [[0, 1.2], [2.5, 0.9], [-2.5, 0.9]]) pen.lineTo(x + Math.cos(angle + turn) * far * size, y + Math.sin(angle + turn) * far * size)
  pen.closePath()
  pen.fill()
  Object.assign(pen, { strokeStyle: colours.ink, lineWidth: 0.7 * pen.unit }).stroke()
}

function paintStrays(pen, mark, moment, places, fill, colours) {
  pen.fillStyle = fill
  for (const point of outside(mark, moment).keys()) outwards(pen, mark.box, across(mark.box, places[2 * point]), upward(mark.box, places[2 * point + 1]), colours)
  const size = 12 * Math.min(pen.unit, 2)
  pen.font = `600 ${size}px ${colours.font}`
  Object.assign(pen, { fillStyle: colours.ink, textBaseline: "middle" })
  for (const [side, { count, farthest, x, y }] of straying(mark, moment, places)) {
    const inward = SIDES[side].map((end) => -end * 14 * pen.unit)
    pen.textAlign = side > 1 ? "center" : side ? "right" : "left"
    pen.fillText(`${count} · ${exact(farthest)}`, x / count + inward[0], y / count - inward[1])
  }
}
