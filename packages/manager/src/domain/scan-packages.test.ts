import { describe, expect, it } from 'vitest'
import { packagesOfCode, packagesOfDocument } from './scan-packages.ts'

describe('packages that R code names', () => {
  it.each([
    ['library(dplyr)', ['dplyr']],
    ['require("jsonlite")', ['jsonlite']],
    ["library('data.table', quietly = TRUE)", ['data.table']],
    ['suppressPackageStartupMessages({ library(sf); library(terra) })', ['sf', 'terra']],
    ['library(package = R6)', ['R6']],
    ['library(quietly = TRUE, package = "R6")', ['R6']],
    ['if (!requireNamespace("digest", quietly = TRUE)) stop("no")', ['digest']],
    ["loadNamespace('vctrs')", ['vctrs']],
    ['x <- stringr::str_trim(y); httr2:::internal(1)', ['httr2', 'stringr']],
    ['`data.table`::fread(f); "readr"::read_csv(f)', ['data.table', 'readr']],
    ['base::library(glue)', ['glue']],
    ['library(r"(cli)")', ['cli']],
    ['library("fs", character.only = TRUE)', ['fs']],
    ['library(\n  # why\n  magrittr\n)', ['magrittr']],
  ])('%s', (code, expected) => {
    expect(packagesOfCode(code)).toEqual(expected)
  })

  it.each([
    ['a comment', '# library(dplyr)\nx <- 1 # dplyr::filter'],
    ['a string', 'x <- "library(dplyr); dplyr::filter"'],
    ['a string over lines', "x <- 'one\nlibrary(dplyr)\n'"],
    ['a raw string', 'x <- r"--[library(dplyr)]--"'],
    ['an escaped quote', 'x <- "a\\"; library(dplyr); \\""'],
    ['a variable', 'for (p in all) library(p, character.only = TRUE)'],
    ['a variable of a loader', 'requireNamespace(name)'],
    ['what is computed', 'library(paste0("dp", "lyr"), character.only = TRUE)'],
    ['a method', 'books$library(dplyr); x@require(dplyr)'],
    ['another function', 'mylibrary(dplyr)'],
    ['help', 'library(help = "dplyr")'],
    ['nothing', 'library()'],
    ['what R and the base image hold', 'library(stats); library(parallel); Rserve::Rserve(); utils::head(1)'],
    ['what can be no package', 'library("../etc"); library("a b"); library(x.)'],
    ['code that ends early', 'library('],
  ])('leaves out %s', (_what, code) => {
    expect(packagesOfCode(code)).toEqual([])
  })

  // Looked at twice from each of its places, such a text would take hours.
  it.each([
    ['brackets', '('],
    ['backslashes', '\\\\'],
    ['calls', 'library('],
    ['strings', '"'],
    ['raw strings', 'r"('],
    ['colons', 'a::'],
  ])('ends with a long text of %s', (_what, part) => {
    expect(packagesOfCode(part.repeat(300_000 / part.length))).toEqual([])
  })
})

describe('packages that a document names', () => {
  it('reads chunks of R that are run, and R within lines', () => {
    const text = [
      '# library(heading)',
      '```{r setup, include=FALSE}',
      'library(dplyr)',
      '```',
      '~~~{r}',
      'sf::st_read(f)',
      '~~~',
      'There are `r glue::glue("{n}")` of them.',
      '```{python}',
      'library(notthis)',
      '```',
      '```r',
      'library(shownonly)',
      '```',
      '```{r, eval = FALSE}',
      'library(notrun)',
      '```',
      '```{r}',
      '#| eval: false',
      'library(notrun2)',
      '```',
    ].join('\n')
    expect(packagesOfDocument(text)).toEqual(['dplyr', 'glue', 'sf'])
  })
})
