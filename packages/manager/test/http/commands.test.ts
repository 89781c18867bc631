import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase } from '../../src/db/open.ts'
import { createStore, type Store } from '../../src/repositories/store.ts'
import { createPasswords } from '../../src/services/password.ts'

// What operators run beside the manager, each in a process of its own on the embedded database.
const source = join(import.meta.dirname, '../../src')
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rsp-commands-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function run(command: string, args: string[], { input = '', env = {} }: { input?: string; env?: object } = {}) {
  const child = spawn(process.execPath, [join(source, command), ...args], {
    env: { PATH: process.env.PATH, DATA_DIR: folder, ...env },
  })
  child.stdin.end(input)
  const [out, problem, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve) => child.once('close', resolve)),
  ])
  return { out: out.trim(), problem, code }
}

async function look<T>(ask: (store: Store) => Promise<T>): Promise<T> {
  await using database = await openDatabase({ dataDir: folder })
  return await ask(createStore(database.db))
}

const opens = async (username: string, password: string) => {
  const user = await look((store) => store.users.findByUsername(username))
  return createPasswords().isRight(password, user?.passwordHash)
}

describe('seed', { timeout: 60_000 }, () => {
  it('makes the admin of the file once, and refuses a weak password', async () => {
    const file = join(folder, 'password')
    await writeFile(file, 'correct horse battery\n')
    const env = { ADMIN_USERNAME: 'root', ADMIN_PASSWORD_FILE: file }
    expect(await run('seed.ts', [], { env })).toMatchObject({ out: 'created', code: 0 })
    expect(await run('seed.ts', [], { env })).toMatchObject({ out: 'exists', code: 0 })
    expect(await opens('root', 'correct horse battery')).toBe(true)
    const weak = await run('seed.ts', ['--username', 'eve'], { input: 'password1\n' })
    expect(weak).toMatchObject({ code: 1, problem: expect.stringContaining('most common') })
  })
})

describe('reset-password', { timeout: 60_000 }, () => {
  it('gives a new password, ends every sign-in, and is written down', async () => {
    const made = await run('reset-password.ts', ['ROOT'])
    const [, password = ''] = /password (\S{16})$/.exec(made.out) ?? []
    expect(await opens('root', password)).toBe(true)
    const given = await run('reset-password.ts', ['root'], { input: 'another long one\n' })
    expect(given).toMatchObject({ code: 0, out: 'root has the new password' })
    expect(await opens('root', 'another long one')).toBe(true)
    const [event, user] = await look(async (store) => [
      (await store.audit.list({ action: 'password.reset' }, 1))[0],
      await store.users.findByUsername('root'),
    ])
    expect(event).toMatchObject({ auth: 'console', objectName: 'root', actorId: null })
    expect(user).toMatchObject({ authEpoch: 2 })
  })

  it('says what is wrong with a name', async () => {
    expect(await run('reset-password.ts', ['nobody'])).toMatchObject({
      code: 1,
      problem: expect.stringContaining('There is no user nobody'),
    })
  })
})
