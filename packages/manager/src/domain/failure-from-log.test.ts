import { describe, expect, it } from 'vitest'
import { failureFromLog } from './failure-from-log.ts'

const lines = (text: string) => text.replace(/^\n/, '').split('\n')

describe('what R and apt say', () => {
  it.each([
    [
      'repository-unreachable',
      'The package repository http://cran.test:9/src/contrib cannot be reached.',
      `
Warning: unable to access index for repository http://cran.test:9/src/contrib:
  cannot open URL 'http://cran.test:9/src/contrib/PACKAGES'
Warning message:
package ‘R6’ is not available for this version of R`,
    ],
    [
      'system-library-missing',
      'A system library is missing: udunits2.h, needed by units. To fix it, add libudunits2-dev to the system packages of the app.',
      `
udunits.c:4:10: fatal error: udunits2.h: No such file or directory
compilation terminated.
make: *** [/usr/lib/R/etc/Makeconf:195: udunits.o] Error 1
ERROR: compilation failed for package ‘units’`,
    ],
    [
      'system-library-missing',
      'A system library is missing: libudunits2.so.0. To fix it, add libudunits2-dev to the system packages of the app.',
      `
Error in dyn.load(file, DLLpath = DLLpath, ...) :
  unable to load shared object '/opt/app/lib/units/libs/units.so':
  libudunits2.so.0: cannot open shared object file: No such file or directory`,
    ],
    [
      'system-library-missing',
      'The system package libxml2-dev is missing: add it to the app.',
      `
Configuration failed because libxml-2.0 was not found. Try installing:
 * deb: libxml2-dev (Debian, Ubuntu, etc)
ERROR: configuration failed for package ‘xml2’`,
    ],
    [
      'package-not-found',
      'The repository has no nosuchpkg.',
      `
Warning message:
package ‘nosuchpkg’ is not available for this version of R

A version of this package for your version of R might be available elsewhere,`,
    ],
    [
      'package-not-found',
      'The repository has no aaa, bbb.',
      `Warning: packages 'aaa', 'bbb' are not available for this version of R`,
    ],
    [
      'package-not-found',
      'The repository has no rlang.',
      'ERROR: dependency ‘rlang’ is not available for package ‘cli’',
    ],
    ['package-not-found', 'There is no system package libnope-dev.', 'E: Unable to locate package libnope-dev'],
    [
      'package-not-found',
      'Package r-lib/cli needs pak, which this R repository does not offer.',
      'Error: package r-lib/cli needs pak, which this R repository does not offer',
    ],
    [
      'package-download-failed',
      'mime could not be downloaded.',
      `Error in download.packages(pkgs) : failed to retrieve package 'mime'`,
    ],
    [
      'package-compile-failed',
      'cli could not be compiled: the log above says why.',
      `
ERROR: compilation failed for package ‘cli’
* removing ‘/opt/app/lib/cli’
ERROR: dependency ‘cli’ is not available for package ‘lifecycle’`,
    ],
    [
      'package-undeclared',
      'The code uses ggplot2, which is not installed: add it to the packages of the app.',
      'Error in library(ggplot2) : there is no package called ‘ggplot2’',
    ],
    ['disk-full', 'The disk is full.', 'cp: error writing x: No space left on device'],
    [
      'out-of-memory',
      'It ran out of memory.',
      `
g++: fatal error: Killed signal terminated program cc1plus
ERROR: compilation failed for package ‘duckdb’`,
    ],
    [
      'out-of-memory',
      'It ran out of memory.',
      `
Killed
ERROR: lazy loading failed for package ‘greedy’
Error: not installed as locked: greedy`,
    ],
    [
      'package-undeclared',
      'The code uses nosuchpackage, which is not installed: add it to the packages of the app.',
      `
Error in library(nosuchpackage) : there is no package called ‘nosuchpackage’
ERROR: lazy loading failed for package ‘undeclared’
Error: not installed as locked: undeclared`,
    ],
    [
      'repository-unreachable',
      'The system packages cannot be fetched from http://archive.example/x.deb.',
      'E: Failed to fetch http://archive.example/x.deb  Temporary failure resolving',
    ],
    [
      'entry-not-regular',
      'The entry script /app/app.R is missing or is not a file.',
      'Error: the entry script /app/app.R does not exist',
    ],
  ])('%s: %s', (code, detail, log) => {
    expect(failureFromLog({ lines: lines(log), exitCode: 1 })).toMatchObject({ code, detail })
  })
})

describe('the fix', () => {
  it.each([
    ['x.c:1:10: fatal error: udunits2.h: No such file or directory', 'apt', ['libudunits2-dev']],
    ['/usr/bin/ld: cannot find -lglpk: No such file or directory', 'apt', ['libglpk-dev']],
    [' * deb: libharfbuzz-dev libfribidi-dev (Debian, Ubuntu, etc)', 'apt', ['libharfbuzz-dev', 'libfribidi-dev']],
    ["Error in library(sf) : there is no package called 'sf'", 'package', ['sf']],
    ['Error in library(sf) : there is no package called ‘sf’', 'package', ['sf']],
  ])('%s', (line, kind, packages) => {
    expect(failureFromLog({ lines: [line] }).fix).toEqual({ kind, packages })
  })

  it('names every library that packages miss when they are loaded', () => {
    const log = `
Error: package units does not load: unable to load shared object '/opt/app/lib/units/libs/units.so':
  libudunits2.so.0: cannot open shared object file: No such file or directory
libudunits2.so.0: cannot open shared object file, needed by units
Error: package sf does not load: unable to load shared object '/opt/app/lib/sf/libs/sf.so':
  libnosuch.so.1: cannot open shared object file: No such file or directory
libgdal.so.36: cannot open shared object file, needed by sf
libnosuch.so.1: cannot open shared object file, needed by sf`
    expect(failureFromLog({ lines: lines(log), exitCode: 1 })).toEqual({
      code: 'system-library-missing',
      detail:
        'A system library is missing: libudunits2.so.0, needed by units; libgdal.so.36, needed by sf; libnosuch.so.1, needed by sf. To fix it, add libudunits2-dev, libgdal-dev to the system packages of the app.',
      fix: { kind: 'apt', packages: ['libudunits2-dev', 'libgdal-dev'] },
    })
  })

  it('is none for what nobody knows, or what is no name', () => {
    expect(failureFromLog({ lines: ['fatal error: nosuchheader.h: No such file'] })).toEqual({
      code: 'system-library-missing',
      detail:
        'A system library is missing: nosuchheader.h. To fix it, add the system package that contains it to the app.',
    })
    expect(failureFromLog({ lines: ["there is no package called '$(id)'"] }).fix).toBeUndefined()
  })
})

describe('code that does not load', () => {
  it.each([
    [
      'Error in readRDS("model.rds") : cannot open the connection',
      'Error in readRDS("model.rds") : cannot open the connection',
    ],
    ['Error: object ‘x’ not found', 'Error: object ‘x’ not found'],
    [
      `
Loading required package: Rserve
Warning in gzfile(file, "rb") :
  cannot open compressed file 'model.rds'
Error in gzfile(file, "rb") : cannot open the connection
Execution halted`,
      'Error in gzfile(file, "rb") : cannot open the connection',
    ],
    [
      `
Error in a_function_with_a_very_long_name(argument = "that makes R break the line") :
  the message stands here
Execution halted`,
      'Error in a_function_with_a_very_long_name(argument = "that makes R break the line") : the message stands here',
    ],
    [
      `
Error in parse("/app/app.R") : /app/app.R:2:0: unexpected end of input
1: f <- function( {
  ^`,
      'Error in parse("/app/app.R") : /app/app.R:2:0: unexpected end of input',
    ],
    ['only words', 'only words'],
  ])('%s', (log, detail) => {
    expect(failureFromLog({ lines: lines(log), exitCode: 1 })).toEqual({ code: 'code-does-not-load', detail })
  })

  it('says something when nothing was said', () => {
    expect(failureFromLog({ lines: [], exitCode: 3 }).detail).toBe('It ended with exit code 3.')
    expect(failureFromLog({ lines: [] }).detail).toBe('Fix the error below and deploy again.')
  })

  it('was out of memory when it was killed', () => {
    expect(failureFromLog({ lines: ['loading'], exitCode: 137 }).code).toBe('out-of-memory')
  })
})
