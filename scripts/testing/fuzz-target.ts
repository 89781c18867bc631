// A manager with the fake engine and a database in memory, for scripts/testing/fuzz: writes the document to send by to
// FILE, prints the manager's address and the cookie of a signed-in admin, one a line, and runs until it is ended.
// usage: node fuzz-target.ts FILE
import { readFile, writeFile } from 'node:fs/promises'
import { openTestDatabase } from '../../packages/manager/test/helpers/test-database.ts'
import { startTestManager } from '../../packages/manager/test/helpers/test-manager.ts'

const [, , file = ''] = process.argv
const document = await readFile(new URL('../../packages/contract/openapi.json', import.meta.url), 'utf8')
// Python's expressions know no classes of Unicode: it could make no value for them.
const plain = JSON.parse(document, (name, value: unknown) =>
  name === 'pattern' && String(value).includes('\\p{') ? '^[A-Za-z][A-Za-z0-9 ]{0,40}$' : value,
)
await writeFile(file, JSON.stringify(plain))

const manager = await startTestManager(await openTestDatabase(), {
  env: { REQUESTS_PER_MINUTE: '0', APPS_PER_USER: '10000' },
})
const admin = await manager.signIn('admin')
await admin.call('POST /api/apps', { body: { name: 'One', slug: 'one', codeSource: { type: 'upload' } } })
console.log([manager.url, `cookie: ${admin.cookie()}`].join('\n'))
