import type { HTMLAttributes, ReactNode } from 'react'

/** Where a cell goes when the row is a card, below 640 px. */
type CardPlace = 'name' | 'corner' | 'wide' | 'fact' | 'verb' | 'hidden'

export interface Column<Row> {
  header: string
  isHeaderHidden?: boolean
  place: CardPlace
  /** A share of the table, from 640 px. */
  width?: 'sm:w-1/6' | 'sm:w-1/4' | 'sm:w-1/4 lg:w-1/3' | 'sm:w-36' | 'sm:w-14'
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
const cardLook =
  'max-sm:mb-2 max-sm:grid max-sm:grid-cols-[1fr_auto] max-sm:gap-2 max-sm:rounded-lg max-sm:border max-sm:bg-surface max-sm:p-3'

interface TableProps<Row> extends HTMLAttributes<HTMLTableElement> {
  caption: string
  columns: Column<Row>[]
  rows: Row[]
  rowKey: (row: Row) => string
}

/** Roles are spelled out because browsers drop them when the rows turn into cards. */
export const Table = <Row,>({ caption, columns, rows, rowKey, ...rest }: TableProps<Row>) => (
  <div className="sm:rounded-lg sm:border sm:bg-surface">
    {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
    <table {...rest} role="table" className="w-full max-sm:block sm:table-fixed">
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
      {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
      <tbody role="rowgroup" className="max-sm:block">
        {rows.map((row) => (
          // biome-ignore lint/a11y/noRedundantRoles: see above
          <tr key={rowKey(row)} role="row" className={`h-14 sm:border-t max-sm:h-auto ${cardLook}`}>
            {columns.map((column) => (
              <Cell key={column.header} place={column.place}>
                {column.cell(row)}
              </Cell>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </div>
)

const HeaderCell = <Row,>({ column: { header, isHeaderHidden, width } }: { column: Column<Row> }) => (
  // biome-ignore lint/a11y/noRedundantRoles: see above
  <th role="columnheader" scope="col" className={`${cellLook} ${width ?? ''} font-medium`}>
    <span className={isHeaderHidden ? 'sr-only' : undefined}>{header}</span>
  </th>
)

function Cell({ place, children }: { place: CardPlace; children: ReactNode }) {
  const look = `${cellLook} ${places[place]}`
  if (place === 'name') {
    return (
      // biome-ignore lint/a11y/noRedundantRoles: see above
      <th scope="row" role="rowheader" className={look}>
        {children}
      </th>
    )
  }
  return (
    // biome-ignore lint/a11y/noRedundantRoles: see above
    <td role="cell" className={look}>
      {children}
    </td>
  )
}
