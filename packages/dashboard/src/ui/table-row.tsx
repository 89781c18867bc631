import type { ReactNode } from 'react'

/** Where a cell goes when the row is a card, below 640 px. */
type CardPlace = 'name' | 'corner' | 'wide' | 'fact' | 'verb' | 'hidden'

export interface Column<Row> {
  header: string
  isHeaderHidden?: boolean
  /** Right-aligned, so that figures can be compared. */
  isNumber?: boolean
  place: CardPlace
  /** Left out where there is room for few, below 1024 px. */
  isWideOnly?: boolean
  /** Before the value where no header stands above it: in a card. */
  cardLabel?: string
  /** A share of the table, from 640 px. */
  width?:
    | 'sm:w-1/6'
    | 'sm:w-1/5'
    | 'sm:w-1/4'
    | 'sm:w-1/4 lg:w-1/3'
    | 'sm:w-36'
    | 'sm:w-36 lg:w-56'
    | 'sm:w-28'
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
export const cellLook =
  'px-3 py-2 text-left font-normal first:pl-4 last:pr-4 max-sm:block max-sm:p-0 max-sm:first:pl-0 max-sm:last:pr-0'
export const wideOnlyLook = 'sm:max-lg:hidden'
export const numberLook = 'sm:text-right tabular-nums'
const cardLook =
  'max-sm:mb-2 max-sm:grid max-sm:grid-cols-[1fr_auto] max-sm:gap-2 max-sm:rounded-lg max-sm:border max-sm:bg-surface max-sm:p-3'

export interface RowsProps<Row> {
  columns: Column<Row>[]
  rows: Row[]
  rowKey: (row: Row) => string
}

interface BodyRowProps<Row> {
  columns: Column<Row>[]
  row: Row
  index: number
  isCompact?: boolean | undefined
  measure?: (element: Element | null) => void
}

export const BodyRow = <Row,>({ columns, row, index, isCompact, measure }: BodyRowProps<Row>) => (
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

function Cell<Row>({
  column: { place, isNumber, isWideOnly, cardLabel },
  children,
}: {
  column: Column<Row>
  children: ReactNode
}) {
  const look = `${cellLook} ${places[place]} ${isNumber ? numberLook : ''} ${isWideOnly ? wideOnlyLook : ''}`
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
      {cardLabel && <span className="text-ink-3 sm:hidden">{cardLabel} </span>}
      {children}
    </td>
  )
}
