import { type ActionFunctionArgs, Form, redirect, useActionData, useLoaderData, useNavigation } from 'react-router-dom'
import { ApiError, call } from '../../api.ts'
import { errorWords } from '../../components/error-words.ts'
import { PasswordField } from '../../forms/password-fields.tsx'
import { Entrance } from '../../layouts/entrance.tsx'
import { forgetLiveData } from '../../live/viewer.ts'
import { safeNext } from '../../paths.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorSummary } from '../../ui/error-summary.tsx'
import { Field } from '../../ui/field.tsx'
import { Input } from '../../ui/input.tsx'

/** A new installation has nobody to sign in; when the manager does not answer, signing in will say so. */
export const loader = async () => call('GET /api/setup', {}).catch(() => ({ needed: false }))

export async function action({ request }: ActionFunctionArgs) {
  const form = await request.formData()
  const body = { username: String(form.get('username')), password: String(form.get('password')) }
  try {
    await call('POST /api/auth/login', { body })
    forgetLiveData()
  } catch (error) {
    return { title: signInError(error) }
  }
  return redirect(safeNext(new URL(request.url).searchParams.get('next')))
}

export function SignInPage() {
  const failed = useActionData<typeof action>()
  const { needed } = useLoaderData<typeof loader>()
  const isBusy = useNavigation().state !== 'idle'
  return (
    <Entrance title="Sign in" heading="Sign in to rserve-proxy">
      {needed && (
        <p role="status" className="mb-4 rounded-lg border bg-sunken p-4">
          Nobody can sign in yet. Open the set-up link in the log of the manager to make the first admin.
        </p>
      )}
      <Form method="post" className="space-y-4">
        {failed && !isBusy && <ErrorSummary title={failed.title} />}
        <Field label="Name">
          {(control) => (
            <Input {...control} name="username" autoComplete="username" maxLength={64} autoCapitalize="none" required />
          )}
        </Field>
        <PasswordField name="password" />
        <div className="flex justify-end pt-2">
          <Button type="submit" look="primary" isBusy={isBusy}>
            Sign in
          </Button>
        </div>
      </Form>
    </Entrance>
  )
}

function signInError(error: unknown) {
  if (error instanceof ApiError && error.problem?.code === 'wrong-credentials') return 'Name or password is wrong.'
  const { title, detail } = errorWords(error)
  return `${title}. ${detail}`
}
