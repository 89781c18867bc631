import type { ComponentProps, ReactNode } from 'react'
import { Spinner } from './spinner.tsx'
import { useTooltip } from './tooltip.tsx'

export type ButtonLook = 'primary' | 'secondary' | 'quiet' | 'danger'
export type ButtonSize = 'normal' | 'row'

const base =
  'relative inline-flex shrink-0 items-center justify-center gap-2 rounded-md font-medium whitespace-nowrap transition-colors duration-120 aria-disabled:opacity-55 max-sm:h-10'

const looks: Record<ButtonLook, string> = {
  primary: 'bg-accent text-on-accent not-aria-disabled:hover:bg-accent-hover',
  secondary: 'border border-line-strong/45 bg-surface text-ink not-aria-disabled:hover:bg-sunken',
  quiet: 'text-ink-2 not-aria-disabled:hover:bg-sunken not-aria-disabled:hover:text-ink',
  danger: 'bg-danger-solid text-on-accent',
}

const sizes: Record<ButtonSize, string> = { normal: 'h-8 px-3 max-sm:px-4', row: 'h-7 px-2.5 text-sm max-sm:px-4' }

/** For links that look like buttons. */
export const buttonClass = (look: ButtonLook = 'secondary', size: ButtonSize = 'normal') =>
  `${base} ${looks[look]} ${sizes[size]}`

interface ButtonProps extends Omit<ComponentProps<'button'>, 'className' | 'disabled'> {
  look?: ButtonLook | undefined
  size?: ButtonSize | undefined
  icon?: ReactNode
  isBusy?: boolean | undefined
  /** Why it cannot be used now; it stays focusable and says so. */
  disabledReason?: string | undefined
}

export function Button({ look, size, icon, isBusy, disabledReason, children, onClick, ...rest }: ButtonProps) {
  const tip = useTooltip(disabledReason)
  const isBlocked = isBusy || disabledReason !== undefined
  return (
    <>
      <button
        type="button"
        {...rest}
        {...(isBlocked && { type: 'button', 'aria-disabled': true })}
        {...(isBusy && { 'aria-busy': true })}
        {...(!isBlocked && { onClick })}
        {...tip.anchor}
        className={buttonClass(look, size)}
      >
        {isBusy && icon ? <Spinner /> : icon}
        {isBusy && !icon && <Spinner className="absolute" />}
        <span className={isBusy && !icon ? 'opacity-30' : undefined}>{children}</span>
      </button>
      {tip.bubble}
    </>
  )
}
