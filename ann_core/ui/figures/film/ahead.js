
// What draws films comes once with a page, ahead of them all: with each film again, it would be most of what is sent for a click.
;(globalThis.films ??= new Map()).set(EDITION, shown)
dispatchEvent(new Event("films"))
export default () => {}
