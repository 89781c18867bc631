import { loadKeyConfig } from './config.ts'
import { openDatabase } from './db/open.ts'
import { createStore } from './repositories/store.ts'
import { createCredentialVault } from './services/credentials.ts'
import { createKeyRing } from './services/key-ring.ts'
import { sealSecretsAnew } from './services/secret-check.ts'

// Seals every secret with the first key and tells how many each key holds; run again where it was cut off.
const { DATABASE_URL, DATA_DIR, SECRETS_KEYS } = loadKeyConfig()
await using database = await openDatabase({ url: DATABASE_URL, dataDir: DATA_DIR, migrates: false })
const store = createStore(database.db)
const keys = createKeyRing(SECRETS_KEYS)
const vault = createCredentialVault({ store, keys, now: () => new Date() })
const { unreadable } = await sealSecretsAnew({ installation: store.installation, vault, keys })
const counts = await vault.countByKey()
for (const [id, count] of counts) process.stdout.write(`${id} ${count}\n`)
if (unreadable > 0) throw new Error(`${unreadable} secrets cannot be read with the keys there are`)
