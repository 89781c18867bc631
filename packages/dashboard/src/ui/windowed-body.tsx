import { useWindowVirtualizer } from '@tanstack/react-virtual'
import type { ReactNode } from 'react'

const rowHeight = 57

interface WindowedBodyProps {
  count: number
  keyAt: (index: number) => string
  /** `measure` is the row's ref: rows that are cards have heights of their own. */
  rowAt: (index: number, measure: (element: Element | null) => void) => ReactNode
}

/** Of a long list the rows near the screen. */
export function WindowedBody({ count, keyAt, rowAt }: WindowedBodyProps) {
  const virtualizer = useWindowVirtualizer({ count, estimateSize: () => rowHeight, overscan: 12, getItemKey: keyAt })
  const items = virtualizer.getVirtualItems()
  return (
    // biome-ignore lint/a11y/noRedundantRoles: see Table
    <tbody role="rowgroup" className="max-sm:block">
      <Spacer height={items[0]?.start ?? 0} />
      {items.map(({ index }) => rowAt(index, virtualizer.measureElement))}
      <Spacer height={virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0)} />
    </tbody>
  )
}

const Spacer = ({ height }: { height: number }) => (
  <tr aria-hidden className="max-sm:block" style={{ height }}>
    <td />
  </tr>
)
