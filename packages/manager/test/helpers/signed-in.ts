import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { type Call, createClient } from '@rserve-proxy/contract/client.ts'
import { type Deployment, isPending } from '@rserve-proxy/contract/deployments.ts'
import type { CodeFacts, Upload } from '@rserve-proxy/contract/uploads.ts'

export interface SignedIn {
  call: Call
  /** Packs the folder and uploads it. */
  upload(appId: string, folder: string): Promise<Upload>
  /** As upload, to be looked at alone. */
  inspect(folder: string): Promise<CodeFacts>
  /** Runs the verb and answers the deployment once it is settled. */
  settle(appId: string, verb: 'deploy' | 'start' | 'stop' | 'restart' | 'rebuild' | 'apply'): Promise<Deployment>
  /** Bytes as they come, with the cookie. */
  send(path: string, init?: RequestInit): Promise<Response>
  /** `name=value` of the session. */
  cookie(): string
}

/** As a browser on the manager's own page would: with the session cookie, and saying where it comes from. */
export async function signIn(url: string, username: string, password: string): Promise<SignedIn> {
  let cookie = ''
  const send = async (input: string | URL | Request, init: RequestInit = {}) => {
    const headers = new Headers(init.headers)
    headers.set('sec-fetch-site', 'same-origin')
    if (cookie) headers.set('cookie', cookie)
    const response = await fetch(input, { ...init, headers })
    cookie = response.headers.getSetCookie()[0]?.split(';', 1)[0] ?? cookie
    return response
  }
  const call = createClient({ baseUrl: url, fetch: send })
  await call('POST /api/auth/login', { body: { username, password } })

  async function sendFolder(path: string, folder: string) {
    const body = new FormData()
    body.append('bundle', new Blob([await pack(folder)]), 'code.tar.gz')
    const response = await send(`${url}${path}`, { method: 'POST', body })
    if (!response.ok) throw new Error(`the upload was refused (${response.status}): ${await response.text()}`)
    return JSON.parse(await response.text())
  }

  return {
    call,
    send: (path, init) => send(`${url}${path}`, init),
    cookie: () => cookie,
    async upload(appId, folder) {
      const uploaded: Upload = await sendFolder(`/api/apps/${appId}/upload`, folder)
      return uploaded
    },
    async inspect(folder) {
      const found: CodeFacts = await sendFolder('/api/uploads/inspect', folder)
      return found
    },
    async settle(appId, verb) {
      let deployment = await call(`POST /api/apps/:appId/${verb}`, { params: { appId }, querystring: { wait: 120 } })
      while (isPending(deployment.status)) {
        const params = { appId, deploymentId: deployment.id }
        deployment = await call('GET /api/apps/:appId/deployments/:deploymentId', { params })
      }
      return deployment
    },
  }
}

async function pack(folder: string) {
  const { stdout } = await promisify(execFile)('tar', ['-C', folder, '-cz', '.'], {
    encoding: 'buffer',
    maxBuffer: 2 ** 28,
  })
  return new Uint8Array(stdout)
}
