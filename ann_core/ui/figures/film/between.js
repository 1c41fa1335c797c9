// What goes on between two moments of a film that plays: gliding panels are drawn on the way from the one to the other.

const TRAIL_SHARE = 0.35 // of the way

// Of a stage it asks for the `reel`, the `film` and the `moment` shown, and `draw()`.
class Between {
  constructor(stage) {
    Object.assign(this, { stage, share: 0 })
  }

  // So much of the way to the next moment is gone.
  go(share) {
    const glides = !calm() && this.stage.easels?.some(({ panel }) => panel.gliding)
    if (!glides || this.stage.moment + 1 >= this.stage.reel.length) return
    this.share = share
    this.stage.draw(({ panel }) => panel.gliding)
  }

  // A mark at the next moment, which may be in another part of the film: the same mark there, and which of its moments.
  later(mark) {
    const { reel, film, moment } = this.stage
    const next = this.share && reel.of(moment + 1)
    const twin = next && twinOf(mark, film, next)
    return twin && String(twin.box) === String(mark.box) ? { mark: twin, moment: moment + 1 - next.first } : null
  }
}

// Numbers of a mark at the moment shown, or on the way from there to the next.
function onTheWay(mark, name, { moment, between, panel }) {
  const here = at(mark[name], moment)
  const next = panel.gliding && mark[name].shape[0] > 1 && between.later(mark)
  const there = next && at(next.mark[name], next.moment)
  return there?.length === here.length ? here.map((value, place) => value + (there[place] - value) * between.share) : here
}

// A short trail of dots on their way: from the place that they have left.
function paintTrails(pen, mark, places, { moment, between, panel }) {
  if (!panel.gliding || !between.share || mark.places.shape[0] < 2) return
  const left = at(mark.places, moment)
  const back = Math.min(between.share, TRAIL_SHARE) / between.share
  pen.beginPath()
  for (let place = 0; place < places.length; place += 2) {
    const tail = [0, 1].map((axis) => places[place + axis] + (left[place + axis] - places[place + axis]) * back)
    pen.moveTo(across(mark.box, tail[0]), upward(mark.box, tail[1]))
    pen.lineTo(across(mark.box, places[place]), upward(mark.box, places[place + 1]))
  }
  pen.stroke()
}
