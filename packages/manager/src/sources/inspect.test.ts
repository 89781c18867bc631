import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { inspectCode } from './inspect.ts'

let dir = ''
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'rsp-inspect-'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

const write = (name: string, text: string) => writeFile(join(dir, name), text)

it('finds entry, packages, R version and mode', async () => {
  await write('app.R', '# .http.request is not here\noc.init <- function() NULL\n')
  await write('renv.lock', JSON.stringify({ R: { Version: '4.5.0' }, Packages: { mime: {}, R6: {}, Rserve: {} } }))
  expect(await inspectCode(dir, 'app.R')).toEqual({
    entryScriptFound: 'app.R',
    packagesFound: ['R6', 'mime'],
    packagesFrom: 'renv.lock',
    rVersionFound: '4.5.0',
    modeFound: 'ocap',
    unsupportedFound: null,
  })
})

it('reads a DESCRIPTION and takes the only script', async () => {
  await write('serve.R', '.http.request <- function(...) "hi"')
  await write('DESCRIPTION', 'Package: x\nDepends: R (>= 4.1)\nImports: mime (>= 0.1),\n    R6, utils\nSuggests: cli\n')
  expect(await inspectCode(dir, 'app.R')).toEqual({
    entryScriptFound: 'serve.R',
    packagesFound: ['R6', 'mime'],
    packagesFrom: 'DESCRIPTION',
    rVersionFound: null,
    modeFound: 'http',
    unsupportedFound: null,
  })
})

it('believes nothing that is broken or no file', async () => {
  await symlink('/etc/passwd', join(dir, 'app.R'))
  await write('renv.lock', '{ "Packages": 1')
  await write('DESCRIPTION', 'Imports: $(id), ../x')
  expect(await inspectCode(dir, 'app.R')).toEqual({
    entryScriptFound: null,
    packagesFound: [],
    packagesFrom: 'DESCRIPTION',
    rVersionFound: null,
    modeFound: null,
    unsupportedFound: null,
  })
})

it('scans code and documents where nothing declares packages', async () => {
  await write('app.R', 'library(mime)\noc.init <- function() jsonlite::toJSON(1)\n')
  await write('report.Rmd', '```{r}\nR6::R6Class()\n```\n')
  await write('data.txt', 'library(nothing)')
  await mkdir(join(dir, 'renv'))
  await write('renv/activate.R', 'library(renv)')
  await mkdir(join(dir, 'tests'))
  await write('tests/testthat.R', 'library(testthat)')
  await mkdir(join(dir, 'lib'))
  await write('lib/more.r', 'library(digest)')
  await write('large.R', `library(large)\n${'x <- 1\n'.repeat(50_000)}`)
  expect(await inspectCode(dir, 'app.R')).toMatchObject({
    packagesFound: ['R6', 'digest', 'jsonlite', 'mime'],
    packagesFrom: 'code',
  })
})

it('names a framework that is not supported', async () => {
  await write('app.R', 'library(shiny)\nshinyApp(ui, server)\n')
  expect(await inspectCode(dir, 'app.R')).toMatchObject({ modeFound: null, unsupportedFound: 'Shiny' })
  await write('more.R', 'oc.init <- function() NULL\n')
  expect(await inspectCode(dir, 'app.R')).toMatchObject({ unsupportedFound: null })
})
