import type { ComponentProps, ReactNode } from 'react'
import { useTooltip } from './tooltip.tsx'

interface IconButtonProps extends Omit<ComponentProps<'button'>, 'className' | 'disabled' | 'children'> {
  /** Name for everybody: read aloud, and shown as a tooltip. */
  label: string
  icon: ReactNode
  hasBorder?: boolean
}

const bordered = 'size-8 border border-line-strong/45 bg-surface'

export function IconButton({ label, icon, hasBorder = false, ...rest }: IconButtonProps) {
  const tip = useTooltip(label)
  return (
    <>
      <button
        type="button"
        {...rest}
        {...tip.anchor}
        aria-describedby={undefined}
        aria-label={label}
        className={`inline-flex shrink-0 items-center justify-center rounded-md text-ink-2 transition-colors duration-120 hover:bg-sunken hover:text-ink max-sm:size-10 ${hasBorder ? bordered : 'size-7'}`}
      >
        {icon}
      </button>
      {tip.bubble}
    </>
  )
}
