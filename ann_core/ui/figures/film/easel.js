// A panel is painted on its canvas: what never changes once, and while a film plays only what is in sight.

const FEW_DOTS = 40 // which may be moved by hand, too

// Which canvases the learner sees; `changed()` when that changes.
class Sight {
  constructor(changed) {
    this.seen = new Set()
    this.observer = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) this.seen[isIntersecting ? "add" : "delete"](target)
      changed()
    })
  }

  watch(canvas) {
    this.observer.observe(canvas)
  }

  leave(figure) {
    const canvas = figure.querySelector("canvas")
    this.observer.unobserve(canvas)
    this.seen.delete(canvas)
    figure.remove()
  }

  has(canvas) {
    return this.seen.has(canvas)
  }

  // The same asked of the page: a busy browser may be late to tell.
  look(canvases) {
    for (const canvas of canvases) {
      const { top, bottom } = canvas.getBoundingClientRect()
      this.seen[bottom > 0 && top < innerHeight ? "add" : "delete"](canvas)
    }
  }

  end() {
    this.observer.disconnect()
  }
}

// Marks one after the other that are the same at every moment; many dots, or contours, are worth keeping as a picture.
function layersOf({ marks }) {
  const layers = []
  for (const mark of marks) {
    const still = isStill(mark)
    if (layers.at(-1)?.still !== still) layers.push({ still, marks: [] })
    layers.at(-1).marks.push(mark)
  }
  const much = ({ kind, places }) => kind === "contours" || (kind === "dots" && places.shape[1] > FEW_DOTS)
  for (const layer of layers) layer.kept = layer.still && layer.marks.some(much)
  return layers
}

function isStill({ kind, places, heights, shown }) {
  if (shown) return false
  return kind === "words" || (kind === "contours" && heights.shape[0] === 1) || ((kind === "dots" || kind === "lines") && places.shape[0] === 1)
}

function paintPanel({ panel, canvas, layers }, seen) {
  const pen = penOf(canvas, panel)
  const paint = (brush, { marks }) => {
    for (const mark of marks) if (!absent(mark, seen.moment)) DRAW[mark.kind](brush, mark, { ...seen, panel })
  }
  const { width, height } = canvas
  const drawn = [width, height, seen.colours, seen.held_out]
  pen.clearRect(0, 0, panel.width + 1, panel.height + 1)
  for (const layer of layers) {
    if (!layer.kept) {
      paint(pen, layer)
      continue
    }
    if (!layer.drawn?.every((each, place) => each === drawn[place])) {
      layer.picture = Object.assign(document.createElement("canvas"), { width, height })
      paint(penOf(layer.picture, panel), layer)
      layer.drawn = drawn
    }
    pen.save()
    pen.setTransform(1, 0, 0, 1, 0, 0)
    pen.drawImage(layer.picture, 0, 0)
    pen.restore()
  }
  if (seen.station) paintStation(pen, panel, seen.station, seen.colours)
}

// A pen for a panel's own units; `unit` is one pixel of the page in them.
function penOf(canvas, panel) {
  const pen = canvas.getContext("2d")
  const scale = canvas.width / panel.width
  pen.setTransform(scale, 0, 0, scale, 0, 0)
  pen.unit = devicePixelRatio / scale
  return pen
}
