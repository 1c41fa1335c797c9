// What the panels of a film show at a moment, in tables, for those who would rather read numbers than look at colours.

const MOST_CELLS = 900 // of a panel
const MOST_POINTS = 60 // of a cloud, or of a bundle of lines

function tables(panels, moment, words) {
  return [made("p", words.rounded), ...panels.flatMap((panel) => told(panel, moment, words))]
}

function told(panel, moment, words) {
  const present = panel.marks.filter((mark) => !absent(mark, moment))
  const labels = present.filter(({ kind }) => kind === "words").flatMap(({ texts }) => texts)
  const marks = present.filter((mark) => stands(mark))
  const [single, others] = [marks.filter(isSingle), marks.filter((mark) => !isSingle(mark))]
  const room = MOST_CELLS / Math.max(others.length, 1)
  const name = (mark) => [panel.title, mark.name].filter(Boolean).join(" · ")
  const found = others.map((mark) => [name(mark), ...TELL[mark.kind](mark, moment, words, room)])
  const values = single.map((mark) => [mark.name, meant(mark, at(mark.frames, moment)[0], moment)])
  if (values.length) found.unshift([panel.title, ["", words.value], values])
  return [made("p", [panel.title, panel.alt].filter(Boolean).join(" — ")), made("p", labels.join(" · ")), ...joined(found).map((each) => table(...each))]
}

// Rows under the same name and the same heads belong in one table.
function joined(found) {
  const whole = []
  for (const [name, head, rows] of found) {
    const last = whole.at(-1)
    const named = rows.length === 1 && typeof rows[0][0] === "string"
    if (named && last && String([last[0], last[1]]) === String([name, head])) last[2].push(...rows)
    else whole.push([name, head, rows])
  }
  return whole
}

// Whether a mark's colours or places stand for numbers.
function stands(mark) {
  const placed = mark.kind === "dots" || mark.kind === "lines"
  return (placed ? mark.corners && mark.places.values.length : TELL[mark.kind]) && mark.greatest !== 0
}

const isSingle = ({ kind, frames }) => kind === "picture" && frames.shape[1] * frames.shape[2] === 1

const TELL = {
  picture(mark, moment, words, room) {
    const [, rows, columns] = mark.frames.shape
    const values = at(mark.frames, moment)
    return grid(mark, rows, columns, room, words, (row, column) => meant(mark, values[row * columns + column], moment))
  },

  cells(mark, moment, words, room) {
    const [, rows, columns] = mark.values.shape
    const values = at(mark.values, moment)
    return grid(mark, rows, columns, room, words, (row, column) => number(values[row * columns + column], mark.digits))
  },

  numbers(mark, moment, words) {
    const rows = mark.names.map((name, place) => [name, at(mark.values, moment)[place]])
    return [["", words.value], rows.filter(([, value]) => !Number.isNaN(value)).map(([name, value]) => [name, decimal(value)])]
  },

  links(mark, moment, words, room) {
    const strengths = at(mark.strengths, moment)
    const [weights, decimals] = [mark.weights && at(mark.weights, moment), digits(mark.greatest)]
    const shown = (place) => number(weights ? weights[place] : (strengths[place] / 127) * mark.greatest, decimals)
    const rows = strengths.length / mark.second
    const biases = mark.biases && at(mark.biases, moment)
    const value = (row, column) => (row < rows ? shown(row * mark.second + column) : number(biases[column], decimals))
    const named = biases ? { ...mark, down: [...mark.down, "b"] } : mark
    const [head, lines] = grid(named, rows + (biases ? 1 : 0), mark.second, room, words, value)
    return [head, mark.quiet ? lines.filter(([, ...values]) => values.some((value) => value !== "0")) : lines]
  },

  dots(mark, moment, words) {
    const [places, colours] = [at(mark.places, moment), mark.values.values]
    const plain = colours.every((colour) => colour === colours[0])
    const every = Math.ceil(colours.length / MOST_POINTS)
    const far = outside(mark, moment)
    const rows = [...colours.keys()].filter((point) => point % every === 0)
    return [
      ["", "x", "y", ...(plain ? [] : [words.value])],
      rows.map((point) => [point + 1, ...located(mark, places, point, far.get(point)), ...(plain ? [] : [meant(mark, colours[point], moment)])]),
    ]
  },

  lines(mark, moment, words) {
    const [, lines, points] = mark.places.shape
    const places = at(mark.places, moment)
    const every = Math.max(1, Math.ceil((lines * points) / MOST_POINTS))
    const rows = []
    for (let line = 0; line < lines; line++)
      for (let point = 0; point < points; point += Math.min(every, Math.max(points - 1, 1)))
        rows.push([...(lines > 1 ? [line + 1] : []), ...located(mark, places, line * points + point)])
    return [[...(lines > 1 ? [words.line] : []), "x", "y"], rows]
  },
}

// Rows and columns of a matrix, of a large one every so many.
function grid({ down: names, across: heads }, rows, columns, room, words, value) {
  let [down, across] = [1, 1]
  while (Math.ceil(rows / down) * Math.ceil(columns / across) > room && (down < rows || across < columns))
    if (rows / down > columns / across) down++
    else across++
  const kept = (count, every) => Array.from({ length: Math.ceil(count / every) }, (_, place) => place * every)
  const head = [`${words.row} \\ ${words.column}`, ...kept(columns, across).map((column) => heads?.[column] || column + 1)]
  return [head, kept(rows, down).map((row) => [names?.[row] || row + 1, ...kept(columns, across).map((column) => value(row, column))])]
}

// The number, or the class and how far its probability is beyond chance, that a colour stands for.
function meant(mark, colour, moment) {
  if (mark.palette === "classes") return `${(colour >> 6) + 1} (${number((colour & 63) / 63, 2)})`
  if (mark.palette !== "signed") return number(colour / 255, 2)
  const greatest = of(mark.greatest, moment)
  return number(of(mark.middle, moment) + ((colour - 128) / 127) * greatest, digits(greatest))
}

// The points of a moment that lie outside their box, and their true places.
function outside({ beyond, places }, moment) {
  const found = new Map()
  const [rows, shown] = [beyond?.values ?? [], places.shape[0] > 1 ? moment : 0]
  for (let row = 0; row < rows.length; row += 4) if (rows[row] === shown) found.set(rows[row + 1], rows.subarray(row + 2, row + 4))
  return found
}

// Coordinates; of a line that goes on beyond what is known, that it does.
function located({ corners, frame }, places, point, far) {
  const [left, low, right, high] = corners.values
  if (far) return [...far].map((place) => number(place, digits((right - left) / 2)))
  const [x, y] = places.subarray(2 * point, 2 * point + 2)
  const sizes = frame ? 6 : 2 // half of what the frame reaches over
  const open = (place) => (frame && place === FINEST ? "> " : frame && place === 0 ? "< " : "")
  const along = (from, to, place) => open(place) + number(from + ((to - from) * place) / FINEST, digits((to - from) / sizes))
  return [along(left, right, x), along(low, high, y)]
}

const of = (part, moment) => (part?.values ? part.values[part.values.length > 1 ? moment : 0] : part)

// How many decimals are worth saying of numbers as large as this.
const digits = (greatest) => Math.min(Math.max(2 - Math.floor(Math.log10(greatest || 1)), 0), 9)
const number = (value, decimals) => String(+value.toFixed(decimals)).replace("-", "−")

function made(name, text) {
  return Object.assign(document.createElement(name), { textContent: text })
}

// Texts only: what a learner wrote may be among them.
function table(name, head, rows) {
  const [whole, top] = [document.createElement("table"), document.createElement("tr")]
  top.append(...head.map((text) => Object.assign(made("th", text), { scope: "col" })))
  whole.append(made("caption", name), top)
  for (const [first, ...values] of rows) {
    const line = document.createElement("tr")
    line.append(Object.assign(made("th", first), { scope: "row" }), ...values.map((text) => made("td", text)))
    whole.append(line)
  }
  return whole
}
