import { loadPrepareConfig } from './config.ts'
import { preparePostgres } from './db/prepare-postgres.ts'

// Once before each start, as a superuser: roles, migrations, rights. Nothing that listens knows that password.
const { DATABASE_ADMIN_URL, DATABASE_URL } = loadPrepareConfig()
await preparePostgres({ adminUrl: DATABASE_ADMIN_URL, appUrl: DATABASE_URL })
process.stdout.write('database prepared\n')
