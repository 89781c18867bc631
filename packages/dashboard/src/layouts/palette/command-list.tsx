import { type KeyboardEvent, useId, useLayoutEffect, useRef, useState } from 'react'
import { type Command, matching } from './command.ts'

interface CommandListProps {
  label: string
  commands: Command[]
  onClose: () => void
}

/** A combobox in a dialog: the focus stays in the field, the arrows choose. */
export function CommandList({ label, commands, onClose }: CommandListProps) {
  const id = useId()
  const dialog = useRef<HTMLDialogElement>(null)
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const found = matching(commands, text)
  const chosen = found[Math.min(at, found.length - 1)]

  useLayoutEffect(() => {
    const element = dialog.current
    element?.showModal()
    return () => element?.close()
  }, [])

  function run(command: Command | undefined) {
    if (!command || command.disabledReason !== undefined) return
    onClose()
    command.run()
  }
  function onKeyDown(event: KeyboardEvent) {
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 }
    const step = steps[event.key]
    if (step !== undefined && found.length > 0) {
      event.preventDefault()
      const next = (Math.min(at, found.length - 1) + step + found.length) % found.length
      setAt(next)
      document.getElementById(`${id}-${found[next]?.id}`)?.scrollIntoView({ block: 'nearest' })
    }
    if (event.key === 'Enter') {
      event.preventDefault()
      run(chosen)
    }
  }
  return (
    <dialog
      ref={dialog}
      aria-label={label}
      className="mx-auto mt-[10vh] w-full max-w-140 overflow-hidden rounded-xl border bg-raised p-0 text-ink shadow-dialog max-sm:m-0 max-sm:h-dvh max-sm:max-h-none max-sm:max-w-none max-sm:rounded-none"
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onClick={(event) => event.target === dialog.current && onClose()}
      onKeyDown={onKeyDown}
    >
      <div className="flex items-center gap-2 border-b p-2">
        <input
          type="text"
          role="combobox"
          aria-label={label}
          aria-expanded
          aria-controls={`${id}-list`}
          aria-activedescendant={chosen && `${id}-${chosen.id}`}
          placeholder={label}
          autoComplete="off"
          spellCheck={false}
          className="h-9 min-w-0 flex-1 rounded-md bg-transparent px-2 outline-none placeholder:text-ink-3 max-sm:h-10"
          onChange={(event) => {
            setText(event.target.value)
            setAt(0)
          }}
        />
        <button
          type="button"
          className="h-7 rounded-md px-2 text-sm text-ink-2 hover:bg-sunken max-sm:h-10"
          onClick={onClose}
        >
          Close
        </button>
      </div>
      <div
        id={`${id}-list`}
        role="listbox"
        aria-label={label}
        className="max-h-[60vh] overflow-y-auto p-2 max-sm:max-h-none"
      >
        {found.map((command, index) => (
          <Option
            key={command.id}
            id={`${id}-${command.id}`}
            command={command}
            isChosen={command === chosen}
            isFirst={found[index - 1]?.group !== command.group}
            onRun={() => run(command)}
          />
        ))}
      </div>
      <p role="status" className={found.length > 0 ? 'sr-only' : 'px-4 pb-4 text-ink-2'}>
        {found.length > 0 ? `${found.length} found` : `Nothing matches “${text}”.`}
      </p>
    </dialog>
  )
}

interface OptionProps {
  id: string
  command: Command
  isChosen: boolean
  /** Of its group, whose name stands above it. */
  isFirst: boolean
  onRun: () => void
}

const Option = ({ id, command, isChosen, isFirst, onRun }: OptionProps) => (
  <>
    {isFirst && (
      <div role="presentation" className="px-2 pt-2 pb-1 text-xs text-ink-3">
        {command.group}
      </div>
    )}
    {/* biome-ignore lint/a11y/useKeyWithClickEvents: keys are the combobox's */}
    <div
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={isChosen}
      aria-disabled={command.disabledReason !== undefined}
      className="flex min-h-9 cursor-pointer items-center gap-2 rounded-md px-2 py-1 aria-disabled:cursor-default aria-selected:bg-sunken not-aria-disabled:hover:bg-sunken max-sm:min-h-11"
      onClick={onRun}
    >
      {command.icon}
      <span className="min-w-0 flex-1 wrap-anywhere">
        <span className={command.disabledReason === undefined ? undefined : 'text-ink-3'}>{command.label}</span>
        {command.disabledReason !== undefined && (
          <span className="block text-xs text-ink-3">{command.disabledReason}</span>
        )}
      </span>
      {command.hint && <span className="shrink-0 font-mono text-xs text-ink-3 max-sm:hidden">{command.hint}</span>}
    </div>
  </>
)
