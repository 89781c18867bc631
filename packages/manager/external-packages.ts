import { existsSync } from 'node:fs'
import { cp, readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Packages that read files of their own at run time (native code, WebAssembly, assets), so no bundle can hold them. */
export const external = ['@electric-sql/pglite', '@fastify/swagger-ui', 'argon2', 'dockerode']

const workspace = resolve(dirname(fileURLToPath(import.meta.url)), '../..')

// `node external-packages.ts TARGET` copies them, with what they need, to TARGET/node_modules: the image holds the
// bundle and these, not the whole workspace.
async function copyTo(target: string) {
  const waiting = external.map((name) => find(name, workspace))
  const copied = new Set<string>()
  for (let folder = waiting.pop(); folder; folder = waiting.pop()) {
    if (copied.has(folder)) continue
    copied.add(folder)
    await cp(folder, join(target, folder.slice(workspace.length)), { recursive: true, dereference: true })
    const { dependencies = {} }: { dependencies?: Record<string, string> } = JSON.parse(
      await readFile(join(folder, 'package.json'), 'utf8'),
    )
    for (const name of Object.keys(dependencies)) waiting.push(find(name, folder))
  }
}

// As Node looks it up: the nearest node_modules on the way to the root.
function find(name: string, from: string): string {
  const folder = join(from, 'node_modules', name)
  if (existsSync(folder)) return folder
  if (from === workspace) throw new Error(`${name} is not installed`)
  return find(name, dirname(from))
}

if (import.meta.main) {
  const [target] = process.argv.slice(2)
  if (!target) throw new Error('usage: node external-packages.ts TARGET')
  await copyTo(resolve(target))
}
