import type { LoginSession } from '@rserve-proxy/contract/login-sessions.ts'
import { call } from '../../api.ts'
import { browserName } from '../../components/browser-name.ts'
import { useVerb } from '../../hooks/use-act.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { RelativeTime } from '../../ui/time.tsx'

export const LoginSessions = ({ sessions }: { sessions: LoginSession[] }) => (
  <Card title="Login sessions">
    <p className="text-ink-2">Where you are signed in. End what you do not know, then change your password.</p>
    <ul className="mt-2 divide-y">
      {sessions.map((session) => (
        <li key={session.id} className="flex flex-wrap items-center gap-x-4 gap-y-1 py-2">
          <span className="min-w-0 flex-1 basis-50">
            <span className="block font-medium">{browserName(session.browser)}</span>
            <span className="block text-sm text-ink-2">
              From {session.address}, seen <RelativeTime iso={session.lastSeenAt} />
            </span>
          </span>
          {session.current ? <span className="text-sm text-ink-2">This browser</span> : <End session={session} />}
        </li>
      ))}
    </ul>
  </Card>
)

function End({ session: { id, browser } }: { session: LoginSession }) {
  const { run, isBusy } = useVerb()
  const end = () =>
    run(() => call('DELETE /api/auth/sessions/:sessionId', { params: { sessionId: id } }), {
      done: 'That browser is signed out.',
    })
  return (
    <Button size="row" isBusy={isBusy} onClick={end}>
      End <span className="sr-only">{browserName(browser)}</span>
    </Button>
  )
}
