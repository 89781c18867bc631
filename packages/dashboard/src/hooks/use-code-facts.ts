import type { InspectGit } from '@rserve-proxy/contract/git.ts'
import type { CodeFacts } from '@rserve-proxy/contract/uploads.ts'
import { useRef, useState } from 'react'
import { call, inspectUpload } from '../api.ts'

export type FactsState =
  | { kind: 'none' }
  | { kind: 'looking' }
  | { kind: 'found'; facts: CodeFacts; branches: string[]; count: number }
  | { kind: 'too-large' }
  | { kind: 'failed'; error: unknown }

/** Larger archives are looked at when they are deployed, not twice. */
const lookedAtBytes = 20_000_000

/** What the manager finds in code that is not deployed yet; the last question counts. */
export function useCodeFacts() {
  const [state, setState] = useState<FactsState>({ kind: 'none' })
  const asked = useRef(new AbortController())
  const count = useRef(0)

  async function look(ask: (signal: AbortSignal) => Promise<{ facts: CodeFacts; branches: string[] }>) {
    asked.current.abort()
    asked.current = new AbortController()
    const { signal } = asked.current
    setState({ kind: 'looking' })
    try {
      const found = await ask(signal)
      count.current += 1
      if (!signal.aborted) setState({ kind: 'found', ...found, count: count.current })
    } catch (error) {
      if (!signal.aborted) setState({ kind: 'failed', error })
    }
  }

  return {
    state,
    forget() {
      asked.current.abort()
      setState({ kind: 'none' })
    },
    lookAtFile(file: File) {
      if (file.size > lookedAtBytes) return setState({ kind: 'too-large' })
      return look(async (signal) => ({ facts: await inspectUpload(file, signal), branches: [] }))
    },
    lookAtGit: (body: InspectGit) =>
      look(async (signal) => {
        const { found, branches } = await call('POST /api/git/inspect', { body }, { signal })
        return { facts: found, branches }
      }),
  }
}
