import { sql } from 'drizzle-orm'
import type { Database } from '../../src/db/database.ts'

/** Draft apps of a user, straight into the table: more than the API could make in the time of a test. */
export const addApps = ({ db }: Database, ownerId: string, count: number, firstSubnet = 0) =>
  db.execute(sql`
    insert into apps (id, slug, name, owner_id, code_source, r_version, packages, system_packages, entry_script, mode,
                      replicas, resources, subnet_index)
    select gen_random_uuid(), 'app-' || n, 'App ' || n, ${ownerId}::uuid, '{"type":"upload"}', 'latest', '[]', '[]',
           'app.R', 'ocap', 1, '{}', n + ${firstSubnet}::int
    from generate_series(0, ${count - 1}::int) as n`)
