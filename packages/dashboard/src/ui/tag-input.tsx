import { X } from 'lucide-react'
import { type ClipboardEvent, type KeyboardEvent, useRef, useState } from 'react'
import type { ControlProps } from './field.tsx'

interface TagInputProps {
  control: ControlProps
  /** Each tag is sent as one value of this name. */
  name: string
  initial: string[]
  placeholder?: string
}

const split = (text: string) => text.split(/[\s,;]+/).filter(Boolean)

export function TagInput({ control, name, initial, placeholder }: TagInputProps) {
  const [tags, setTags] = useState(initial)
  const input = useRef<HTMLInputElement>(null)

  const add = (text: string) => setTags((before) => [...new Set([...before, ...split(text)])])
  const remove = (tag: string) => setTags((before) => before.filter((other) => other !== tag))

  function take(field: HTMLInputElement) {
    add(field.value)
    field.value = ''
  }

  function onKeyDown(event: KeyboardEvent<HTMLInputElement>) {
    const field = event.currentTarget
    if (event.key === ',' || (event.key === 'Enter' && field.value)) {
      event.preventDefault()
      take(field)
    }
    if (event.key === 'Backspace' && !field.value) setTags((before) => before.slice(0, -1))
  }

  function onPaste(event: ClipboardEvent) {
    event.preventDefault()
    add(event.clipboardData.getData('text'))
  }

  return (
    <div className="flex min-h-8 flex-wrap items-center gap-1 rounded-md border border-line-strong bg-surface px-1 py-0.5 has-[input:focus-visible]:outline-2 has-[input:focus-visible]:outline-offset-2 has-[input:focus-visible]:outline-accent-ink max-sm:min-h-10">
      {tags.map((tag) => (
        <span key={tag} className="inline-flex max-w-full items-center rounded-sm bg-sunken pl-2 font-mono text-sm">
          <span className="truncate">{tag}</span>
          <input type="hidden" name={name} value={tag} />
          <button
            type="button"
            aria-label={`Remove ${tag}`}
            className="inline-flex size-6 shrink-0 items-center justify-center text-ink-3 hover:text-ink max-sm:size-10"
            onClick={() => {
              remove(tag)
              input.current?.focus()
            }}
          >
            <X aria-hidden className="size-3.5" />
          </button>
        </span>
      ))}
      <input
        {...control}
        ref={input}
        placeholder={tags.length ? undefined : placeholder}
        autoComplete="off"
        spellCheck={false}
        className="h-6 min-w-30 flex-1 bg-transparent px-2 font-mono text-sm outline-none placeholder:font-sans placeholder:text-base placeholder:text-ink-3"
        onKeyDown={onKeyDown}
        onPaste={onPaste}
        onBlur={(event) => take(event.currentTarget)}
      />
    </div>
  )
}
