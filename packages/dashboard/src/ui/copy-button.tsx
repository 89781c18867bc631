import { Check, Copy } from 'lucide-react'
import { useState } from 'react'
import { Button } from './button.tsx'
import { IconButton } from './icon-button.tsx'

const shownMs = 2_000

interface CopyButtonProps {
  text: string
  /** Says what is copied; "Copied" afterwards. */
  label: string
  isIconOnly?: boolean
}

export function CopyButton({ text, label, isIconOnly = false }: CopyButtonProps) {
  const [answer, setAnswer] = useState<string>()

  async function copy() {
    setAnswer(
      await navigator.clipboard.writeText(text).then(
        () => 'Copied',
        () => 'The browser did not allow it',
      ),
    )
    setTimeout(() => setAnswer(undefined), shownMs)
  }

  const icon = answer === 'Copied' ? <Check aria-hidden className="size-4" /> : <Copy aria-hidden className="size-4" />
  return (
    <>
      {isIconOnly ? (
        <IconButton label={answer ?? label} icon={icon} onClick={copy} />
      ) : (
        <Button size="row" icon={icon} onClick={copy}>
          {answer ?? label}
        </Button>
      )}
      <span role="status" className="sr-only">
        {answer}
      </span>
    </>
  )
}
