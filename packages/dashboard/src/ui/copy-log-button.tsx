import { Check, Copy } from 'lucide-react'
import { useState } from 'react'

const shownMs = 2_000

/** The text is made at the click, not with every new line. */
export function CopyLogButton({ text }: { text: () => string }) {
  const [answer, setAnswer] = useState<string>()

  async function copy() {
    setAnswer(
      await navigator.clipboard.writeText(text()).then(
        () => 'Copied',
        () => 'Not allowed',
      ),
    )
    setTimeout(() => setAnswer(undefined), shownMs)
  }

  return (
    <button
      type="button"
      className="inline-flex min-h-6 items-center gap-1 hover:text-log-ink max-sm:size-10 max-sm:justify-center"
      onClick={copy}
    >
      {answer === 'Copied' ? <Check aria-hidden className="size-3.5" /> : <Copy aria-hidden className="size-3.5" />}
      <span aria-live="polite" className="max-sm:sr-only">
        {answer ?? 'Copy'}
      </span>
    </button>
  )
}
