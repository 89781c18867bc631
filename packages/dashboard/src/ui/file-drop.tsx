import { FileArchive, Upload } from 'lucide-react'
import type { ReactNode } from 'react'
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
  /** Progress and its Cancel, while it is sent. */
  children?: ReactNode
}

/** A real file input covers the area, so that drop, click, keyboard and validation are the browser's own. */
export function FileDrop({ control, file, accept, prompt, sizeText, isRequired, onChoose, children }: FileDropProps) {
  return (
    <div className="rounded-lg border border-dashed border-line-strong bg-surface has-[input:focus-visible]:outline-2 has-[input:focus-visible]:outline-offset-2 has-[input:focus-visible]:outline-accent-ink">
      <div className="relative flex min-h-22 items-center gap-3 p-4 hover:bg-sunken">
        {file ? (
          <FileArchive aria-hidden className="size-5 shrink-0" />
        ) : (
          <Upload aria-hidden className="size-5 shrink-0" />
        )}
        <div className="min-w-0">
          <p className="font-medium wrap-anywhere">{file ? file.name : 'Drop an archive here, or choose one'}</p>
          <p className="text-sm text-ink-3">{file ? sizeText(file.size) : prompt}</p>
        </div>
        <input
          {...control}
          type="file"
          accept={accept}
          required={isRequired}
          className="absolute inset-0 size-full cursor-pointer opacity-0"
          onChange={(event) => onChoose(event.currentTarget.files?.[0] ?? null)}
        />
      </div>
      {children && <div className="border-t p-4">{children}</div>}
    </div>
  )
}
