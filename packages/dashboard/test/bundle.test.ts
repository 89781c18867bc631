import { brotliCompressSync } from 'node:zlib'
import { build, type Rolldown } from 'vite'
import { beforeAll, describe, expect, it, vi } from 'vitest'

const limitBytes = 95_000
/** React, the router and what is between them and the list: the first two alone are 85 kB. */
const appsLimitBytes = 114_000

let files: (Rolldown.OutputChunk | Rolldown.OutputAsset)[] = []

beforeAll(async () => {
  // Otherwise React comes in its development build.
  vi.stubEnv('NODE_ENV', 'production')
  const built = await build({ root: `${import.meta.dirname}/..`, logLevel: 'error', build: { write: false } })
  files = 'output' in built ? built.output : []
  vi.unstubAllEnvs()
}, 60_000)

const chunks = () => files.filter((file) => file.type === 'chunk')

/** The page's own script and one lazy page, with all that both import at once. */
function firstLoad(page: string) {
  const roots = chunks().filter((chunk) => chunk.isEntry || chunk.facadeModuleId?.endsWith(page))
  const names = new Set<string>()
  function add(name: string) {
    if (names.has(name)) return
    names.add(name)
    for (const next of chunks().find((chunk) => chunk.fileName === name)?.imports ?? []) add(next)
  }
  for (const root of roots) add(root.fileName)
  return chunks().filter((chunk) => names.has(chunk.fileName))
}

function bytesOf(...pages: string[]) {
  const files = new Set(pages.flatMap(firstLoad))
  return [...files].reduce((sum, { code }) => sum + brotliCompressSync(code).length, 0)
}

describe('the built dashboard', () => {
  it('signs people in with less than 95 kB of script', () => {
    const bytes = bytesOf('sign-in-page.tsx')
    expect(bytes).toBeGreaterThan(10_000)
    expect(bytes).toBeLessThan(limitBytes)
  })

  it('lists apps with little more, without what checks forms and windows long lists', () => {
    const modules = [...firstLoad('apps-page.tsx'), ...firstLoad('layouts/shell.tsx')].flatMap(
      (chunk) => chunk.moduleIds,
    )
    expect(modules.some((id) => id.includes('apps-table'))).toBe(true)
    expect(modules.filter((id) => /typebox|react-virtual|fflate|log-view/.test(id))).toEqual([])
    expect(bytesOf('apps-page.tsx', 'layouts/shell.tsx')).toBeLessThan(appsLimitBytes)
  })

  it('has nothing inline, because the policy allows no inline script or style', () => {
    const page = files.find((file) => file.fileName === 'index.html')
    const html = page?.type === 'asset' ? String(page.source) : ''
    expect(html).toMatch(/<script src="\/assets\/theme-boot-[\w-]+\.js"><\/script>/)
    expect(html).not.toMatch(/<style|<script(?![^>]*src=)|style="/)
  })

  it('keeps light-dark(), so that the theme can be chosen', () => {
    const css = files.find((file) => file.fileName.endsWith('.css'))
    expect(css?.type === 'asset' && String(css.source)).toContain('light-dark(')
  })
})
