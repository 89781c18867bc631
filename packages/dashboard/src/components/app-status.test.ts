import { describe, expect, it } from 'vitest'
import { app, deployment, draftApp, failure, release, steps } from '../../test/fixtures.ts'
import { clockText } from '../ui/time.tsx'
import { appStatusWords, isInGroup } from './app-status.ts'

describe('appStatusWords', () => {
  it.each([
    ['draft', draftApp(), { hue: 'neutral', icon: 'dashed', word: 'Not deployed', detail: undefined }],
    [
      'stopped',
      app({ status: 'stopped', deployment: deployment({ kind: 'stop', finishedAt: '2020-05-03T10:00:00Z' }) }),
      { hue: 'neutral', icon: 'minus', word: 'Stopped', detail: 'Since 3 May 2020, by ana' },
    ],
    [
      'starting beside an old release',
      app({ status: 'starting', deployment: deployment({ status: 'verifying', release: 13, steps: steps('verify') }) }),
      { hue: 'progress', icon: 'spinner', word: 'Starting, step 5 of 7', detail: 'Verify. v12 keeps serving' },
    ],
    ['running', app({ sessions: 3 }), { hue: 'success', icon: 'check', word: 'Running v12', detail: '3 sessions' }],
    [
      'running while the next is built',
      app({ deployment: deployment({ status: 'building', release: 13, steps: steps('build') }) }),
      { hue: 'success', icon: 'check', word: 'Running v12', detail: 'v13: Build, step 3 of 7' },
    ],
    [
      'running after a failed deploy',
      app({
        statusDetail: 'v13 failed: the code does not load',
        deployment: deployment({ status: 'failed', release: 13, failure: failure() }),
      }),
      { hue: 'warning', icon: 'triangle', word: 'Running v12', detail: 'v13 failed: the code does not load' },
    ],
    [
      'degraded',
      app({ status: 'degraded', statusDetail: '1 of 3 replicas healthy' }),
      { hue: 'warning', icon: 'triangle', word: '1 of 3 replicas healthy' },
    ],
    [
      'crash-loop',
      app({ status: 'crash-loop', statusDetail: '6 restarts, out of memory' }),
      { hue: 'danger', icon: 'cross', word: 'Keeps crashing', detail: '6 restarts, out of memory' },
    ],
    [
      'failed',
      app({ status: 'failed', statusDetail: 'The code does not load', release: null }),
      { hue: 'danger', icon: 'cross', word: 'Not running', detail: 'The code does not load' },
    ],
    [
      'unknown',
      app({ status: 'unknown', statusDetail: 'Engine not reachable since 14:02' }),
      { hue: 'unknown', icon: 'question', word: 'Engine not reachable since 14:02' },
    ],
  ])('says what visitors feel: %s', (_, given, words) => {
    expect(appStatusWords(given)).toEqual(words)
  })
})

describe('isInGroup', () => {
  it('counts an app that serves its old release while a new one starts as serving', () => {
    const starting = app({ status: 'starting', release: release() })
    expect([isInGroup(starting, 'serving'), isInGroup(starting, 'off')]).toEqual([true, false])
  })

  it('asks for attention when the last deploy failed, although the app runs', () => {
    expect(isInGroup(app({ deployment: deployment({ status: 'failed' }) }), 'attention')).toBe(true)
    expect(isInGroup(app(), 'attention')).toBe(false)
  })
})

it('tells times of where the reader is', () => {
  const at = '2026-11-29T20:57:37.140Z'
  const { word } = appStatusWords(app({ status: 'unknown', statusDetail: `Engine not reachable since ${at}` }))
  expect(word).toBe(`Engine not reachable since ${clockText(new Date(at))}`)
})
