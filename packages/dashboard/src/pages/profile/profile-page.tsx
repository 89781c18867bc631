import { useLoaderData } from 'react-router-dom'
import { call } from '../../api.ts'
import { PageHeader } from '../../components/page-header.tsx'
import { NameForm, PasswordForm } from '../../forms/profile-forms.tsx'
import { liveLoader } from '../../live-loader.ts'
import { GitCredentials } from './git-credentials.tsx'
import { Keys } from './keys.tsx'
import { LoginSessions } from './login-sessions.tsx'

export const loader = liveLoader(async () => {
  const [me, sessions, credentials] = await Promise.all([
    call('GET /api/auth/me', {}),
    call('GET /api/auth/sessions', {}),
    call('GET /api/credentials', {}),
  ])
  return { me, sessions: sessions.items, credentials: credentials.items }
})

export function ProfilePage() {
  const { me, sessions, credentials } = useLoaderData<typeof loader>()
  return (
    <>
      <title>Profile · rserve-proxy</title>
      <PageHeader title="Profile" />
      <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-2">
        <div className="space-y-4">
          <NameForm user={me.user} email={me.email} />
          <PasswordForm />
        </div>
        <div className="space-y-4">
          <LoginSessions sessions={sessions} />
          <GitCredentials credentials={credentials} />
          <Keys />
        </div>
      </div>
    </>
  )
}
