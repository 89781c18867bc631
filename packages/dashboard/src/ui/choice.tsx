import type { ReactNode } from 'react'

interface ChoiceProps<Value extends string> {
  legend: string
  name: string
  value: Value
  options: { value: Value; label: string; hint?: string }[]
  isDisabled?: boolean
  onChange: (value: Value) => void
  children?: ReactNode
}

/** One of a few, each with its sentence. */
export const Choice = <Value extends string>({ legend, name, value, ...props }: ChoiceProps<Value>) => (
  <fieldset disabled={props.isDisabled} className="min-w-0">
    <legend className="mb-1 font-medium">{legend}</legend>
    <div className={`grid gap-2 ${props.options.length === 3 ? 'sm:grid-cols-3' : 'sm:grid-cols-2'}`}>
      {props.options.map((option) => (
        <label
          key={option.value}
          className="flex gap-2 rounded-lg border p-3 has-checked:border-accent has-checked:bg-accent-soft"
        >
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={option.value === value}
            className="mt-0.5 accent-accent"
            onChange={() => props.onChange(option.value)}
          />
          <span>
            <span className="block font-medium">{option.label}</span>
            {option.hint && <span className="block text-sm text-ink-2">{option.hint}</span>}
          </span>
        </label>
      ))}
    </div>
    {props.children}
  </fieldset>
)
