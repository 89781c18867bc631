import { SquareTerminal } from 'lucide-react'
import { type ActionFunctionArgs, Form, redirect, useActionData, useNavigation } from 'react-router-dom'
import { ApiError, call } from '../../api.ts'
import { errorWords } from '../../components/error-words.ts'
import { forgetLiveData } from '../../live-loader.ts'
import { safeNext } from '../../paths.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorSummary } from '../../ui/error-summary.tsx'
import { Field } from '../../ui/field.tsx'
import { Input } from '../../ui/input.tsx'

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
  const isBusy = useNavigation().state !== 'idle'
  return (
    <main className="flex min-h-screen items-center justify-center p-3">
      <title>Sign in · rserve-proxy</title>
      <div className="w-full max-w-100 rounded-xl border bg-surface p-6">
        <div className="mb-6 flex items-center gap-2">
          <SquareTerminal aria-hidden className="size-6 text-accent-ink" />
          <h1 className="text-xl font-semibold">Sign in to rserve-proxy</h1>
        </div>
        <Form method="post" className="space-y-4">
          {failed && !isBusy && <ErrorSummary title={failed.title} />}
          <Field label="Name">
            {(control) => (
              <Input
                {...control}
                name="username"
                autoComplete="username"
                maxLength={64}
                autoCapitalize="none"
                required
              />
            )}
          </Field>
          <Field label="Password">
            {(control) => (
              <Input
                {...control}
                name="password"
                type="password"
                autoComplete="current-password"
                maxLength={256}
                required
              />
            )}
          </Field>
          <div className="flex justify-end pt-2">
            <Button type="submit" look="primary" isBusy={isBusy}>
              Sign in
            </Button>
          </div>
        </Form>
      </div>
    </main>
  )
}

function signInError(error: unknown) {
  if (error instanceof ApiError && error.problem?.code === 'wrong-credentials') return 'Name or password is wrong.'
  const { title, detail } = errorWords(error)
  return `${title}. ${detail}`
}
