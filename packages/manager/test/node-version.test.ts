import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '../../..')
const readJson = async (path: string) => JSON.parse(await readFile(join(root, path), 'utf8'))

it('runs on Node 24, whatever the machine has', () => {
  expect(process.version).toMatch(/^v24\./)
})

it('has Node 24 first on the path of package scripts', async () => {
  const { devDependencies, trustedDependencies } = await readJson('package.json')
  expect(devDependencies.node).toMatch(/^24/)
  // Without trust the package's install script does not run, and the machine's own Node would be taken silently.
  expect(trustedDependencies).toEqual(['node'])
  const { stdout } = await promisify(execFile)(join(root, 'node_modules/.bin/node'), ['--version'])
  expect(stdout).toMatch(/^v24\./)
})
