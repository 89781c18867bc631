import { randomBytes } from 'node:crypto'
import { text } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import { loadDatabaseConfig } from './config.ts'
import { openDatabase } from './db/open.ts'
import { createStore } from './repositories/store.ts'
import { actAtConsole, onUser } from './services/audit-record.ts'
import { createPasswords } from './services/password.ts'
import { refuseWeakPassword } from './services/password-rules.ts'
import { endEverySignIn } from './services/sign-ins.ts'

// For who is locked out: `node reset-password.js [--enable] USER`, a new password on stdin, or none to get one made.
const { values, positionals } = parseArgs({ allowPositionals: true, options: { enable: { type: 'boolean' } } })
const [username = ''] = positionals
const given = process.stdin.isTTY ? '' : (await text(process.stdin)).replace(/\r?\n$/, '')
const password = given || randomBytes(12).toString('base64url')

const { DATABASE_URL, DATA_DIR } = loadDatabaseConfig()
await using database = await openDatabase({ url: DATABASE_URL, dataDir: DATA_DIR, migrates: false })
const store = createStore(database.db)
const user = await store.users.findByUsername(username)
if (!user) throw new Error(`There is no user ${username || 'without a name'}: reset-password USER`)
if (user.disabledAt && !values.enable) throw new Error(`The account ${username} is disabled: add --enable to enable it`)
refuseWeakPassword(password, username, 'password')

const passwordHash = await createPasswords().hash(password)
await store.transaction(async (tx) => {
  await tx.users.update(user.id, { passwordHash, ...(values.enable && { disabledAt: null }) })
  await endEverySignIn(tx, user.id)
  await tx.audit.record(actAtConsole('password.reset', onUser(user)))
})
process.stdout.write(given ? `${username} has the new password\n` : `${username} has the new password ${password}\n`)
