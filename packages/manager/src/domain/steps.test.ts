import { expect, it } from 'vitest'
import { enterStep, failSteps, finishStep, plannedSteps } from './steps.ts'

const words = (steps: ReturnType<typeof plannedSteps>) => steps.map(({ name, status }) => `${name} ${status}`)

it('closes earlier steps when a later one begins, and fails the running one', () => {
  const now = '2026-01-01T00:00:00.000Z'
  const started = enterStep(
    finishStep(enterStep(plannedSteps('deploy', true), 'fetch', now), 'fetch', now),
    'build',
    now,
  )
  expect(words(failSteps(started, now))).toEqual([
    'fetch done',
    'packages done',
    'build failed',
    'start waiting',
    'verify waiting',
    'switch waiting',
    'drain waiting',
  ])
})

it('plans no build for a restart and only the drain for a stop', () => {
  expect(words(plannedSteps('restart', false))).toEqual([
    'start waiting',
    'verify waiting',
    'switch waiting',
    'drain waiting',
  ])
  expect(words(plannedSteps('stop', false))).toEqual(['drain waiting'])
})
