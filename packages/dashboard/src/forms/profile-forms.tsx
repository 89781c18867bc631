import type { User } from '@rserve-proxy/contract/people.ts'
import { type FormEvent, type ReactNode, useState } from 'react'
import { call } from '../api.ts'
import { errorWords, fieldError } from '../components/error-words.ts'
import { useAct } from '../hooks/use-act.ts'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { ErrorSummary } from '../ui/error-summary.tsx'
import { Field } from '../ui/field.tsx'
import { Input } from '../ui/input.tsx'
import { textOf } from './form-values.ts'
import { NewPasswordField, PasswordField } from './password-fields.tsx'

export function NameForm({ user, email }: { user: User; email: string | null }) {
  const { act, isBusy, error } = useAct()
  const [isSaved, setIsSaved] = useState(false)
  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const body = { displayName: textOf(form, 'displayName') || null, email: textOf(form, 'email') || null }
    setIsSaved((await act(() => call('PATCH /api/auth/me', { body }))) !== undefined)
  }
  return (
    <Card title="You">
      <form className="space-y-4" onSubmit={submit}>
        {error !== undefined && <ErrorSummary {...errorWords(error)} />}
        <Field label="Name" hint="You sign in with it; it stays.">
          {(control) => <Input {...control} value={user.username} readOnly isMono />}
        </Field>
        <Field label="Display name" isOptional error={fieldError(error, 'displayName')}>
          {(control) => (
            <Input
              {...control}
              name="displayName"
              defaultValue={user.displayName ?? ''}
              maxLength={128}
              autoComplete="name"
            />
          )}
        </Field>
        <Field label="E-mail" isOptional error={fieldError(error, 'email')}>
          {(control) => (
            <Input
              {...control}
              name="email"
              type="email"
              defaultValue={email ?? ''}
              maxLength={254}
              autoComplete="email"
            />
          )}
        </Field>
        <Saved isSaved={isSaved && !isBusy} text="Saved.">
          <Button type="submit" isBusy={isBusy}>
            Save
          </Button>
        </Saved>
      </form>
    </Card>
  )
}

export function PasswordForm() {
  const { act, isBusy, error } = useAct()
  // Each change has fields of its own, so that nothing of the last one stays.
  const [changes, setChanges] = useState(0)
  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const body = { currentPassword: String(form.get('current')), newPassword: String(form.get('new')) }
    if (await act(() => call('PUT /api/auth/password', { body }))) setChanges(changes + 1)
  }
  return (
    <Card title="Password">
      <form key={changes} className="space-y-4" onSubmit={submit}>
        {error !== undefined && <ErrorSummary {...errorWords(error)} />}
        <PasswordField name="current" label="Current password" />
        <NewPasswordField
          name="new"
          label="New password"
          hint="8 characters or more; a few words are best. It ends your other login sessions and all your tokens."
          error={fieldError(error, 'newPassword')}
        />
        <Saved
          isSaved={changes > 0 && !isBusy && error === undefined}
          text="Changed. Your other login sessions and your tokens have ended."
        >
          <Button type="submit" isBusy={isBusy}>
            Change password
          </Button>
        </Saved>
      </form>
    </Card>
  )
}

const Saved = ({ isSaved, text, children }: { isSaved: boolean; text: string; children: ReactNode }) => (
  <div className="flex items-center justify-end gap-3">
    <span role="status" className="text-sm text-ink-2">
      {isSaved && text}
    </span>
    {children}
  </div>
)
