// Films as they come from the server, whole or in parts.

const ALONE = { take: 0, edition: 0, first: 0, known: 0, more: false, expected: 0, asked: "", endless: false }

// A record in front, and what stands behind it.
function counted(bytes) {
  const end = 4 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true)
  return [JSON.parse(new TextDecoder().decode(bytes.subarray(4, end))), bytes.subarray(end)]
}

// A film with the source of its numbers, and its place in the course of a training, where it has one; or that place alone.
function parted(bytes) {
  const [source, film] = counted(bytes)
  checkFields("source", source, FORMAT.source)
  if (source.course) checkFields("course", source.course, FORMAT.course)
  const { text, moments, icon, course } = source
  return { ...(film.length && read(film)), source: { text, moments, icon }, inCourse: course !== null, ...(course ?? ALONE) }
}

function read(bytes) {
  const [film, rest] = counted(bytes)
  complete(film)
  check(film)
  const body = rest.slice().buffer
  for (const mark of film.panels.flatMap((panel) => panel.marks))
    for (const [name, part] of Object.entries(mark))
      if (part?.type) {
        const size = part.shape.reduce((product, side) => product * side, 1)
        mark[name] = { shape: part.shape, values: new TYPES[part.type](body, part.place, size) }
      }
  return film
}

// The part of an array that belongs to a moment; what has one moment stays as it is.
function at({ shape, values }, moment) {
  const size = values.length / shape[0]
  const row = shape[0] > 1 ? moment : 0
  return values.subarray(row * size, (row + 1) * size)
}

// Whether a mark is not there at a moment.
const absent = ({ shown }, moment) => Boolean(shown) && !at(shown, moment)[0]

// The parts of a film that have come, in order; each is shown `from` a moment on, which is none of those before it.
class Reel {
  constructor(part) {
    this.parts = [Object.assign(part, { from: 0 })]
  }

  get last() {
    return this.parts.at(-1)
  }

  get length() {
    return this.last.first + this.last.moments.length
  }

  // How many moments there will be in the end, as far as one can know.
  get expected() {
    return Math.max(this.length, this.last.expected)
  }

  of(moment) {
    return this.parts.findLast((part) => part.from <= moment)
  }

  isOf({ name, take }) {
    return this.last.name === name && this.last.take === take
  }

  // Whether all that was sent is here, and nothing else; what goes beyond it belongs to a training that has changed its way.
  has({ take, edition, known }) {
    if (this.last.take !== take || this.last.edition !== edition || this.length < known) return false
    if (this.length > known) this.cut(known)
    return true
  }

  // Whether this very film is shown already, alone.
  shows({ hash, name, take }) {
    return this.isOf({ name, take }) && this.parts.length === 1 && this.last.hash === hash
  }

  // What is said beside a film is new, and not what it shows.
  renewed(part) {
    const { from, panels } = this.last
    return Object.assign(this.last, part, { from, panels })
  }

  // The same parts, whatever becomes of this reel.
  copy() {
    return Object.assign(Object.create(Reel.prototype), { parts: this.parts.map((part) => ({ ...part })) })
  }

  cut(known) {
    this.parts = this.parts.filter(({ from }) => from < known)
    this.last.moments = this.last.moments.slice(0, known - this.last.first)
  }

  // Put a part in its place; says whether nothing is missing before it.
  take(part) {
    const same = part.edition === this.last.edition
    if (part.first && !(same && part.first <= this.length)) return false
    const from = same && part.known <= this.length ? part.known : 0
    this.parts = [...this.parts.filter((each) => each.from < from), Object.assign(part, { from })]
    return true
  }

  // A whole film has one scale for all moments: it takes the place of the parts before it.
  settle() {
    if (this.last.first) return
    this.last.from = 0
    this.parts = [this.last]
  }
}
