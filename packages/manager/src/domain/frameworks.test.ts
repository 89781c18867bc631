import { expect, it } from 'vitest'
import { frameworkOf, isForRserve } from './frameworks.ts'

it.each([
  ['shinyApp(ui, server)', 'Shiny'],
  ['shiny::shinyApp(ui = fluidPage(), server = function(input, output) {})', 'Shiny'],
  ['library(plumber)\nplumb("x.R")$run()', 'plumber'],
  ['plumber::pr() |> pr_run()', 'plumber'],
  ['#* @get /echo\nfunction(msg = "") msg', 'plumber'],
  ['# shinyApp(ui, server)\nx <- "plumb(1)"', undefined],
  ['shinyApp <- 1', undefined],
])('%j is %s', (code, framework) => {
  expect(frameworkOf(code)).toBe(framework)
})

it('knows what Rserve serves', () => {
  expect(isForRserve('oc.init <- function() ocap(f)')).toBe(true)
  expect(isForRserve('  # oc.init\nx <- 1')).toBe(false)
})
