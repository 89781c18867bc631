import type { ReactNode } from 'react'
import { type Hue, hueSoft, hueText } from './hue.ts'

interface BadgeProps {
  hue: Hue
  icon: ReactNode
  children: ReactNode
}

export const Badge = ({ hue, icon, children }: BadgeProps) => (
  <span
    className={`inline-flex min-h-6 items-center gap-1.5 rounded-xl px-2.5 py-0.5 text-sm font-medium ${hueSoft[hue]} ${hueText[hue]}`}
  >
    {icon}
    {children}
  </span>
)
