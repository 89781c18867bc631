import { describe, expect, it } from 'vitest'
import { app, release } from '../../test/fixtures.ts'
import { changedSettings } from './changed-settings.ts'

describe('changedSettings', () => {
  it('finds nothing when the release has what is saved', () => {
    expect(changedSettings(app(), release())).toEqual([])
    expect(changedSettings(app({ rVersion: '4.5' }), release())).toEqual([])
  })

  it('names what is saved and not live', () => {
    const saved = app({ rVersion: '4.4.1', packages: ['forecast', 'sf'], drainSeconds: 60 })
    expect(changedSettings(saved, release())).toEqual(['R version', 'packages', 'drain limit'])
  })

  it('finds nothing without a live release', () => {
    expect(changedSettings(app(), null)).toEqual([])
  })
})
