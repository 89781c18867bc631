/** Colour is for status only; every hue comes with an icon and a word. */
export type Hue = 'neutral' | 'progress' | 'success' | 'warning' | 'danger' | 'unknown'

export const hueText: Record<Hue, string> = {
  neutral: 'text-neutral',
  progress: 'text-progress',
  success: 'text-success',
  warning: 'text-warning',
  danger: 'text-danger',
  unknown: 'text-unknown',
}

export const hueSoft: Record<Hue, string> = {
  neutral: 'bg-neutral-soft',
  progress: 'bg-progress-soft',
  success: 'bg-success-soft',
  warning: 'bg-warning-soft',
  danger: 'bg-danger-soft',
  unknown: 'bg-unknown-soft',
}
