// A point of the plane goes through a network: what maths/networks/dense.py does, held to it by a test.

const LEAKY_SLOPE = 0.2
const logistic = (z) => 1 / (1 + Math.exp(-z))

const FEATURES = {
  x1: (x1) => x1,
  x2: (x1, x2) => x2,
  x1_squared: (x1) => x1 ** 2,
  x2_squared: (x1, x2) => x2 ** 2,
  product: (x1, x2) => x1 * x2,
  sin_x1: (x1) => Math.sin(x1),
  sin_x2: (x1, x2) => Math.sin(x2),
}

const ACTIVATIONS = {
  relu: (z) => Math.max(z, 0),
  leaky_relu: (z) => (z > 0 ? z : LEAKY_SLOPE * z),
  elu: (z) => (z > 0 ? z : Math.expm1(z)),
  silu: (z) => z * logistic(z),
  tanh: Math.tanh,
  sigmoid: logistic,
  linear: (z) => z,
}

function softmax(sums) {
  const growth = sums.map((sum) => Math.exp(sum - Math.max(...sums)))
  const whole = growth.reduce((sum, each) => sum + each, 0)
  return growth.map((each) => each / whole)
}

const networkOf = (panel) => panel.marks.find(({ kind }) => kind === "network")
const spotOf = (panel) => panel.marks.find(({ kind, layer }) => kind === "spot" && !layer)

// What every layer makes of a point, given as shares of the plane's width and height; the inputs come first.
function passed(panel, spot, moment) {
  const { features, activations, reach } = networkOf(panel)
  const place = spot.map((share) => (2 * share - 1) * reach)
  const steps = [{ outputs: features.map((name) => FEATURES[name](...place)) }]
  networked(panel).forEach((mark, layer) => {
    const coming = steps.at(-1).outputs
    const [weights, biases] = [at(mark.weights, moment), mark.biases && at(mark.biases, moment)]
    const sum = (unit) => coming.reduce((whole, value, row) => whole + value * weights[row * mark.second + unit], biases ? biases[unit] : 0)
    const sums = Array.from({ length: mark.second }, (_, unit) => sum(unit))
    const name = activations[layer]
    steps.push({ sums, outputs: name === "softmax" ? softmax(sums) : sums.map(ACTIVATIONS[name]) })
  })
  return steps
}

// A place of the plane, or the nearest one that can be: where only whole values are, one of them.
function snapped({ corners, whole }, spot) {
  const held = spot.map((share) => Math.min(Math.max(share, 0), 1))
  if (!whole) return held
  return held.map((share, axis) => {
    const [low, high] = [corners.values[axis], corners.values[2 + axis]]
    return (Math.round(low + (high - low) * share) - low) / (high - low)
  })
}

// Where the point is, and what the network answers there, in words.
function answered(panel, spot, moment, words) {
  const network = networkOf(panel)
  const value = (axis) => {
    const [low, high] = [network.corners.values[axis], network.corners.values[2 + axis]]
    return number(low + (high - low) * spot[axis], network.whole ? 0 : digits((high - low) / 2))
  }
  const place = network.axes.map((name, axis) => `${name} ${value(axis)}`).join(words.comma)
  const { outputs } = passed(panel, spot, moment).at(-1)
  if (!network.classes.length) return filled(words["said.value"], { place, value: exact(outputs[0]) })
  const shares = outputs.length === 1 ? [1 - outputs[0], outputs[0]] : outputs
  const best = shares.indexOf(Math.max(...shares))
  const share = best < 0 ? "NaN" : `${(100 * shares[best]).toFixed(1)}%`
  return filled(words["said.class"], { place, name: network.classes[best] ?? "?", share })
}

function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name])
}
