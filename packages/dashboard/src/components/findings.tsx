import type { System } from '@rserve-proxy/contract/system.ts'
import { StatusMark } from './status-mark.tsx'

/** What the manager checked of the machine that it runs on. */
export const Findings = ({ findings }: { findings: System['engine']['findings'] }) => (
  <ul className="space-y-2">
    {findings.map(({ subject, ok, message }) => (
      <li key={subject} className="flex gap-2">
        <span className="mt-0.5">
          <StatusMark {...(ok ? { icon: 'check', hue: 'success' } : { icon: 'cross', hue: 'danger' })} />
        </span>
        <span className="min-w-0 wrap-anywhere">
          <span className="font-medium">{subject}</span>
          <span className="sr-only">{ok ? ', good' : ', wrong'}</span>
          <span className="block text-sm text-ink-2">{message}</span>
        </span>
      </li>
    ))}
  </ul>
)
