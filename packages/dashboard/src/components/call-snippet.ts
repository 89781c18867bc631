import type { App, Mode } from '@rserve-proxy/contract/apps.ts'

export interface Snippet {
  language: string
  hint: string
  code: string
}

type Called = Pick<App, 'mode' | 'url'>

/** Works when pasted; only the function is an example, because the manager does not know the app's functions. */
export const callSnippet = (app: Called): Snippet => snippets[app.mode](app.url.replace(/\/*$/, '/'))

const snippets: Record<Mode, (url: string) => Snippet> = {
  ocap: (url) => ({
    language: 'TypeScript',
    hint: 'npm i rserve-ts zod@3. Put the functions of your oc.init() in place of add.',
    code: `import RserveClient, { Robj } from 'rserve-ts'
import { z } from 'zod'

const R = await RserveClient.create({
  host: '${url.replace(/^http/, 'ws')}',
})
const app = await R.ocap({
  add: Robj.ocap([z.number(), z.number()], Robj.numeric(1)),
})
console.log(await app.add(1, 2))
R.close()`,
  }),
  http: (url) => ({
    language: 'Shell',
    hint: 'Every path below this address reaches your .http.request().',
    code: `curl -fsS '${url}'`,
  }),
}
