// Whether a film is what FORMAT (charts/film/format.json) says; it stands before this script.

const TYPES = { u1: Uint8Array, i1: Int8Array, u2: Uint16Array, f4: Float32Array }

const PLAIN = {
  nothing: (part) => part === null,
  number: (part) => typeof part === "number",
  text: (part) => typeof part === "string",
  flag: (part) => typeof part === "boolean",
  box: (part) => isList(part, PLAIN.number) && part.length === 4,
  numbers: (part) => isList(part, PLAIN.number),
  texts: (part) => isList(part, PLAIN.text),
  points: (part) => isList(part, (point) => isList(point, PLAIN.number) && point.length === 2),
  record: (part) => typeof part === "object" && part !== null && !Array.isArray(part),
  records: (part) => isList(part, PLAIN.record),
}

const isList = (part, each) => Array.isArray(part) && part.every(each)
const suits = (part, types) => types.split("|").some((type) => (TYPES[type] ? part?.type === type : PLAIN[type](part)))

function check(film) {
  if (film.version !== FORMAT.version) throw new Error(`film: expected version ${FORMAT.version}, came ${film.version}`)
  checkFields("header", film, FORMAT.header)
  for (const panel of film.panels) {
    checkFields("panel", panel, FORMAT.panel)
    for (const { kind, ...fields } of panel.marks) {
      if (!Object.hasOwn(FORMAT.marks, kind)) throw new Error(`film: there is no mark of the kind ${kind}`)
      checkFields(`mark ${kind}`, fields, FORMAT.marks[kind])
    }
  }
}

// With what goes without saying.
function complete(film) {
  for (const panel of film.panels ?? []) {
    for (const [name, value] of Object.entries(DEFAULTS.panel)) panel[name] ??= value
    panel.marks = panel.marks.map((mark) => ({ ...DEFAULTS.marks[mark.kind], ...mark }))
  }
}

function checkFields(what, described, expected) {
  for (const name of Object.keys({ ...expected, ...described })) {
    const place = `film: ${what}, field ${name}:`
    if (!Object.hasOwn(expected, name)) throw new Error(`${place} unknown`)
    if (!Object.hasOwn(described, name)) throw new Error(`${place} missing`)
    const part = described[name]
    if (!suits(part, expected[name])) throw new Error(`${place} expected ${expected[name]}, came ${part?.type ?? JSON.stringify(part)}`)
  }
}
