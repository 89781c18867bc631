import { describe, expect, it } from 'vitest'
import { callSnippets } from './call-snippet.ts'

const codeOf = (language: string, ...given: Parameters<typeof callSnippets>) =>
  callSnippets(...given).find((snippet) => snippet.language === language)?.code

describe('callSnippets', () => {
  const ocap = { mode: 'ocap', url: 'https://apps.example.org/forecast' } as const

  it('call functions over WebSocket at the address of the app', () => {
    expect(codeOf('TypeScript', ocap, null)).toContain("host: 'wss://apps.example.org/forecast/'")
    expect(codeOf('TypeScript', ocap, null)).toContain('await app.add(1, 2)')
  })

  it('call the first function of the app, with what it must be given', () => {
    const functions = [
      { name: 'models.fit', arguments: [] },
      {
        name: 'forecast',
        arguments: [
          { name: 'country', required: true, type: 'string' as const },
          { name: 'months', required: true },
          { name: 'level', required: false, type: 'number' as const },
          { name: '...', required: true },
        ],
      },
    ]
    expect(codeOf('Node', ocap, functions)).toContain('forecast: Robj.ocap([z.string(), z.any()], z.any())')
    expect(codeOf('Node', ocap, functions)).toContain("await app.forecast('text', 2)")
  })

  it('call an HTTP app from a shell, R and Python', () => {
    const http = { mode: 'http', url: 'http://localhost:8880/hello/' } as const
    expect(callSnippets(http, null).map(({ language }) => language)).toEqual(['curl', 'R', 'Python'])
    expect(codeOf('curl', http, null)).toBe("curl -sS 'http://localhost:8880/hello/'")
  })
})
