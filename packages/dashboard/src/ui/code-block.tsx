import { CopyButton } from './copy-button.tsx'

interface CodeBlockProps {
  label: string
  code: string
  /** Scrolls after a dozen lines. */
  isShort?: boolean
}

/** Scrolls sideways by itself, so it must be reachable by keyboard. */
export const CodeBlock = ({ label, code, isShort = false }: CodeBlockProps) => (
  <div className="relative">
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must take the focus
      tabIndex={0}
      className={`overflow-auto rounded-lg bg-sunken p-4 font-mono text-sm max-sm:pt-14 sm:pr-26 ${isShort ? 'max-h-64' : ''}`}
    >
      <pre>{code}</pre>
    </section>
    <div className="absolute top-2 right-2">
      <CopyButton text={code} label="Copy" />
    </div>
  </div>
)
