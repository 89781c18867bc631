import type { ReactNode } from 'react'
import { Link } from 'react-router-dom'
import { type ButtonLook, type ButtonSize, buttonClass } from '../ui/button.tsx'

interface LinkButtonProps {
  to: string
  look?: ButtonLook
  size?: ButtonSize
  icon?: ReactNode
  children: ReactNode
}

export const LinkButton = ({ to, look, size, icon, children }: LinkButtonProps) => (
  <Link to={to} className={buttonClass(look, size)}>
    {icon}
    {children}
  </Link>
)
