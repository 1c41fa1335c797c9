// What is shown in two pictures glides from its place in the one to its place in the other, so that a zoom has no break.

const GLIDES = 450 // milliseconds
const FAINTLY = 0.15
const MOVED = 3 // pixels of the page

// Where each picture that can be picked is on the page, within the holder of all panels.
function placesOf(easels, holder) {
  const { left, top } = holder.getBoundingClientRect()
  const found = new Map()
  for (const { panel, canvas } of easels ?? []) {
    const [corner, scale] = [canvas.getBoundingClientRect(), canvas.clientWidth / panel.width]
    for (const mark of panel.marks) {
      if (!mark.pick || mark.kind !== "picture" || found.has(mark.pick)) continue
      const [x, y, width, height] = mark.box.map((side) => side * scale)
      found.set(mark.pick, { mark, x: corner.left - left + x, y: corner.top - top + y, width, height })
    }
  }
  return found
}

// Move all that was there before to where it is now; what has come meanwhile appears.
function glide(before, after, holder, ghosts) {
  const still = (old, now) => Math.hypot(old.x - now.x, old.y - now.y) + Math.abs(old.width - now.width) < MOVED
  const moved = [...after].filter(([pick, now]) => before.has(pick) && now.mark.canvas && !still(before.get(pick), now))
  for (const [pick, now] of moved) {
    const old = before.get(pick)
    const { width, height } = now.mark.canvas
    const ghost = Object.assign(document.createElement("canvas"), { width, height, className: "film-ghost" })
    ghost.getContext("2d").drawImage(now.mark.canvas, 0, 0)
    Object.assign(ghost.style, { left: `${now.x}px`, top: `${now.y}px`, width: `${now.width}px`, height: `${now.height}px` })
    ghost.style.imageRendering = now.mark.crisp ? "pixelated" : ""
    ghosts.append(ghost)
    const from = `translate(${old.x - now.x}px, ${old.y - now.y}px) scale(${old.width / now.width}, ${old.height / now.height})`
    ghost.animate([{ transform: from }, { transform: "none" }], { duration: GLIDES, easing: "ease-in-out" }).onfinish = () => ghost.remove()
  }
  if (!moved.length) return
  for (const figure of holder.children) figure.animate([{ opacity: FAINTLY }, { opacity: 1 }], { duration: GLIDES, easing: "ease-in" })
}
