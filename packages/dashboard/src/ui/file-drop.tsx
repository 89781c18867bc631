import { FileArchive, FolderOpen, Upload } from 'lucide-react'
import { type DragEvent, type ReactNode, useRef, useState } from 'react'
import { Button } from './button.tsx'
import type { ControlProps } from './field.tsx'

interface FileDropProps {
  control: ControlProps
  file: File | null
  accept: string
  /** The limit, told before anything is chosen. */
  prompt: string
  sizeText: (bytes: number) => string
  isRequired?: boolean
  onChoose: (file: File | null) => void
  /** A folder, from its own button. */
  onChooseFolder?: (files: File[]) => void
  /** True: it was a folder, and is taken care of. */
  onDropFolder?: (data: DataTransfer) => boolean
  /** Progress and its Cancel, while it is sent. */
  children?: ReactNode
}

/** A real file input covers the area, so that drop, click, keyboard and validation are the browser's own. */
export function FileDrop({ control, file, accept, prompt, sizeText, isRequired, ...props }: FileDropProps) {
  const [isOver, setIsOver] = useState(false)

  // The input itself would take a dropped folder for an unreadable file.
  function onDrop(event: DragEvent) {
    setIsOver(false)
    if (props.onDropFolder?.(event.dataTransfer)) event.preventDefault()
  }
  return (
    <div className="rounded-lg border border-dashed border-line-strong bg-surface has-[input:focus-visible]:outline-2 has-[input:focus-visible]:outline-offset-2 has-[input:focus-visible]:outline-accent-ink">
      <div
        className={`relative flex min-h-22 items-center gap-3 rounded-lg p-4 hover:bg-sunken ${isOver ? 'bg-accent-soft' : ''}`}
      >
        {file ? (
          <FileArchive aria-hidden className="size-5 shrink-0" />
        ) : (
          <Upload aria-hidden className="size-5 shrink-0" />
        )}
        <div className="min-w-0 flex-1">
          <p className="font-medium wrap-anywhere">
            {file ? file.name : `Drop an archive${props.onDropFolder ? ' or a folder' : ''} here, or choose one`}
          </p>
          <p className="text-sm text-ink-3">{file ? sizeText(file.size) : prompt}</p>
        </div>
        <input
          {...control}
          type="file"
          accept={accept}
          required={isRequired}
          className="absolute inset-0 size-full cursor-pointer opacity-0"
          onChange={(event) => props.onChoose(event.currentTarget.files?.[0] ?? null)}
          onDragEnter={() => setIsOver(true)}
          onDragLeave={() => setIsOver(false)}
          onDrop={onDrop}
        />
        {props.onChooseFolder && <FolderButton onChoose={props.onChooseFolder} />}
      </div>
      {props.children && <div className="border-t p-4">{props.children}</div>}
    </div>
  )
}

function FolderButton({ onChoose }: { onChoose: (files: File[]) => void }) {
  const input = useRef<HTMLInputElement>(null)
  return (
    <span className="relative">
      <Button size="row" icon={<FolderOpen aria-hidden className="size-4" />} onClick={() => input.current?.click()}>
        Folder
      </Button>
      <input
        ref={input}
        type="file"
        hidden
        aria-label="Folder"
        // @ts-expect-error React knows no type for it; every browser has it.
        webkitdirectory=""
        onChange={(event) => {
          const files = [...(event.currentTarget.files ?? [])]
          if (files.length > 0) onChoose(files)
        }}
      />
    </span>
  )
}
