const gap = 4
const edge = 8

/** The top layer knows no anchor (CSS anchors are not everywhere yet), so what floats gets viewport coordinates. */
export function place(floating: HTMLElement, anchor: Element, align: 'start' | 'center' | 'end') {
  const box = anchor.getBoundingClientRect()
  const { offsetWidth: width, offsetHeight: height } = floating
  const lefts = { start: box.left, center: box.left + (box.width - width) / 2, end: box.right - width }
  const left = Math.max(edge, Math.min(lefts[align], window.innerWidth - width - edge))
  const below = box.bottom + gap
  const fitsBelow = below + height <= window.innerHeight
  floating.style.left = `${left}px`
  floating.style.top = `${fitsBelow ? below : Math.max(edge, box.top - height - gap)}px`
}
