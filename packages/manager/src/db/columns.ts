import { timestamp } from 'drizzle-orm/pg-core'

// Milliseconds, as JavaScript has them: a page cursor must compare equal to its row.
export const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date', precision: 3 })
export const createdAt = () => instant('created_at').notNull().defaultNow()
