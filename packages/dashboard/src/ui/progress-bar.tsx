interface ProgressBarProps {
  label: string
  done: number
  total: number
  text: string
}

export const ProgressBar = ({ label, done, total, text }: ProgressBarProps) => (
  <div className="flex items-center gap-3">
    <progress
      aria-label={label}
      value={done}
      max={total}
      className="h-1.5 min-w-0 flex-1 appearance-none overflow-hidden rounded-sm bg-sunken [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-sunken [&::-webkit-progress-value]:bg-accent"
    />
    <span className="text-sm text-ink-2 tabular-nums">{text}</span>
  </div>
)
