import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { describe, expect, it } from 'vitest'

const packages = join(import.meta.dirname, '../..')

/**
 * Who may import what: a folder below `src` (`*` = every file), and packages. `type x` = only `import type`; `node` =
 * built-in modules. Root files (main, wire, config …) may import everything. Change the table before you break it.
 */
const mayImport: Record<string, Record<string, string[]>> = {
  contract: {
    '*': ['@sinclair/typebox'],
  },
  manager: {
    domain: ['@rserve-proxy/contract', 'type spawner'],
    db: ['drizzle-orm', 'postgres', '@electric-sql/pglite', 'node'],
    spawner: ['dockerode', 'protobufjs', 'tar-stream', 'node'],
    sources: ['domain', '@rserve-proxy/contract', 'tar-stream', 'yauzl', 'node'],
    routing: ['domain', 'type spawner', 'node'],
    repositories: ['db', 'drizzle-orm', 'domain', '@rserve-proxy/contract'],
    services: [
      'repositories',
      'spawner',
      'domain',
      'routing',
      'sources',
      '@rserve-proxy/contract',
      'type @sinclair/typebox',
      'argon2',
      '@zxcvbn-ts/language-common',
      'node',
    ],
    loops: ['services', 'domain', 'spawner', 'sources', 'type repositories', '@rserve-proxy/contract', 'node'],
    http: [
      'services',
      '@rserve-proxy/contract',
      'fastify',
      '@fastify/*',
      'fastify-plugin',
      'ajv',
      'ajv-formats',
      'node',
    ],
  },
  dashboard: {
    ui: ['react', 'react-dom', 'lucide-react', '@tanstack/react-virtual'],
    components: [
      'ui',
      'hooks',
      'paths',
      'react',
      'react-dom',
      'react-router-dom',
      'lucide-react',
      '@rserve-proxy/contract',
    ],
  },
}

interface Import {
  /** First folder or root file below the same `src`, another package, or `node`. */
  owner: string
  isOwn: boolean
  isType: boolean
}

for (const [name, folders] of Object.entries(mayImport)) {
  const source = join(packages, name, 'src')
  describe.each(Object.entries(folders))(`${name} %s`, (folder, allowed) => {
    it.each(filesIn(folder === '*' ? source : join(source, folder)))('%s', (file) => {
      const strangers = importsOf(join(packages, file), source).filter(
        ({ owner, isOwn, isType }) =>
          !(isOwn && (folder === '*' || owner === folder)) &&
          !allowed.some((entry) => matches(owner, isType ? entry.replace('type ', '') : entry)),
      )
      expect(strangers.map(({ owner }) => owner)).toEqual([])
    })
  })
}

const matches = (owner: string, entry: string) =>
  entry.endsWith('*') ? owner.startsWith(entry.slice(0, -1)) : owner === entry

/** Below `packages`, tests left out: those may import whatever they check. */
function filesIn(folder: string) {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !/(\.test|-suite)\.tsx?$/.test(file))
    .map((file) => relative(packages, join(folder, file)))
}

function importsOf(file: string, source: string): Import[] {
  // Template literals hold code for people to copy, not imports.
  const text = readFileSync(file, 'utf8').replace(/`(?:\\.|[^`\\])*`/g, '``')
  const found = text.matchAll(
    /^(?:import|export)\s+(?<type>type\s)?(?:[^'";]*?\sfrom\s+)?'(?<path>[^']+)'|\bimport\(\s*'(?<lazy>[^']+)'/gm,
  )
  return [...found].map(({ groups = {} }) => {
    const path = groups.path ?? groups.lazy ?? ''
    const isOwn = path.startsWith('.')
    return {
      owner: isOwn ? folderOf(resolve(dirname(file), path), source) : packageOf(path),
      isOwn,
      isType: !!groups.type,
    }
  })
}

const folderOf = (path: string, source: string) =>
  relative(source, path)
    .split(sep)[0]
    ?.replace(/\.tsx?$/, '') ?? ''

function packageOf(path: string) {
  if (path.startsWith('node:')) return 'node'
  return path
    .split('/')
    .slice(0, path.startsWith('@') ? 2 : 1)
    .join('/')
}

// Arguments travel as arrays: a shell would read meaning into a branch name, and a waiting call would stop the server.
describe('no shell and no waiting for a process', () => {
  it.each(filesIn(join(packages, 'manager/src')))('%s', (file) => {
    const text = readFileSync(join(packages, file), 'utf8')
    expect(text).not.toMatch(
      /\b(execSync|execFileSync|spawnSync)\b|\bshell:\s*true|\{[^}]*\bexec\b[^}]*\} from 'node:child_process'/,
    )
  })
})

it('every value in SQL is a parameter', () => {
  const raw = filesIn(join(packages, 'manager/src')).filter((file) =>
    /\bsql\.raw\(/.test(readFileSync(join(packages, file), 'utf8')),
  )
  expect(raw).toEqual([])
})

it('the browser keeps nothing but the theme', () => {
  const keeping = filesIn(join(packages, 'dashboard/src')).flatMap((file) =>
    [
      ...readFileSync(join(packages, file), 'utf8').matchAll(/(?:local|session)Storage\.setItem\(([^,]+),|indexedDB/g),
    ].map(([whole, name]) => name ?? whole),
  )
  expect([...keeping].sort()).toEqual(["'language'", "'single-keys'", "'theme'"])
})

// URL is state, loaders load, actions write: what is left for effects is the browser's own, each with its reason.
it('the dashboard has few effects, and none in pages and forms', () => {
  const withEffects = filesIn(join(packages, 'dashboard/src')).filter((file) =>
    readFileSync(join(packages, file), 'utf8').includes('useEffect('),
  )
  expect(withEffects.filter((file) => /src\/(pages|forms|layouts|components)\//.test(file))).toEqual([])
  expect(withEffects.length).toBeLessThanOrEqual(12)
})

// A sign-in begins in one place: the store writes no session back, so an assignment elsewhere would be lost, or worse.
it('nothing but the session plugin writes to a session', () => {
  const writing = filesIn(join(packages, 'manager/src')).filter((file) =>
    /\bsession(\.\w+)?\s*=[^=>]|\bsession\.set\(/.test(
      readFileSync(join(packages, file), 'utf8').replace(/const .*/g, ''),
    ),
  )
  expect(writing).toEqual(['manager/src/http/plugins/session.ts'])
})

describe('importsOf', () => {
  it('reads every form of import', () => {
    const owners = importsOf(import.meta.filename, join(packages, 'manager/test')).map(({ owner }) => owner)
    expect(owners).toEqual(['node', 'node', 'vitest'])
  })
})
