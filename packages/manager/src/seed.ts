import { randomUUID } from 'node:crypto'
import { text } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import { loadDatabaseConfig } from './config.ts'
import { openDatabase } from './db/open.ts'
import { createUserRepository } from './repositories/users.ts'
import { createPasswords } from './services/password.ts'

// Makes an admin: `node seed.ts --username admin <password-file`. A second run changes nothing.
const { values } = parseArgs({ options: { username: { type: 'string', default: 'admin' } } })
const password = (await text(process.stdin)).replace(/\r?\n$/, '')
if (password.length < 8 || password.length > 256) throw new Error('The password on stdin needs 8 to 256 characters')

const { DATABASE_URL, DATA_DIR } = loadDatabaseConfig()
await using database = await openDatabase({ url: DATABASE_URL, dataDir: DATA_DIR })
const isNew = await createUserRepository(database.db).insertIfNew({
  id: randomUUID(),
  username: values.username,
  passwordHash: await createPasswords().hash(password),
  role: 'admin',
})
process.stdout.write(isNew ? 'created\n' : 'exists\n')
