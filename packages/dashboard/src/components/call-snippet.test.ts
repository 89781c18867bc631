import { describe, expect, it } from 'vitest'
import { callSnippet } from './call-snippet.ts'

describe('callSnippet', () => {
  it('calls functions over WebSocket at the address of the app', () => {
    const { code } = callSnippet({ mode: 'ocap', url: 'https://apps.example.org/forecast' })
    expect(code).toContain("host: 'wss://apps.example.org/forecast/'")
  })

  it('calls an HTTP app with curl', () => {
    const { code } = callSnippet({ mode: 'http', url: 'http://localhost:8880/hello/' })
    expect(code).toBe("curl -fsS 'http://localhost:8880/hello/'")
  })
})
