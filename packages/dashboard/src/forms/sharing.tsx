import type { App } from '@rserve-proxy/contract/apps.ts'
import type { Collaborator, CollaboratorRole } from '@rserve-proxy/contract/collaborators.ts'
import { useState } from 'react'
import { useNavigate } from 'react-router-dom'
import { call } from '../api.ts'
import { fieldError } from '../components/error-words.ts'
import { useVerb } from '../hooks/use-act.ts'
import { paths } from '../paths.ts'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { Field } from '../ui/field.tsx'
import { Input, Select } from '../ui/input.tsx'
import { ActDialog } from './act-dialog.tsx'
import { textOf } from './form-values.ts'
import { mayNotOwn } from './use-app-verbs.tsx'

const roleWords: Record<CollaboratorRole, string> = {
  viewer: 'Viewer, sees it',
  editor: 'Editor, deploys and changes it',
}

interface SharingProps {
  app: App
  collaborators: Collaborator[]
  /** Id of who is signed in. */
  me: string
}

export function Sharing({ app, collaborators, me }: SharingProps) {
  const [asking, setAsking] = useState<'share' | 'transfer'>()
  const close = () => setAsking(undefined)
  return (
    <Card title="People">
      <ul className="divide-y">
        <li className="flex min-h-9 items-center gap-2 py-1.5">
          <span className="flex-1 font-medium wrap-anywhere">{app.owner.username}</span>
          <span className="text-ink-2">Owner</span>
        </li>
        {collaborators.map((collaborator) => (
          <Shared key={collaborator.user.id} {...{ app, collaborator, me }} />
        ))}
      </ul>
      <div className="mt-4 flex flex-wrap justify-end gap-2">
        <Button disabledReason={mayNotOwn(app)} onClick={() => setAsking('transfer')}>
          Hand over
        </Button>
        <Button disabledReason={mayNotOwn(app)} onClick={() => setAsking('share')}>
          Share
        </Button>
      </div>
      {asking === 'share' && <ShareDialog app={app} onClose={close} />}
      {asking === 'transfer' && <TransferDialog app={app} onClose={close} />}
    </Card>
  )
}

function Shared({ app, collaborator: { user, role }, me }: { app: App; collaborator: Collaborator; me: string }) {
  const { run, isBusy } = useVerb()
  const navigate = useNavigate()
  const isMe = user.id === me
  const params = { appId: app.id }
  const change = (next: CollaboratorRole) =>
    run(() => call('PUT /api/apps/:appId/collaborators', { params, body: { userId: user.id, role: next } }), {
      done: `${user.username} is ${next === 'editor' ? 'an editor' : 'a viewer'} now.`,
    })
  const remove = () =>
    run(
      async () => {
        await call('DELETE /api/apps/:appId/collaborators', { params, querystring: { userId: user.id } })
        if (isMe) navigate(paths.apps())
      },
      { done: isMe ? `You have left ${app.name}.` : `${user.username} no longer sees ${app.name}.` },
    )
  return (
    <li className="flex flex-wrap items-center gap-2 py-1.5">
      <span className="flex-1 basis-24 font-medium wrap-anywhere">{user.username}</span>
      {mayNotOwn(app) ? (
        <span className="text-ink-2">{roleWords[role]}</span>
      ) : (
        <Select
          aria-label={`What ${user.username} may do`}
          value={role}
          disabled={isBusy}
          onChange={(event) => change(event.target.value === 'editor' ? 'editor' : 'viewer')}
        >
          {Object.entries(roleWords).map(([value, words]) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </Select>
      )}
      <Button size="row" isBusy={isBusy} disabledReason={isMe ? undefined : mayNotOwn(app)} onClick={remove}>
        {isMe ? 'Leave' : 'Remove'} <span className="sr-only">{isMe ? app.name : user.username}</span>
      </Button>
    </li>
  )
}

const NameField = ({ error }: { error: unknown }) => (
  <Field label="User name" error={fieldError(error, 'username')}>
    {(control) => (
      <Input
        {...control}
        data-autofocus
        name="username"
        maxLength={64}
        autoComplete="off"
        autoCapitalize="none"
        required
      />
    )}
  </Field>
)

const ShareDialog = ({ app, onClose }: { app: App; onClose: () => void }) => (
  <ActDialog
    title={`Share ${app.name}`}
    verb="Share"
    done="Shared."
    write={(form) =>
      call('PUT /api/apps/:appId/collaborators', {
        params: { appId: app.id },
        body: { username: textOf(form, 'username'), role: textOf(form, 'role') === 'editor' ? 'editor' : 'viewer' },
      })
    }
    onClose={onClose}
  >
    {(error) => (
      <>
        <NameField error={error} />
        <Field label="May">
          {(control) => (
            <Select {...control} name="role" defaultValue="viewer">
              {Object.entries(roleWords).map(([value, words]) => (
                <option key={value} value={value}>
                  {words}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </>
    )}
  </ActDialog>
)

const TransferDialog = ({ app, onClose }: { app: App; onClose: () => void }) => (
  <ActDialog
    title={`Hand ${app.name} over`}
    verb="Hand over"
    keep="Keep it"
    isDanger
    done="Handed over."
    write={(form) =>
      call('POST /api/apps/:appId/transfer', {
        params: { appId: app.id },
        body: { username: textOf(form, 'username') },
      })
    }
    onClose={onClose}
  >
    {(error) => (
      <>
        <p className="text-ink-2">The new owner may delete and share it. The owner until now stays as an editor.</p>
        <NameField error={error} />
      </>
    )}
  </ActDialog>
)
