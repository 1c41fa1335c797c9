// Before a training a point wanders over the plane by itself, and all that the network makes of it follows: until the learner does
// anything, or has seen enough. Of a stage it asks for `film`, `reel`, `finger` and `draw()`.

const ROUNDS = [19, 26] // seconds that it takes across the plane and back, and up and down again
const SPAN = 0.36 // of the plane, to each side of its middle
const WANDERS = 60 // seconds
const BETWEEN = 50 // milliseconds from drawing to drawing
const TOUCHES = ["pointerdown", "keydown"]

class Wanderer {
  constructor(stage) {
    Object.assign(this, { stage, frame: null, gone: 0 })
    this.stop = () => this.end()
    for (const touch of TOUCHES) addEventListener(touch, this.stop, { capture: true })
  }

  get wanders() {
    return this.frame !== null
  }

  // Nothing is to be played, and nobody has put a point anywhere.
  start() {
    const { reel, film, finger } = this.stage
    const free = reel.expected < 2 && film.panels.some(networkOf) && (this.wanders || !finger.spot)
    if (!free || calm()) return this.end()
    if (this.wanders || this.gone >= WANDERS) return
    this.last = null
    this.frame = requestAnimationFrame((now) => this.tick(now))
  }

  tick(now) {
    this.frame = requestAnimationFrame((later) => this.tick(later))
    if (this.last !== null && now - this.last < BETWEEN) return
    this.gone += Math.min(now - (this.last ?? now), 2 * BETWEEN) / 1000
    this.last = now
    if (this.gone >= WANDERS) return this.end()
    const [across, up] = ROUNDS.map((seconds) => 0.5 + SPAN * Math.sin((2 * Math.PI * this.gone) / seconds))
    this.stage.finger.put([across, up])
  }

  // For good: the point goes with it.
  end() {
    for (const touch of TOUCHES) removeEventListener(touch, this.stop, { capture: true })
    this.gone = WANDERS
    if (!this.wanders) return
    cancelAnimationFrame(this.frame)
    this.frame = null
    this.stage.finger.put(null)
  }
}
