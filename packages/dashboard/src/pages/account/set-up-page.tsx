import { type ActionFunctionArgs, Form, redirect, useActionData, useNavigation } from 'react-router-dom'
import { call } from '../../api.ts'
import { errorWords, fieldError } from '../../components/error-words.ts'
import { SetUpSteps } from '../../components/set-up-steps.tsx'
import { textOf } from '../../forms/form-values.ts'
import { NewPasswordField } from '../../forms/password-fields.tsx'
import { Entrance } from '../../layouts/entrance.tsx'
import { forgetLiveData } from '../../live/viewer.ts'
import { paths } from '../../paths.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorSummary } from '../../ui/error-summary.tsx'
import { Field } from '../../ui/field.tsx'
import { Input } from '../../ui/input.tsx'

export async function loader() {
  const { needed } = await call('GET /api/setup', {})
  return needed ? null : redirect(paths.home)
}

export async function action({ request }: ActionFunctionArgs) {
  const form = await request.formData()
  const displayName = textOf(form, 'displayName')
  try {
    await call('POST /api/setup', {
      body: {
        token: textOf(form, 'token'),
        username: textOf(form, 'username'),
        password: String(form.get('password')),
        ...(displayName && { displayName }),
      },
    })
  } catch (error) {
    const { title, detail } = errorWords(error)
    return { title, detail, username: fieldError(error, 'username'), password: fieldError(error, 'password') }
  }
  forgetLiveData()
  return redirect(paths.setUpChecks())
}

/** Behind the link in the manager's log; its token stands in the fragment, which no server sees. */
export function SetUpPage() {
  const failed = useActionData<typeof action>()
  const isBusy = useNavigation().state !== 'idle'
  const token = window.location.hash.slice(1)
  return (
    <Entrance title="Set up" heading="Set up rserve-proxy">
      <Form method="post" action={window.location.hash} className="space-y-4">
        <SetUpSteps now="Account" />
        <p className="text-ink-2">Make the first admin. Others get their accounts from you.</p>
        {failed && !isBusy && <ErrorSummary title={failed.title} detail={failed.detail} />}
        {token ? (
          <input type="hidden" name="token" value={token} />
        ) : (
          <Field label="Set-up code" hint="It is at the end of the set-up link in the log of the manager.">
            {(control) => <Input {...control} name="token" autoComplete="off" maxLength={200} required />}
          </Field>
        )}
        <Field label="Name" hint="Letters, digits, dots and hyphens. You sign in with it." error={failed?.username}>
          {(control) => (
            <Input
              {...control}
              name="username"
              autoComplete="username"
              maxLength={64}
              autoCapitalize="none"
              pattern="[A-Za-z0-9][A-Za-z0-9._\-]*"
              required
            />
          )}
        </Field>
        <Field label="Display name" isOptional>
          {(control) => <Input {...control} name="displayName" autoComplete="name" maxLength={128} />}
        </Field>
        <NewPasswordField
          name="password"
          hint="At least 8 characters; a few words are best."
          error={failed?.password}
        />
        <div className="flex justify-end pt-2">
          <Button type="submit" look="primary" isBusy={isBusy}>
            Make admin and sign in
          </Button>
        </div>
      </Form>
    </Entrance>
  )
}
