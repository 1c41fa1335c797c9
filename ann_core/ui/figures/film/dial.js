// Numbers in cells that a learner turns by dragging them up and down; the server gets all of them in the end.

const WHOLE_RANGE = 80 // pixels of the page from 0 to the largest number

class Dial {
  constructor(stage) {
    this.stage = stage
  }

  under(canvas, event) {
    return cellUnder(this.stage, canvas, event, ({ turned }) => turned)
  }

  listen(canvas) {
    let held = null
    const begin = (event) => {
      const found = event.button ? null : this.under(canvas, event)
      if (!found) return
      const { mark, cell } = found
      for (const part of [mark.values, mark.frames]) part.values = part.values.slice() // equal ones may lie in the same place
      const numbers = at(mark.values, this.stage.place)
      const largest = Math.max(...numbers.map(Math.abs)) || 1
      const place = cell[0] * mark.values.shape[2] + cell[1]
      held = { mark, place, numbers, from: numbers[place], largest, y: event.clientY, moved: false }
      canvas.setPointerCapture(event.pointerId)
    }
    const turn = ({ clientY }) => {
      if (!held) return
      const { mark, place, numbers, from, largest, y } = held
      const by = ((y - clientY) / WHOLE_RANGE) * largest
      held.moved ||= clientY !== y
      numbers[place] = from + by
      at(mark.frames, this.stage.place)[place] = 128 + Math.round(127 * Math.min(Math.max(numbers[place] / largest, -1), 1))
      this.stage.finger.moved(canvas, null) // its note would lie over the numbers
      this.stage.draw()
    }
    const end = () => {
      if (held?.moved) this.stage.say({ turned: [...held.numbers], moment: this.stage.moment })
      held = null
    }
    canvas.addEventListener("pointerdown", begin)
    canvas.addEventListener("pointermove", turn)
    canvas.addEventListener("pointerup", end)
    canvas.addEventListener("pointercancel", end)
    keepsPage(canvas, (event) => this.under(canvas, event))
  }
}
