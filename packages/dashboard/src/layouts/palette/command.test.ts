import { describe, expect, it } from 'vitest'
import { type Command, matching } from './command.ts'

const command = (label: string, group: Command['group'] = 'Apps', hint?: string): Command => ({
  ...{ id: label, group, label, hint, icon: null, run: () => undefined },
})
const all = [
  command('Weather forecast'),
  command('Forecast', 'Apps', '/fc'),
  command('Tokens', 'Pages'),
  command('Stop Forecast', 'This app'),
]

describe('matching', () => {
  it('holds every word, in any order, in label or address', () => {
    expect(matching(all, 'cast wea').map(({ id }) => id)).toEqual(['Weather forecast'])
    expect(matching(all, '/fc').map(({ id }) => id)).toEqual(['Forecast'])
  })

  it('puts verbs of this app first, and what begins with the text before the rest', () => {
    expect(matching(all, 'forecast').map(({ id }) => id)).toEqual(['Stop Forecast', 'Forecast', 'Weather forecast'])
  })
})
