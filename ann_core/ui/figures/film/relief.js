// How densely things lie: lines of equal height, and a lattice whose cells are the fuller the denser they are.

const FULLEST = 0.75

// Lines on which values cross a level: between the centres of four neighbouring cells they are straight.
function traceLevel(pen, [left, top, width, height], values, columns, crossed) {
  const rows = values.length / columns
  const level = (row, column) => values[row * columns + column] - crossed
  for (let row = 0; row < rows - 1; row++)
    for (let column = 0; column < columns - 1; column++) {
      const first = row * columns + column
      const above = values[first] > crossed
      if (above === values[first + 1] > crossed && above === values[first + columns] > crossed && above === values[first + columns + 1] > crossed) continue
      const levels = [level(row, column), level(row, column + 1), level(row + 1, column + 1), level(row + 1, column)]
      const corners = [[row, column], [row, column + 1], [row + 1, column + 1], [row + 1, column]]
      let drawn = 0
      for (let side = 0; side < 4; side++) {
        const [here, next] = [levels[side], levels[(side + 1) % 4]]
        if (here > 0 === next > 0) continue
        const share = here / (here - next)
        const [y, x] = corners[side].map((place, axis) => place + (corners[(side + 1) % 4][axis] - place) * share + 0.5)
        pen[drawn++ % 2 ? "lineTo" : "moveTo"](left + (x / columns) * width, top + (y / rows) * height)
      }
    }
}

// The line on which values change their sign.
function border(pen, box, values, columns, ink) {
  pen.beginPath()
  traceLevel(pen, box, values, columns, 128.5)
  Object.assign(pen, { strokeStyle: ink, lineWidth: 1.8 * pen.unit }).stroke()
}

function paintContours(pen, { box, heights, levels, colour }, { moment }) {
  pen.beginPath()
  for (const crossed of levels) traceLevel(pen, box, at(heights, moment), heights.shape[2], crossed)
  Object.assign(pen, { strokeStyle: colour, lineWidth: 1.1 * pen.unit }).stroke()
}

function paintMesh(pen, mark, stage) {
  const [, rows, columns] = mark.places.shape
  const [places, shades] = [onTheWay(mark, "places", stage), onTheWay(mark, "shades", stage)]
  const corner = (row, column) => {
    const place = 2 * (row * columns + column)
    return [across(mark.box, places[place]), upward(mark.box, places[place + 1])]
  }
  pen.save()
  clipped(pen, mark.seen)
  Object.assign(pen, { fillStyle: mark.colour, strokeStyle: mark.colour, lineWidth: 0.6 * pen.unit })
  for (let row = 0; row < rows - 1; row++)
    for (let column = 0; column < columns - 1; column++) {
      pen.beginPath()
      for (const [down, right] of [[0, 0], [0, 1], [1, 1], [1, 0]]) pen.lineTo(...corner(row + down, column + right))
      pen.closePath()
      pen.globalAlpha = (FULLEST * shades[row * (columns - 1) + column]) / 255
      pen.fill()
      pen.globalAlpha = 0.5
      pen.stroke()
    }
  pen.globalAlpha = 1
  pen.restore()
}
