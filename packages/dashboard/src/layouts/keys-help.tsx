import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'

const keys = [
  { key: 'Ctrl K', does: 'Search or jump to (⌘ K on a Mac)' },
  { key: '/', does: 'Filter the list' },
  { key: '?', does: 'This help' },
  { key: 'Esc', does: 'Close what is open' },
  { key: '↑ ↓', does: 'Move in a menu or in the search' },
  { key: 'End', does: 'In a log: follow it' },
]

export const KeysHelp = ({ onClose }: { onClose: () => void }) => (
  <Dialog
    title="Keys"
    onClose={onClose}
    onSubmit={onClose}
    footer={
      <Button type="submit" data-autofocus>
        Close
      </Button>
    }
  >
    <dl className="grid grid-cols-[5rem_1fr] gap-x-3 gap-y-2">
      {keys.map(({ key, does }) => (
        <div key={key} className="contents">
          <dt>
            <kbd className="rounded-sm border px-1.5 font-sans text-xs">{key}</kbd>
          </dt>
          <dd>{does}</dd>
        </div>
      ))}
    </dl>
    <p className="text-sm text-ink-3">Keys without Ctrl can be turned off on your profile.</p>
  </Dialog>
)
