import { randomUUID } from 'node:crypto'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { App, UpdateApp } from '@rserve-proxy/contract/apps.ts'
import type { Deployment } from '@rserve-proxy/contract/deployments.ts'
import { docker } from '../e2e/engine-facts.ts'
import { stack } from '../e2e/stack.ts'
import { type SignedIn, signIn } from '../helpers/signed-in.ts'

const source = join(import.meta.dirname, 'app')

export interface FaultApp extends AsyncDisposable {
  id: string
  url: string
  /** Uploads code that answers this version, with more R code at its end. */
  upload(version: string, more?: string): Promise<void>
  deploy(version: string, more?: string): Promise<Deployment>
  change(settings: UpdateApp): Promise<App>
  read(): Promise<App>
  /** Status and text, or what went wrong on the way. */
  get(path?: string, waitMs?: number): Promise<{ status: number; text: string }>
  containers(): Promise<
    { Id: string; State: string; Status: string; Names: string[]; Labels: Record<string, string> }[]
  >
}

let api: SignedIn | undefined

/** As the admin of the stack; one sign-in for the whole run. */
export async function admin(): Promise<SignedIn> {
  api ??= await signIn(stack.url, 'admin', stack.adminPassword)
  return api
}

/** A new app of the stack, which goes when it is disposed. */
export async function newApp(settings: UpdateApp = {}): Promise<FaultApp> {
  const { call, upload, settle } = await admin()
  const slug = `fault-${randomUUID().slice(0, 8)}`
  const body = { name: slug, slug, mode: 'http' as const, codeSource: { type: 'upload' as const } }
  const { id, url } = await call('POST /api/apps', { body })
  const params = { appId: id }
  const change = (body: UpdateApp) => call('PUT /api/apps/:appId', { params, body })
  await change({ drainSeconds: 0, resources: { memoryBytes: 256 * 2 ** 20, pids: 64 }, ...settings })

  async function send(version: string, more = '') {
    const folder = await mkdtemp(join(tmpdir(), 'rsp-fault-'))
    await cp(source, folder, { recursive: true })
    const script = join(folder, 'app.R')
    const code = (await readFile(script, 'utf8')).replace('version <- "1"', `version <- "${version}"`)
    await writeFile(script, `${code}\n${more}\n`)
    await upload(id, folder)
    await rm(folder, { recursive: true })
  }

  return {
    id,
    url,
    upload: send,
    async deploy(version, more) {
      await send(version, more)
      return await settle(id, 'deploy')
    },
    change,
    read: () => call('GET /api/apps/:appId', { params }),
    async get(path = '', waitMs = 10_000) {
      try {
        const response = await fetch(`${url}${path}`, { signal: AbortSignal.timeout(waitMs) })
        return { status: response.status, text: await response.text() }
      } catch (error) {
        return { status: 0, text: String(error) }
      }
    },
    containers: () => docker.listContainers({ all: true, filters: { label: [`rserve-proxy.io/app-id=${id}`] } }),
    async [Symbol.asyncDispose]() {
      await call('DELETE /api/apps/:appId', { params })
    },
  }
}
