// A film is looked into and left again: what was seen before is kept, so that on the way out nobody waits for the server.

// Of a stage it asks for the `reel` and the `film` shown; it says `turnTo(reel)`.
class Outside {
  constructor(stage) {
    Object.assign(this, { stage, reel: null, asked: false })
  }

  // What is said to the server: a pick leads further in, and the way out stays; what changes anything closes it.
  said({ pick, cell, do: deed }) {
    const { reel, film } = this.stage
    const leadsIn = pick !== undefined && cell !== undefined
    if (leadsIn && !film.words["do.out"]) this.reel = reel.copy()
    this.asked = leadsIn
    const out = deed === "out" && this.reel
    if (!leadsIn) this.reel = null
    if (out) this.stage.turnTo(out)
  }

  // Another film comes: where that is no answer to a pick, what was here before is no longer so.
  came() {
    if (!this.asked) this.reel = null
    this.asked = false
  }
}
