// A film is drawn by what has come ahead of it, or as soon as that is there.
const drawn = () => globalThis.films?.get(EDITION)

export default function (component) {
  if (drawn()) return drawn()(component)
  let end = () => removeEventListener("films", begin)
  function begin() {
    if (!drawn()) return
    removeEventListener("films", begin)
    end = drawn()(component)
  }
  addEventListener("films", begin)
  return () => end()
}
