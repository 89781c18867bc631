import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { settingsTable } from '../src/settings.ts'

it('documents every setting as it is', async () => {
  expect(await readFile(join(import.meta.dirname, '../README.md'), 'utf8')).toContain(settingsTable())
})
