// Counts the moments drawn and not the seconds gone by: where drawing is slow a film takes longer, and leaves nothing out.

const FILM_SECONDS = 8 // of a whole training
const LEAST_PACE = 2 // moments a second, of a short one
const [EARLIEST, LATEST] = [1.5, 0.5] // how long a moment is seen, beside the average one
const LONGEST_FRAME = 0.25 // seconds; a page that was hidden does not catch up

// How long a moment is seen, of so many steps from moment to moment: the early ones longer, for there most happens.
function secondsOf(moment, steps) {
  const average = Math.min(FILM_SECONDS / steps, 1 / LEAST_PACE)
  return average * (EARLIEST + ((LATEST - EARLIEST) * (moment + 0.5)) / steps)
}

// Of a stage it asks for how many `seconds` what is shown is to be seen; `next()` shows what follows, and says whether to go on; meanwhile
// it is told how much of the way is gone.
class Clock {
  constructor(stage) {
    Object.assign(this, { stage, frame: null })
  }

  start() {
    if (this.frame !== null) return
    Object.assign(this, { last: null, shown: 0 })
    this.frame = requestAnimationFrame((now) => this.tick(now))
  }

  stop() {
    cancelAnimationFrame(this.frame)
    this.frame = null
  }

  tick(now) {
    this.frame = requestAnimationFrame((later) => this.tick(later))
    this.shown += Math.min((now - (this.last ?? now)) / 1000, LONGEST_FRAME)
    this.last = now
    const wanted = this.stage.seconds
    if (this.shown < wanted) return this.stage.between.go(this.shown / wanted)
    this.shown = Math.min(this.shown - wanted, wanted)
    if (!this.stage.next()) this.stop()
  }
}
