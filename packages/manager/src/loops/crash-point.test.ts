import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { createCrashPoint } from './crash-point.ts'

it('kills in its phase alone, once in the life of a data folder', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'rsp-crash-'))
  const kill = vi.fn()
  const at = createCrashPoint({ phase: 'verify', dataDir, kill })
  await at('start')
  expect(kill).not.toHaveBeenCalled()
  // It never returns: the process is gone.
  const never = await Promise.race([
    at('verify').then(() => 'returned'),
    vi.waitFor(() => expect(kill).toHaveBeenCalled()).then(() => 'killed'),
  ])
  expect(never).toBe('killed')
  await createCrashPoint({ phase: 'verify', dataDir, kill })('verify')
  expect(kill).toHaveBeenCalledOnce()
  await createCrashPoint({ phase: undefined, dataDir, kill })('verify')
  expect(kill).toHaveBeenCalledOnce()
  await rm(dataDir, { recursive: true })
})
