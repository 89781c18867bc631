import { type HTMLAttributes, lazy, Suspense } from 'react'
import { BodyRow, type Column, cellLook, numberLook, type RowsProps, wideOnlyLook } from './table-row.tsx'

export type { Column } from './table-row.tsx'

/** Longer ones keep only the rows near the screen in the page. */
const windowedFrom = 60

interface TableProps<Row> extends HTMLAttributes<HTMLTableElement>, RowsProps<Row> {
  caption: string
  /** One line a row. */
  isCompact?: boolean
}

// Few lists are long, and what windows them is 12 kB.
const WindowedBody = lazy(() => import('./windowed-body.tsx').then((file) => ({ default: file.WindowedBody })))

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
        <PlainBody {...{ columns, rows, rowKey, isCompact }} />
      ) : (
        <Suspense fallback={<PlainBody {...{ columns, rowKey, isCompact }} rows={rows.slice(0, windowedFrom)} />}>
          <WindowedBody
            count={rows.length}
            keyAt={(index) =>
              rows
                .slice(index, index + 1)
                .map(rowKey)
                .join()
            }
            rowAt={(index, measure) => {
              const row = rows[index]
              return row && <BodyRow key={rowKey(row)} {...{ columns, row, index, measure }} />
            }}
          />
        </Suspense>
      )}
    </table>
  </div>
)

interface BodyProps<Row> extends RowsProps<Row> {
  isCompact: boolean | undefined
}

const PlainBody = <Row,>({ columns, rows, rowKey, isCompact }: BodyProps<Row>) => (
  // biome-ignore lint/a11y/noRedundantRoles: see Table
  <tbody role="rowgroup" className="max-sm:block">
    {rows.map((row, index) => (
      <BodyRow key={rowKey(row)} {...{ columns, row, index, isCompact }} />
    ))}
  </tbody>
)

const HeaderCell = <Row,>({
  column: { header, isHeaderHidden, isNumber, isWideOnly, width },
}: {
  column: Column<Row>
}) => (
  <th
    // biome-ignore lint/a11y/noRedundantRoles: see Table
    role="columnheader"
    scope="col"
    className={`${cellLook} ${width ?? ''} ${isNumber ? numberLook : ''} ${isWideOnly ? wideOnlyLook : ''} font-medium`}
  >
    <span className={isHeaderHidden ? 'sr-only' : undefined}>{header}</span>
  </th>
)
