import type { Cleanup } from '@rserve-proxy/contract/system.ts'
import { call } from '../api.ts'
import { sizeText } from '../components/size-text.ts'
import { ActDialog } from './act-dialog.tsx'

/** What would go, by name, before anything goes. */
export function CleanUpDialog({ preview, onClose }: { preview: Cleanup; onClose: () => void }) {
  const isEmpty = preview.items.length === 0
  return (
    <ActDialog
      title={isEmpty ? 'Nothing to clean up' : `Free ${sizeText(preview.freedBytes)}?`}
      verb="Clean up"
      keep={isEmpty ? 'Close' : 'Keep all'}
      disabledReason={isEmpty ? 'Everything is needed' : undefined}
      done="Cleaned up."
      write={() => call('POST /api/system/cleanup', { querystring: {} })}
      onClose={onClose}
    >
      <p className="text-ink-2">
        {isEmpty
          ? 'Every image, volume and upload of this installation is needed by an app or a kept release.'
          : 'Only what this installation made and nothing needs. Kept releases can still be rolled back to.'}
      </p>
      {!isEmpty && (
        <ul className="max-h-60 divide-y overflow-y-auto rounded-md border">
          {preview.items.map((item) => (
            <li key={`${item.kind} ${item.id}`} className="flex gap-3 px-3 py-2 text-sm">
              <span className="min-w-0 flex-1 wrap-anywhere">
                <span className="font-medium">{item.name}</span>
                <span className="text-ink-2">, {item.reason}</span>
              </span>
              <span className="shrink-0 text-ink-2 tabular-nums">{sizeText(item.sizeBytes)}</span>
            </li>
          ))}
        </ul>
      )}
    </ActDialog>
  )
}
