import { afterAll, beforeAll, expect, it } from 'vitest'
import { buildImage } from '../../src/spawner/docker/image/build-image.ts'
import { fileContext } from '../../src/spawner/docker/image/code-context.ts'
import { type BuilderBench, listed, openBuilderBench, recordEvents } from '../helpers/builder-bench.ts'

const never = new AbortController().signal
const rVersion = '99.0.0'

/** Stands in for pak, which proves how we call it and nothing about pak itself. */
const fakePak = `
lockfile_create <- function(pkg, lockfile, lib, upgrade) {
  stopifnot(dir.exists(lib), identical(upgrade, FALSE), identical(pkg, c("r-lib/cli@main", "any::R6")))
  package <- function(name, apt = NULL) list(
    package = jsonlite::unbox(name), version = jsonlite::unbox("1.0"), sources = "https://pak.test/x",
    sha256 = jsonlite::unbox("aa"), sysreqs_packages = lapply(apt, function(name) list(packages = name))
  )
  writeLines(jsonlite::toJSON(list(packages = list(package("cli", "file"), package("Rserve")))), lockfile)
}
lockfile_install <- function(lockfile, lib) {
  stopifnot(Sys.getenv("PKG_SYSREQS") == "false", nzchar(Sys.which("file")))
  dir.create(Sys.getenv("R_PKG_CACHE_DIR"), recursive = TRUE, showWarnings = FALSE)
  cat("used\\n", file = file.path(Sys.getenv("R_PKG_CACHE_DIR"), "log"), append = TRUE)
  message("cache used ", length(readLines(file.path(Sys.getenv("R_PKG_CACHE_DIR"), "log"))), " times")
  for (name in c("cli", "Rserve")) {
    source <- file.path(tempfile(), name)
    dir.create(source, recursive = TRUE)
    writeLines(c(paste("Package:", name), "Version: 1.0", "License: x"), file.path(source, "DESCRIPTION"))
    file.create(file.path(source, "NAMESPACE"))
    install.packages(source, lib = lib, repos = NULL, type = "source")
  }
}
`

const dockerfile = `ARG PARENT
FROM \${PARENT}
USER root
COPY DESCRIPTION NAMESPACE pak.R /tmp/pak/
RUN mkdir /tmp/pak/R && mv /tmp/pak/pak.R /tmp/pak/R/ && R CMD INSTALL -l /usr/local/lib/R/site-library /tmp/pak
USER 10001:10001
`

let bench: BuilderBench
let baseId = ''
beforeAll(async () => {
  bench = await openBuilderBench({ repository: undefined, extraHosts: [] })
  const description = 'Package: pak\nVersion: 0.0.1\nLicense: x\nTitle: T\nDescription: D.\nImports: jsonlite\n'
  const namespace = 'export(lockfile_create, lockfile_install)\n'
  baseId = await buildImage(
    bench.docker,
    {
      context: fileContext({
        Dockerfile: dockerfile,
        DESCRIPTION: description,
        NAMESPACE: namespace,
        'pak.R': fakePak,
      }),
      buildArgs: { PARENT: 'rserve-base:4.5.0' },
      labels: { 'rserve-proxy.io/runtime': rVersion },
      networkMode: 'none',
      extraHosts: [],
    },
    () => undefined,
    never,
  )
  await bench.docker.getImage(baseId).tag({ repo: 'rsp-test-pak', tag: bench.instance })
})
afterAll(async () => {
  await bench[Symbol.asyncDispose]()
  await bench.docker.getImage(`rsp-test-pak:${bench.instance}`).remove({ force: true })
})

async function build(ownerId: string, systemPackages: string[] = []) {
  const { events, lines } = recordEvents()
  const packages = listed('r-lib/cli@main', 'any::R6', 'Rserve', 'stats')
  const code = await bench.code({ 'app.R': '1' })
  const built = await bench
    .builder()
    .build(bench.input({ ...code, rVersion, packages, ownerId, systemPackages }), events, never)
  return { built, lines }
}

it('installs what base R cannot name, with a cache for each owner', async () => {
  const first = await build('ann')
  expect(first.built.packages).toEqual([{ name: 'cli', version: '1.0' }])
  expect(first.lines).toContain('cache used 1 times')
  expect((await build('ann', ['less'])).lines).toContain('cache used 2 times')
  const other = await build('bob')
  expect(other.lines).toContain('cache used 1 times')
  expect(other.built.depsKey).not.toBe(first.built.depsKey)
})
