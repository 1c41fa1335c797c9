// Leads to a section of the page when it has been drawn, and stays there while what is above it grows.

const SETTLED = 6_000 // milliseconds until a page has its size
let reached = null

export default function ({ data }) {
  if (data.number === reached) return
  reached = data.number
  const page = document.querySelector("[data-testid=stMainBlockContainer]")
  const lead = () => document.getElementById(data.anchor)?.scrollIntoView()
  const growing = new ResizeObserver(lead)
  growing.observe(page)
  const leave = () => growing.disconnect()
  for (const moved of ["wheel", "touchstart", "keydown", "pointerdown"]) addEventListener(moved, leave, { once: true })
  setTimeout(leave, SETTLED)
}
