// Before a training something goes on by itself: a point wanders over the plane, and all that the network makes of it follows; a frame
// goes over what the network reads. Until the learner does anything, or has seen enough. Of a stage it asks for `film`, `reel`,
// `finger`, `find()` and `draw()`.

const ROUNDS = [19, 26] // seconds that it takes across the plane and back, and up and down again
const SPAN = 0.36 // of the plane, to each side of its middle
const WANDERS = 60 // seconds
const BETWEEN = 50 // milliseconds from drawing to drawing
const TOUCHES = ["pointerdown", "keydown"]
const GOING_ON = new Set(["sweep", "stroll", "neuron"]) // marks that know what to do while a point wanders
const ROUND = 8 // seconds that a frame takes for all its stops, where it is not too fast or slow for the eye
const [SLOWEST, FASTEST] = [1, 20] // stops a second

// Where a point is that has wandered for so many seconds: shares of the plane.
const wandered = (seconds) => ROUNDS.map((round) => 0.5 + SPAN * Math.sin((2 * Math.PI * seconds) / round))

// At which of so many stops a frame is after so many seconds.
const stopAt = (seconds, stops) => Math.floor(seconds * Math.min(Math.max(stops / ROUND, SLOWEST), FASTEST)) % stops

class Wanderer {
  constructor(stage) {
    Object.assign(this, { stage, frame: null, gone: 0 })
    this.stop = () => this.end()
    for (const touch of TOUCHES) addEventListener(touch, this.stop, { capture: true })
  }

  get wanders() {
    return this.frame !== null
  }

  // For how many seconds it has gone on; null where nothing does.
  get seconds() {
    return this.wanders ? this.gone : null
  }

  // Nothing is to be played, and nobody has put a point anywhere.
  start() {
    const { reel, film, finger } = this.stage
    const something = film.panels.some(networkOf) || marksOf(film).some(({ kind }) => GOING_ON.has(kind))
    const free = reel.expected < 2 && something && (this.wanders || !finger.spot)
    if (!free || calm()) return this.end()
    if (this.wanders || this.gone >= WANDERS) return
    this.last = null
    this.stage.find("aside").textContent = film.words.reading ?? ""
    this.frame = requestAnimationFrame((now) => this.tick(now))
  }

  tick(now) {
    this.frame = requestAnimationFrame((later) => this.tick(later))
    if (this.last !== null && now - this.last < BETWEEN) return
    this.gone += Math.min(now - (this.last ?? now), 2 * BETWEEN) / 1000
    this.last = now
    if (this.gone >= WANDERS) return this.end()
    this.stage.finger.put(wandered(this.gone))
  }

  // For good: the point goes with it.
  end() {
    for (const touch of TOUCHES) removeEventListener(touch, this.stop, { capture: true })
    this.gone = WANDERS
    if (!this.wanders) return
    cancelAnimationFrame(this.frame)
    this.frame = null
    this.stage.find("aside").textContent = ""
    this.stage.finger.put(null)
  }
}
