import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { type HTMLAttributes, type ReactNode, useRef } from 'react'

/** Where a cell goes when the row is a card, below 640 px. */
type CardPlace = 'name' | 'corner' | 'wide' | 'fact' | 'verb' | 'hidden'

export interface Column<Row> {
  header: string
  isHeaderHidden?: boolean
  /** Right-aligned, so that figures can be compared. */
  isNumber?: boolean
  place: CardPlace
  /** A share of the table, from 640 px. */
  width?:
    | 'sm:w-1/6'
    | 'sm:w-1/5'
    | 'sm:w-1/4'
    | 'sm:w-1/4 lg:w-1/3'
    | 'sm:w-36'
    | 'sm:w-56'
    | 'sm:w-24'
    | 'sm:w-20'
    | 'sm:w-14'
  cell: (row: Row) => ReactNode
}

const places: Record<CardPlace, string> = {
  name: 'max-sm:col-start-1 max-sm:row-start-1',
  corner: 'max-sm:col-start-2 max-sm:row-start-1 max-sm:justify-self-end',
  wide: 'max-sm:col-span-2 max-sm:row-start-2',
  fact: 'max-sm:col-start-1 max-sm:row-start-3 max-sm:self-center',
  hidden: 'max-sm:hidden',
  verb: 'max-sm:col-start-2 max-sm:row-start-3 max-sm:justify-self-end sm:pr-1 sm:text-right',
}
const cellLook =
  'px-3 py-2 text-left font-normal first:pl-4 last:pr-4 max-sm:block max-sm:p-0 max-sm:first:pl-0 max-sm:last:pr-0'
const numberLook = 'sm:text-right tabular-nums'
const cardLook =
  'max-sm:mb-2 max-sm:grid max-sm:grid-cols-[1fr_auto] max-sm:gap-2 max-sm:rounded-lg max-sm:border max-sm:bg-surface max-sm:p-3'

/** Longer ones keep only the rows near the screen in the page. */
const windowedFrom = 60
const rowHeight = 57

interface RowsProps<Row> {
  columns: Column<Row>[]
  rows: Row[]
  rowKey: (row: Row) => string
}

interface TableProps<Row> extends HTMLAttributes<HTMLTableElement>, RowsProps<Row> {
  caption: string
  /** One line a row. */
  isCompact?: boolean
}

/** Roles are spelled out because browsers drop them when the rows turn into cards. */
export const Table = <Row,>({ caption, columns, rows, rowKey, isCompact, ...rest }: TableProps<Row>) => (
  <div className="sm:rounded-lg sm:border sm:bg-surface">
    {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
    <table {...rest} role="table" aria-rowcount={rows.length + 1} className="w-full max-sm:block sm:table-fixed">
      <caption className="sr-only">{caption}</caption>
      {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
      <thead role="rowgroup" className="max-sm:sr-only">
        {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
        <tr role="row" className="text-sm text-ink-2">
          {columns.map((column) => (
            <HeaderCell key={column.header} column={column} />
          ))}
        </tr>
      </thead>
      {rows.length < windowedFrom ? (
        // biome-ignore lint/a11y/noRedundantRoles: see above
        <tbody role="rowgroup" className="max-sm:block">
          {rows.map((row, index) => (
            <BodyRow key={rowKey(row)} {...{ columns, row, index, isCompact }} />
          ))}
        </tbody>
      ) : (
        <WindowedBody {...{ columns, rows, rowKey }} />
      )}
    </table>
  </div>
)

function WindowedBody<Row>({ columns, rows, rowKey }: RowsProps<Row>) {
  const body = useRef<HTMLTableSectionElement>(null)
  const virtualizer = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => rowHeight,
    overscan: 12,
    getItemKey: (index) => keyAt(rows, rowKey, index),
  })
  const items = virtualizer.getVirtualItems()
  const before = items[0]?.start ?? 0
  const after = virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0)
  return (
    // biome-ignore lint/a11y/noRedundantRoles: see Table
    <tbody ref={body} role="rowgroup" className="max-sm:block">
      <Spacer height={before} />
      {items.map(({ index, key }) => {
        const row = rows[index]
        return row && <BodyRow key={key} measure={virtualizer.measureElement} {...{ columns, row, index }} />
      })}
      <Spacer height={after} />
    </tbody>
  )
}

function keyAt<Row>(rows: Row[], rowKey: (row: Row) => string, index: number) {
  const row = rows[index]
  return row ? rowKey(row) : index
}

const Spacer = ({ height }: { height: number }) => (
  <tr aria-hidden className="max-sm:block" style={{ height }}>
    <td />
  </tr>
)

interface BodyRowProps<Row> {
  columns: Column<Row>[]
  row: Row
  index: number
  isCompact?: boolean | undefined
  measure?: (element: Element | null) => void
}

const BodyRow = <Row,>({ columns, row, index, isCompact, measure }: BodyRowProps<Row>) => (
  <tr
    ref={measure}
    data-index={index}
    aria-rowindex={index + 2}
    // biome-ignore lint/a11y/noRedundantRoles: see Table
    role="row"
    className={`${isCompact ? 'h-9' : 'h-14'} max-sm:h-auto sm:border-t ${cardLook}`}
  >
    {columns.map((column) => (
      <Cell key={column.header} column={column}>
        {column.cell(row)}
      </Cell>
    ))}
  </tr>
)

const HeaderCell = <Row,>({ column: { header, isHeaderHidden, isNumber, width } }: { column: Column<Row> }) => (
  <th
    // biome-ignore lint/a11y/noRedundantRoles: see Table
    role="columnheader"
    scope="col"
    className={`${cellLook} ${width ?? ''} ${isNumber ? numberLook : ''} font-medium`}
  >
    <span className={isHeaderHidden ? 'sr-only' : undefined}>{header}</span>
  </th>
)

function Cell<Row>({ column: { place, isNumber }, children }: { column: Column<Row>; children: ReactNode }) {
  const look = `${cellLook} ${places[place]} ${isNumber ? numberLook : ''}`
  if (place === 'name') {
    return (
      // biome-ignore lint/a11y/noRedundantRoles: see Table
      <th scope="row" role="rowheader" className={look}>
        {children}
      </th>
    )
  }
  return (
    // biome-ignore lint/a11y/noRedundantRoles: see Table
    <td role="cell" className={look}>
      {children}
    </td>
  )
}
