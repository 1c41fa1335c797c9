// What a learner draws on a picture: seen at once, sent to the server after every stroke.

const PEN = 22 / 280 // of the picture's side, as the server has it
const EDGE = 0.5 // of the side: a hand may leave the picture, and come back

class Pad {
  constructor(stage) {
    Object.assign(this, { stage, strokes: [], drawing: false, sent: false })
  }

  // The strokes that are to be seen: those that the server has not answered yet.
  get shown() {
    return this.drawing || this.sent ? this.strokes : null
  }

  // The server has answered; where there is nothing to wipe away, nothing is drawn.
  laid() {
    const { words } = this.stage.film
    if (!this.drawing) this.sent = false
    if (!this.drawing && (!words["do.wipe"] || words.blank)) this.strokes = []
  }

  // The picture under the pointer that can be drawn on.
  under(canvas, event) {
    const { panel, x, y } = this.stage.located(canvas, event)
    return panel.marks.find((mark) => mark.paper && within(mark.box, x, y))
  }

  listen(canvas) {
    const paper = (event) => this.under(canvas, event)
    const place = (event, { box: [left, top, width, height] }) => {
      const { x, y } = this.stage.located(canvas, event)
      return [(x - left) / width, (y - top) / height].map((share) => Math.min(Math.max(share, -EDGE), 1 + EDGE))
    }
    let sheet = null
    canvas.addEventListener("pointerdown", (event) => {
      sheet = event.button ? null : paper(event)
      if (!sheet) return
      canvas.setPointerCapture(event.pointerId)
      this.drawing = true
      this.strokes.push([place(event, sheet)])
      this.stage.draw()
    })
    canvas.addEventListener("pointermove", (event) => {
      if (!this.drawing || !sheet) return
      this.strokes.at(-1).push(place(event, sheet))
      this.stage.draw()
    })
    const end = () => {
      if (!this.drawing) return
      Object.assign(this, { drawing: false, sent: true })
      this.stage.say({ strokes: this.strokes, moment: this.stage.moment })
    }
    canvas.addEventListener("pointerup", end)
    canvas.addEventListener("pointercancel", end)
    keepsPage(canvas, paper)
  }
}

// On a picture of pixels a drawing takes the picture's place; on a plane it is laid over what is there.
function paintStrokes(pen, { box: [left, top, width, height], palette }, strokes, { chosen }) {
  pen.save()
  clipped(pen, [left, top, width, height])
  const alone = palette === "grey"
  Object.assign(pen, { fillStyle: "#000", strokeStyle: alone ? "#fff" : chosen, lineWidth: PEN * width, lineCap: "round", lineJoin: "round" })
  if (alone) pen.fillRect(left, top, width, height)
  for (const stroke of strokes) {
    pen.beginPath()
    for (const [x, y] of [stroke[0], ...stroke]) pen.lineTo(left + x * width, top + y * height)
    pen.stroke()
  }
  pen.restore()
}
