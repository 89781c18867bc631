import { CopyButton } from './copy-button.tsx'

/** Scrolls sideways by itself, so it must be reachable by keyboard. */
export const CodeBlock = ({ label, code }: { label: string; code: string }) => (
  <div className="relative">
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must take the focus
      tabIndex={0}
      className="overflow-x-auto rounded-lg bg-sunken p-4 font-mono text-sm max-sm:pt-14 sm:pr-26"
    >
      <pre>{code}</pre>
    </section>
    <div className="absolute top-2 right-2">
      <CopyButton text={code} label="Copy" />
    </div>
  </div>
)
