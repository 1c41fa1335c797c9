// A rectangle of a picture's cells: dragged from corner to corner, or its two corners marked by keys; the server gets it in the end.

class Span {
  constructor(stage) {
    Object.assign(this, { stage, shown: null, sent: false })
  }

  // The server has answered.
  laid() {
    if (this.sent) Object.assign(this, { shown: null, sent: false })
  }

  // The picture under the pointer over which a rectangle can be dragged, and where on it that is, within its edges.
  under(canvas, event) {
    return cellUnder(this.stage, canvas, event, ({ spanned }) => spanned)
  }

  listen(canvas) {
    let held = null
    canvas.addEventListener("pointerdown", (event) => {
      held = event.button || !event.isPrimary ? null : this.under(canvas, event)
      if (!held) return
      canvas.setPointerCapture(event.pointerId)
      this.show(held.mark, held.cell, held.cell)
    })
    canvas.addEventListener("pointermove", (event) => {
      if (!held) return
      const { x, y } = this.stage.located(canvas, event)
      this.show(held.mark, held.cell, cellAt(held.mark, x, y).map((place) => Math.max(place, 0)))
      this.stage.finger.moved(canvas, null) // its note would lie over the cells
    })
    canvas.addEventListener("pointerup", () => {
      if (held) this.say()
      held = null
    })
    canvas.addEventListener("pointercancel", () => {
      held = null
      this.drop()
    })
    keepsPage(canvas, (event) => this.under(canvas, event))
  }

  // By keys: first the one corner, then the other.
  mark(mark, cell) {
    const begun = this.isOver(mark)
    this.show(mark, begun ? this.shown.corners[0] : cell, cell)
    if (begun) this.say()
  }

  // Keys have led to another cell, or to another picture.
  lead(mark, cell) {
    if (this.isOver(mark)) this.show(mark, this.shown.corners[0], cell)
    else this.drop()
  }

  // A picture is known by what it says: another may have come in its place meanwhile.
  isOver({ pick }) {
    return this.shown?.pick === pick && !this.sent
  }

  show({ pick }, ...corners) {
    Object.assign(this, { shown: { pick, corners }, sent: false })
    this.stage.draw()
  }

  say() {
    this.sent = true
    const { pick, corners } = this.shown
    this.stage.say({ pick, span: corners, moment: this.stage.moment })
  }

  // Take a rectangle back that has not been said; says whether there was one.
  drop() {
    const begun = Boolean(this.shown) && !this.sent
    if (begun) this.shown = null
    if (begun) this.stage.draw()
    return begun
  }
}

function paintSpan(pen, mark, { corners }, colours) {
  const [left, top, width, height] = mark.box
  const [rows, columns] = gridOf(mark)
  const [[upper, lower], [first, last]] = [0, 1].map((axis) => corners.map((corner) => corner[axis]).sort((one, other) => one - other))
  const [wide, high] = [width / columns, height / rows]
  const frame = [left + first * wide, top + upper * high, (last + 1 - first) * wide, (lower + 1 - upper) * high]
  Object.assign(pen, { fillStyle: colours.chosen, strokeStyle: colours.chosen, lineWidth: 2.5 * pen.unit })
  pen.globalAlpha = 0.25
  pen.fillRect(...frame)
  pen.globalAlpha = 1
  pen.strokeRect(...frame)
}
