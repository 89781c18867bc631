import { type FormEvent, useState } from 'react'
import { ApiError, call } from '../api.ts'
import { errorWords } from '../components/error-words.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'
import { Input } from '../ui/input.tsx'

/** Where apps share the dashboard's host, what outlasts a sign-in needs the password of the last quarter of an hour. */
export function PasswordDialog({ onAnswer }: { onAnswer: (isVerified: boolean) => void }) {
  const [isBusy, setIsBusy] = useState(false)
  const [message, setMessage] = useState<string>()

  async function submit(event: FormEvent<HTMLFormElement>) {
    const password = String(new FormData(event.currentTarget).get('password'))
    setIsBusy(true)
    try {
      await call('POST /api/auth/verify', { body: { password } })
      onAnswer(true)
    } catch (error) {
      setIsBusy(false)
      setMessage(error instanceof ApiError && error.status === 403 ? 'The password is wrong.' : wordsOf(error))
    }
  }

  return (
    <Dialog
      title="Give your password once more"
      isBusy={isBusy}
      onClose={() => onAnswer(false)}
      onSubmit={submit}
      footer={
        <>
          <Button look="quiet" onClick={() => onAnswer(false)}>
            Cancel
          </Button>
          <Button type="submit" look="primary" isBusy={isBusy}>
            Go on
          </Button>
        </>
      }
    >
      <p className="text-ink-2">This outlasts your sign-in, and you gave your password more than 15 minutes ago.</p>
      <Field label="Password" error={message}>
        {(control) => (
          <Input
            {...control}
            data-autofocus
            name="password"
            type="password"
            autoComplete="current-password"
            maxLength={256}
            required
          />
        )}
      </Field>
    </Dialog>
  )
}

function wordsOf(error: unknown) {
  const { title, detail } = errorWords(error)
  return `${title}. ${detail}`
}
