import { useState } from 'react'

/** Rows never move under the pointer or the focus: while it is held, the order of its start stays. */
export function useHeldOrder<Row extends { id: string }>(rows: Row[]) {
  const [held, setHeld] = useState<string[]>()
  const rank = (row: Row) => (held?.includes(row.id) ? held.indexOf(row.id) : rows.length)
  const ordered = held ? rows.toSorted((a, b) => rank(a) - rank(b)) : rows
  const hold = () => setHeld((before) => before ?? rows.map((row) => row.id))
  const release = () => setHeld(undefined)
  return { ordered, holders: { onPointerEnter: hold, onPointerLeave: release, onFocus: hold, onBlur: release } }
}
