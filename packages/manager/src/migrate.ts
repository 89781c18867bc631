import { loadDatabaseConfig } from './config.ts'
import { openDatabase } from './db/open.ts'

// Opening migrates; this is for those who want to do it before the manager starts.
const { DATABASE_URL, DATA_DIR } = loadDatabaseConfig()
await using _database = await openDatabase({ url: DATABASE_URL, dataDir: DATA_DIR })
process.stdout.write('migrated\n')
