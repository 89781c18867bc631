import { useVirtualizer } from '@tanstack/react-virtual'
import type { ReactNode, RefObject } from 'react'

const lineHeight = 20

interface WindowedLinesProps {
  count: number
  scroller: RefObject<HTMLDivElement | null>
  lineAt: (index: number) => ReactNode
}

/** Of a long log the lines near what is seen. */
export function WindowedLines({ count, scroller, lineAt }: WindowedLinesProps) {
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => lineHeight,
    overscan: 20,
  })
  return (
    <div className="relative" style={{ height: virtualizer.getTotalSize() }}>
      {virtualizer.getVirtualItems().map(({ index, key, start }) => (
        <div key={key} className="absolute left-0 min-w-full" style={{ top: start }}>
          {lineAt(index)}
        </div>
      ))}
    </div>
  )
}
