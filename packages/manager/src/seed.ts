import { randomUUID } from 'node:crypto'
import { text } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import { loadSeedConfig } from './config.ts'
import { openDatabase } from './db/open.ts'
import { createStore } from './repositories/store.ts'
import { actAtConsole, onUser } from './services/audit-record.ts'
import { createPasswords } from './services/password.ts'
import { refuseWeakPassword } from './services/password-rules.ts'

// Makes an admin; a second run changes nothing. The password comes from ADMIN_PASSWORD_FILE or from stdin:
//   node seed.ts [--username NAME] <password-file       (NAME: else ADMIN_USERNAME, else admin)
const { ADMIN_USERNAME, ADMIN_PASSWORD, DATABASE_URL, DATA_DIR, DATABASE_MIGRATE } = loadSeedConfig()
const { values } = parseArgs({ options: { username: { type: 'string', default: ADMIN_USERNAME } } })
const { username } = values
const password = ADMIN_PASSWORD ?? (await text(process.stdin)).replace(/\r?\n$/, '')
if (password.length < 8 || password.length > 256) throw new Error('The password needs 8 to 256 characters')
refuseWeakPassword(password, username, 'password')

await using database = await openDatabase({ url: DATABASE_URL, dataDir: DATA_DIR, migrates: DATABASE_MIGRATE })
const id = randomUUID()
const passwordHash = await createPasswords().hash(password)
const isNew = await createStore(database.db).transaction(async (tx) => {
  const made = await tx.users.insertIfNew({ id, username, passwordHash, role: 'admin' })
  if (made) await tx.audit.record(actAtConsole('user.create', { ...onUser({ id, username }), detail: 'admin' }))
  return made
})
process.stdout.write(isNew ? 'created\n' : 'exists\n')
