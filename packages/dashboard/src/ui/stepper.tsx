import { ChevronRight, CircleCheck, CircleDashed, CircleMinus, CircleX } from 'lucide-react'
import type { ReactNode } from 'react'
import { Spinner } from './spinner.tsx'

export type StepLook = 'waiting' | 'running' | 'done' | 'skipped' | 'failed'

export interface StepItem {
  key: string
  name: string
  look: StepLook
  /** One fact. */
  fact?: string | undefined
  time?: ReactNode
  /** Opened below the step. */
  content?: ReactNode
  /** The step has something to open or close. */
  onToggle?: (() => void) | undefined
}

const icons: Record<StepLook, ReactNode> = {
  waiting: <CircleDashed aria-hidden className="size-5 text-ink-3" />,
  running: <Spinner className="size-5 text-progress" />,
  done: <CircleCheck aria-hidden className="size-5 text-success" />,
  skipped: <CircleMinus aria-hidden className="size-5 text-ink-3" />,
  failed: <CircleX aria-hidden className="size-5 text-danger" />,
}

const words: Record<StepLook, string> = {
  waiting: 'waiting',
  running: 'running',
  done: 'done',
  skipped: 'skipped',
  failed: 'failed',
}

export const Stepper = ({ label, steps }: { label: string; steps: StepItem[] }) => (
  <ol aria-label={label} className="rounded-lg border bg-surface p-4">
    {steps.map((step) => (
      <li
        key={step.key}
        aria-current={step.look === 'running' ? 'step' : undefined}
        className="grid grid-cols-[1.25rem_1fr] gap-x-3"
      >
        <span className={`flex flex-col items-center ${step.onToggle ? 'pt-0.5 max-sm:pt-2.5' : ''}`}>
          {icons[step.look]}
          <span aria-hidden className="my-1 min-h-3 w-px flex-1 bg-line in-[li:last-child]:hidden" />
        </span>
        <div className="min-w-0 pb-4 in-[li:last-child]:pb-0">
          <StepHead step={step} />
          {step.content && <div className="mt-2">{step.content}</div>}
        </div>
      </li>
    ))}
  </ol>
)

function StepHead({ step }: { step: StepItem }) {
  const isQuiet = step.look === 'waiting' || step.look === 'skipped'
  const name = <span className={isQuiet ? 'text-ink-2' : 'font-medium'}>{step.name}</span>
  return (
    <div className="flex items-baseline gap-2">
      {step.onToggle ? (
        <button
          type="button"
          aria-expanded={step.content !== undefined}
          aria-label={`${step.name}, ${words[step.look]}, log`}
          className="inline-flex min-h-6 items-center gap-1 rounded-sm max-sm:min-h-10"
          onClick={step.onToggle}
        >
          {name}
          <ChevronRight aria-hidden className={`size-4 text-ink-3 ${step.content ? 'rotate-90' : ''}`} />
        </button>
      ) : (
        <>
          {name}
          <span className="sr-only">, {words[step.look]}</span>
        </>
      )}
      <span className="min-w-0 flex-1 text-sm text-ink-3 wrap-anywhere">
        {step.fact ?? (step.look === 'skipped' ? 'Not needed' : undefined)}
      </span>
      <span className="shrink-0 text-sm text-ink-3 tabular-nums">{step.time}</span>
    </div>
  )
}
