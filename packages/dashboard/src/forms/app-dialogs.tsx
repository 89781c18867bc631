import type { App } from '@rserve-proxy/contract/apps.ts'
import { useState } from 'react'
import { sessionsText } from '../components/app-status.ts'
import { Button } from '../ui/button.tsx'
import { Choice } from '../ui/choice.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { Dialog } from '../ui/dialog.tsx'
import type { AppVerb } from './app-verbs.ts'
import { DeployDialog } from './deploy-dialog.tsx'

export type Asking = 'deploy' | 'stop' | 'rebuild' | 'delete'

interface AppDialogProps {
  app: App
  asking: Asking
  onVerb: (verb: AppVerb) => void
  onClose: () => void
}

/** What a verb asks before it acts. Loaded when it is asked for. */
export function AppDialog({ app, asking, onVerb, onClose }: AppDialogProps) {
  if (asking === 'stop') return <StopDialog app={app} onStop={() => onVerb('stop')} onClose={onClose} />
  if (asking === 'delete') return <DeleteDialog app={app} onDelete={() => onVerb('delete')} onClose={onClose} />
  if (asking === 'rebuild') return <RebuildDialog app={app} onVerb={onVerb} onClose={onClose} />
  return <DeployDialog app={app} onDeployAgain={() => onVerb('deploy')} onClose={onClose} />
}

const StopDialog = ({ app, onStop, onClose }: { app: App; onStop: () => void; onClose: () => void }) => (
  <ConfirmDialog title={`Stop ${app.name}?`} verb="Stop app" keep="Keep running" onConfirm={onStop} onClose={onClose}>
    <p>
      {app.sessions ? `${sessionsText(app.sessions)} get 10 s, then end.` : 'Open sessions get 10 s, then end.'}{' '}
      Visitors see a page that says it is stopped. Start brings the same release back.
    </p>
  </ConfirmDialog>
)

const DeleteDialog = ({ app, onDelete, onClose }: { app: App; onDelete: () => void; onClose: () => void }) => (
  <ConfirmDialog
    title={`Delete ${app.name}?`}
    verb="Delete app"
    keep="Keep app"
    typed={app.slug}
    onConfirm={onDelete}
    onClose={onClose}
  >
    <p>It stops now, and these are lost for good:</p>
    <ul className="list-disc pl-5">
      <li>the address /{app.slug}/, which others may take after 30 days</li>
      <li>uploaded code, every release and its logs</li>
    </ul>
  </ConfirmDialog>
)

interface RebuildDialogProps {
  app: App
  onVerb: (verb: AppVerb) => void
  onClose: () => void
}

function RebuildDialog({ app, onVerb, onClose }: RebuildDialogProps) {
  const [verb, setVerb] = useState<'rebuild' | 'update'>('rebuild')
  return (
    <Dialog
      title={`Rebuild ${app.name}`}
      onClose={onClose}
      onSubmit={() => onVerb(verb)}
      footer={
        <>
          <Button look="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" look="primary">
            Rebuild
          </Button>
        </>
      }
    >
      <Choice
        legend="Packages"
        name="packages"
        value={verb}
        options={[
          { value: 'rebuild', label: 'Keep versions', hint: 'Those that the last release locked' },
          { value: 'update', label: 'Take the newest', hint: 'A package may behave differently' },
        ]}
        onChange={setVerb}
      />
      <p className="text-sm text-ink-3">
        {app.release
          ? `The newest code is built anew. v${app.release.number} keeps serving until the new release answers.`
          : 'The newest code is built anew.'}
      </p>
    </Dialog>
  )
}
