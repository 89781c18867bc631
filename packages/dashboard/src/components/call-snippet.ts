import type { App, Mode } from '@rserve-proxy/contract/apps.ts'
import type { AppFunction } from '@rserve-proxy/contract/functions.ts'

export interface Snippet {
  language: 'TypeScript' | 'Node' | 'curl' | 'R' | 'Python'
  hint: string
  code: string
}

type Called = Pick<App, 'mode' | 'url'>

/** Each works when pasted: the first function of the app where they are known, else an example in its place. */
export function callSnippets({ mode, url }: Called, functions: AppFunction[] | null): Snippet[] {
  const address = url.replace(/\/*$/, '/')
  const known = functions?.find(({ name }) => /^[A-Za-z_]\w*$/.test(name))
  return byMode[mode](address, known)
}

const byMode: Record<Mode, (url: string, known: AppFunction | undefined) => Snippet[]> = {
  ocap: (url, known) => [
    {
      language: 'TypeScript',
      hint: `npm i rserve-ts zod@3, for a page built with Vite or the like. ${hintOf(known)}`,
      code: `import RserveClient, { Robj } from 'rserve-ts'
import { z } from 'zod'

${ocapBody(url, known)}`,
    },
    {
      language: 'Node',
      hint: `npm i rserve-ts zod@3, save as call.cjs, then node call.cjs (Node 22 or newer). ${hintOf(known)}`,
      code: `const { default: RserveClient, Robj } = require('rserve-ts')
const { z } = require('zod')

async function main() {
${indent(ocapBody(url, known))}
}
main()`,
    },
  ],
  http: (url) => [
    { language: 'curl', hint: httpHint, code: `curl -sS '${url}'` },
    { language: 'R', hint: httpHint, code: `writeLines(readLines("${url}"))` },
    {
      language: 'Python',
      hint: httpHint,
      code: `from urllib.request import urlopen

print(urlopen("${url}").read().decode())`,
    },
  ],
}

const httpHint = 'Every path below this address, and its query, reach your .http.request().'

const example: AppFunction = {
  name: 'add',
  arguments: ['a', 'b'].map((name) => ({ name, required: true, type: 'number' as const })),
}

const hintOf = (known: AppFunction | undefined) =>
  known
    ? 'The types are guesses from your defaults: make them those of your function.'
    : 'Put the functions of your oc.init() in place of add.'

function ocapBody(url: string, known = example) {
  const given = known.arguments.filter(({ name, required }) => required && name !== '...')
  const types = given.map(({ type }) => (type ? `z.${type}()` : 'z.any()'))
  const values = given.map(({ type }, index) => sampleOf(type, index))
  const result = known === example ? 'Robj.numeric(1)' : 'z.any()'
  return `const R = await RserveClient.create({
  host: '${url.replace(/^http/, 'ws')}',
})
const app = await R.ocap({
  ${known.name}: Robj.ocap([${types.join(', ')}], ${result}),
})
console.log(await app.${known.name}(${values.join(', ')}))
R.close()`
}

function sampleOf(type: AppFunction['arguments'][number]['type'], index: number) {
  if (type === 'string') return `'text'`
  return type === 'boolean' ? 'true' : String(index + 1)
}

const indent = (text: string) =>
  text
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n')
