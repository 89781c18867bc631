import type { App } from '@rserve-proxy/contract/apps.ts'
import { useState } from 'react'
import { errorWords, fieldError } from '../components/error-words.ts'
import { useDeployFlow } from '../hooks/use-deploy-flow.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { ErrorSummary } from '../ui/error-summary.tsx'
import { BundleField, tooLarge } from './bundle-field.tsx'

interface DeployDialogProps {
  app: App
  onDeployAgain: () => void
  onClose: () => void
}

/** New code for an app whose code is uploaded. */
export function DeployDialog({ app, onDeployAgain, onClose }: DeployDialogProps) {
  const flow = useDeployFlow(app)
  const [file, setFile] = useState<File | null>(null)
  const isBusy = flow.progress !== undefined
  const isReady = file && !tooLarge(file) && !isBusy
  const failed = flow.failure && errorWords(flow.failure.error)
  return (
    <Dialog
      title={`Deploy ${app.name}`}
      isBusy={isBusy}
      onClose={onClose}
      onSubmit={() => isReady && flow.run({ file })}
      footer={
        <>
          <Button look="quiet" disabledReason={isBusy ? 'The upload runs' : undefined} onClick={onClose}>
            Close
          </Button>
          {app.hasCode && (
            <Button disabledReason={isBusy ? 'The upload runs' : undefined} onClick={onDeployAgain}>
              Deploy the same code
            </Button>
          )}
          <Button type="submit" look="primary" isBusy={isBusy} disabledReason={reasonOf(file)}>
            Upload and deploy
          </Button>
        </>
      }
    >
      {failed && <ErrorSummary title={failed.title} detail={failed.detail} reference={failed.reference} />}
      <BundleField
        file={file}
        sentBytes={flow.progress?.phase === 'uploading' ? flow.progress.sentBytes : undefined}
        error={fieldError(flow.failure?.error, 'bundle')}
        onFile={setFile}
        onCancel={flow.cancel}
      />
      <p className="text-sm text-ink-3">
        {app.release
          ? `v${app.release.number} keeps serving until the new release answers.`
          : 'The app goes live when the new release answers.'}
      </p>
    </Dialog>
  )
}

function reasonOf(file: File | null) {
  if (!file) return 'Choose an archive first'
  return tooLarge(file) && 'The archive is too large'
}
