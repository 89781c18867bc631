import type { Credential } from '@rserve-proxy/contract/credentials.ts'
import { useState } from 'react'
import { call } from '../../api.ts'
import { useVerb } from '../../hooks/use-act.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { RelativeTime } from '../../ui/time.tsx'

/** They are made where a private repository is asked for. */
export const GitCredentials = ({ credentials }: { credentials: Credential[] }) => (
  <Card title="Git credentials">
    {credentials.length === 0 ? (
      <p className="text-ink-2">None. A new app from a private repository asks for one.</p>
    ) : (
      <ul className="divide-y">
        {credentials.map((credential) => (
          <li key={credential.id} className="flex flex-wrap items-center gap-x-4 gap-y-1 py-2">
            <span className="min-w-0 flex-1 basis-50">
              <span className="block font-medium wrap-anywhere">{credential.name}</span>
              <span className="block text-sm text-ink-2">
                {credential.host}, {credential.lastUsedAt ? 'used ' : 'never used'}
                {credential.lastUsedAt && <RelativeTime iso={credential.lastUsedAt} />}
              </span>
            </span>
            <Forget credential={credential} />
          </li>
        ))}
      </ul>
    )}
  </Card>
)

function Forget({ credential: { id, name } }: { credential: Credential }) {
  const { run, isBusy } = useVerb()
  const [isAsking, setIsAsking] = useState(false)
  return (
    <>
      <Button size="row" isBusy={isBusy} onClick={() => setIsAsking(true)}>
        Forget <span className="sr-only">{name}</span>
      </Button>
      {isAsking && (
        <ConfirmDialog
          title={`Forget ${name}?`}
          verb="Forget credential"
          keep="Keep it"
          onConfirm={() => {
            setIsAsking(false)
            run(() => call('DELETE /api/credentials/:credentialId', { params: { credentialId: id } }), {
              done: `${name} is forgotten.`,
            })
          }}
          onClose={() => setIsAsking(false)}
        >
          <p>Apps that use it keep running; they can no longer fetch new code.</p>
        </ConfirmDialog>
      )}
    </>
  )
}
