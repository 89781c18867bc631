import { ChevronDown } from 'lucide-react'
import type { ComponentProps, ReactNode } from 'react'

const box = 'rounded-md border border-line-strong bg-surface text-ink placeholder:text-ink-3 aria-invalid:border-danger'

interface InputProps extends Omit<ComponentProps<'input'>, 'className'> {
  unit?: string
  isMono?: boolean
}

export const Input = ({ unit, isMono = false, ...rest }: InputProps) => (
  <span className="relative block">
    <input
      {...rest}
      className={`${box} h-8 w-full px-3 read-only:bg-sunken max-sm:h-10 ${isMono ? 'font-mono text-sm' : ''} ${unit ? 'pr-18' : ''}`}
    />
    {unit && (
      <span className="pointer-events-none absolute inset-y-0 right-3 flex items-center text-ink-3">{unit}</span>
    )}
  </span>
)

interface SelectProps extends Omit<ComponentProps<'select'>, 'className'> {
  children: ReactNode
}

export const Select = ({ children, ...rest }: SelectProps) => (
  <span className="relative block">
    <select {...rest} className={`${box} h-8 w-full appearance-none pr-8 pl-3 max-sm:h-10`}>
      {children}
    </select>
    <ChevronDown
      aria-hidden
      className="pointer-events-none absolute top-1/2 right-2 size-4 -translate-y-1/2 text-ink-3"
    />
  </span>
)
