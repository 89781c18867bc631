import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { isSocketStale } from './engine-socket.ts'

let folder: string
let path: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rsp-socket-'))
  path = join(folder, 'docker.sock')
})
afterAll(() => rm(folder, { recursive: true }))

const alive = async () => true
const silent = async () => false

it('is fine where somebody listens, and not stale where nobody lives', async () => {
  const server = createServer().listen(path)
  expect(await isSocketStale(path, alive)).toBe(false)
  await new Promise((resolve) => server.close(resolve))
  // Closed means removed: an engine that is starting has no file for a moment.
  expect(await isSocketStale(path, alive)).toBe(false)
})

it('is stale when nobody listens any more, and the engine lives', async () => {
  const listen = "require('net').createServer().listen(process.argv[1], () => console.log('up'))"
  const child = spawn(process.execPath, ['-e', listen, path])
  await once(child.stdout, 'data')
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(await isSocketStale(path, alive)).toBe(true)
  expect(await isSocketStale(path, silent)).toBe(false)
})
