import { useSyncExternalStore } from 'react'
import { singleKeys } from '../../live/single-keys.ts'
import { Card } from '../../ui/card.tsx'

/** Acts at once, for this browser. */
export function Keys() {
  const state = useSyncExternalStore(singleKeys.subscribe, singleKeys.get)
  return (
    <Card title="Keys">
      <label className="flex items-center gap-2 max-sm:min-h-10">
        <input
          type="checkbox"
          role="switch"
          checked={state === 'on'}
          aria-checked={state === 'on'}
          className="accent-accent"
          onChange={(event) => singleKeys.set(event.target.checked ? 'on' : 'off')}
        />
        <span>
          Single keys, such as <kbd className="rounded-sm border px-1.5 font-sans text-xs">/</kbd> and{' '}
          <kbd className="rounded-sm border px-1.5 font-sans text-xs">?</kbd>
        </span>
      </label>
    </Card>
  )
}
