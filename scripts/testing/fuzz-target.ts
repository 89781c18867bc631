// A manager with the fake engine and a database in memory, for scripts/testing/fuzz: prints its address and the headers of
// a signed-in admin, one a line, and runs until it is ended.
import { openTestDatabase } from '../../packages/manager/test/helpers/test-database.ts'
import { startTestManager } from '../../packages/manager/test/helpers/test-manager.ts'

const manager = await startTestManager(await openTestDatabase(), { env: { REQUESTS_PER_MINUTE: '0' } })
const admin = await manager.signIn('admin')
await admin.call('POST /api/apps', { body: { name: 'One', slug: 'one', codeSource: { type: 'upload' } } })
console.log([manager.url, `cookie: ${admin.cookie()}`].join('\n'))
