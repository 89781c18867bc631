// Asks the manager to clear what nothing needs, and prints it.
// usage: node scripts/cleanup.ts MANAGER_URL PASSWORD_FILE [--dry-run]
import { readFile } from 'node:fs/promises'
import { signIn } from '../packages/manager/test/helpers/signed-in.ts'

const [managerUrl = '', passwordFile = '', option] = process.argv.slice(2)
const { call } = await signIn(managerUrl, 'admin', (await readFile(passwordFile, 'utf8')).trim())
const { dryRun, items, freedBytes } = await call('POST /api/system/cleanup', {
  querystring: { dryRun: option === '--dry-run' },
})
for (const { kind, sizeBytes, name, reason } of items)
  console.log(`${kind.padEnd(10)} ${megabytes(sizeBytes).padStart(10)}  ${name}: ${reason}`)
console.log(
  items.length === 0 ? 'Nothing to remove.' : `${megabytes(freedBytes)} ${dryRun ? 'would be' : 'were'} freed.`,
)

function megabytes(bytes: number) {
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`
}
