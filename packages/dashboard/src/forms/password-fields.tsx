import { Field } from '../ui/field.tsx'
import { Input } from '../ui/input.tsx'

interface PasswordFieldProps {
  name: string
  label?: string
  hint?: string
  error?: string | undefined
}

/** For a password manager to make one. */
export const NewPasswordField = ({ name, label = 'Password', hint, error }: PasswordFieldProps) => (
  <Field label={label} hint={hint} error={error}>
    {(control) => (
      <Input
        {...control}
        name={name}
        type="password"
        autoComplete="new-password"
        minLength={8}
        maxLength={256}
        required
      />
    )}
  </Field>
)

/** For a password manager to fill in. */
export const PasswordField = ({ name, label = 'Password', hint, error }: PasswordFieldProps) => (
  <Field label={label} hint={hint} error={error}>
    {(control) => (
      <Input {...control} name={name} type="password" autoComplete="current-password" maxLength={256} required />
    )}
  </Field>
)
