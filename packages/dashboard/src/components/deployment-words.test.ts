import { describe, expect, it } from 'vitest'
import { deployment, steps } from '../../test/fixtures.ts'
import {
  deploymentResult,
  deploymentSummary,
  deploymentTitle,
  failureTitle,
  stepProgress,
  tabTitle,
} from './deployment-words.ts'

const failed = deployment({ status: 'failed', release: 13, steps: steps('packages', 'failed') })

describe('words of a deployment', () => {
  it.each([
    [deployment({ status: 'building', release: 13 }), 'Deploying v13'],
    [deployment({ status: 'queued', release: null }), 'Deploying a new release'],
    [deployment({ kind: 'restart', status: 'starting' }), 'Restarting v12'],
    [deployment(), 'v12 is live'],
    [failed, 'v13 failed'],
    [deployment({ status: 'failed', release: null }), 'New release failed'],
    [deployment({ kind: 'stop', status: 'queued' }), 'Stopping'],
    [deployment({ kind: 'stop', status: 'stopped' }), 'Stopped'],
  ])('titles %#', (given, title) => {
    expect(deploymentTitle(given)).toBe(title)
  })

  it('names what keeps serving beside what failed', () => {
    expect(failureTitle(failed, 12)).toBe('v13 failed, v12 keeps serving')
    expect(failureTitle(failed, undefined)).toBe('v13 failed')
  })

  it('puts the result into the tab', () => {
    expect(tabTitle(deployment(), 'Forecast')).toBe('✓ v12 live · Forecast')
    expect(tabTitle(failed, 'Forecast')).toBe('✗ v13 failed · Forecast')
  })

  it('says where it failed', () => {
    expect(deploymentResult(failed)).toBe('Failed at Packages')
    expect(deploymentSummary(failed)).toBe('v13 failed at Packages')
  })
})

describe('stepProgress', () => {
  it.each([
    [1, 'Next in line'],
    [2, '2nd in line'],
    [3, '3rd in line'],
    [11, '11th in line'],
    [21, '21st in line'],
    [null, 'Waiting in line'],
  ])('says of place %s: %s', (queuePosition, text) => {
    const build = { id: 'b', status: 'queued' as const, phase: null, logBytes: 0, queuePosition }
    expect(stepProgress(deployment({ status: 'queued', build }))).toBe(text)
  })
})
