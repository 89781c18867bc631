import { createRequire } from 'node:module'
import { beforeAll, describe, expect, it } from 'vitest'
import schema from '../../../../examples/rservets/app.rserve.ts'
import { connect } from '../helpers/rserve-client.ts'
import { removeLeftovers, requireBaseImage, startR } from './launcher/r-container.ts'

const rserveTs: typeof import('rserve-ts') = createRequire(import.meta.url)('rserve-ts')

function startExample(name: string, env: Record<string, string> = {}) {
  return startR({ code: new URL(`../../../../examples/${name}/`, import.meta.url), env })
}

async function startHealthy(name: string, env: Record<string, string> = {}) {
  const r = await startExample(name, env)
  await r.untilHealthy()
  return r
}

const text = async (url: string) => (await fetch(url)).text()

// Its types as RserveTS has them, compiled if the repository of the image offers the package.
const compileWithRserveTs = `
  source("/rserve/options.R")
  options(timeout = 20)
  offered <- tryCatch(rownames(available.packages()), warning = function(unreachable) character())
  if (!"RserveTS" %in% offered) stop("RserveTS is not offered")
  dir.create("/tmp/lib")
  .libPaths(c("/tmp/lib", .libPaths()))
  install.packages("RserveTS", lib = "/tmp/lib")
  writeLines(c("library(RserveTS)", sub("^# *", "", grep("ts_function", readLines("/app/app.rserve.R"), value = TRUE))),
    "/tmp/functions.R")
  RserveTS::ts_compile("/tmp/functions.R")
  writeLines(readLines("/tmp/functions.rserve.ts"))
`

beforeAll(async () => {
  await requireBaseImage()
  await removeLeftovers()
})

describe('hello', () => {
  it('answers by OCAP and by HTTP', async () => {
    const r = await startHealthy('hello')
    const session = await connect(r.url)
    expect(await session.call('add', 1, 2)).toBe(3)
    expect(await text(`${r.url}/add?a=1&b=2`)).toBe('3\n')
    expect((await fetch(`${r.url}/nowhere`)).status).toBe(404)
    session.close()
  })

  it('serves its page and the bundle beside it', async () => {
    const r = await startHealthy('hello')
    const page = await fetch(r.url)
    expect(page.headers.get('content-type')).toBe('text/html')
    expect(await page.text()).toContain('<script src="rserve-ts.js">')
    const bundle = await fetch(`${r.url}/rserve-ts.js`)
    expect(bundle.headers.get('content-type')).toBe('application/javascript')
    expect((await bundle.text()).length).toBeGreaterThan(50_000)
    expect(await text(`${r.url}/rserve-ts.LICENSE.txt`)).toContain('rserve-ts 0.8.7')
  })
})

describe('http-only', () => {
  it('greets in http mode', async () => {
    const r = await startHealthy('http-only', { RSP_MODE: 'http' })
    expect(await text(r.url)).toBe('Hello, world\n')
    expect(await text(`${r.url}/?name=Ada`)).toBe('Hello, Ada\n')
  })
})

describe('rservets', () => {
  it.each(['app.R', 'app.rserve.R'])('serves the compiled pair with types, from %s', async (entry) => {
    const r = await startHealthy('rservets', { RSP_ENTRY: `/app/${entry}` })
    const session = await rserveTs.default.create({ host: r.url })
    const app = await session.ocap(schema)
    expect(await app.add(1, 2)).toBe(3)
    session.close()
  })

  it('is what RserveTS compiles', { timeout: 600_000 }, async ({ skip }) => {
    const r = await startExample('rservets')
    const { output } = await r.run('Rscript', '--vanilla', '-e', compileWithRserveTs)
    skip(output.includes('RserveTS is not offered'), 'the package repository does not have RserveTS')
    expect(output).toContain('add = Robj.ocap([z.number(), z.number()], Robj.numeric(1))')
  })
})

describe('broken', () => {
  it('names its R error', async () => {
    const r = await startExample('broken')
    expect(await r.exit()).toBe(1)
    expect(await r.logs()).toContain('Error in load_model("model.rds") : the model file model.rds is missing')
  })
})
