import { useLoaderData, useRevalidator } from 'react-router-dom'
import { ApiError, call } from '../../api.ts'
import { errorWords } from '../../components/error-words.ts'
import { Findings } from '../../components/findings.tsx'
import { LinkButton } from '../../components/link-button.tsx'
import { SetUpSteps } from '../../components/set-up-steps.tsx'
import { StatusMark } from '../../components/status-mark.tsx'
import { Entrance } from '../../layouts/entrance.tsx'
import { paths } from '../../paths.ts'
import { Button } from '../../ui/button.tsx'

export async function loader() {
  try {
    return { engine: (await call('GET /api/system', {})).engine, error: undefined }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return { engine: undefined, error: errorWords(error) }
  }
}

/** What an app needs of the machine, looked at live; all of it can be skipped. */
export function SetUpChecksPage() {
  const { engine, error } = useLoaderData<typeof loader>()
  const { revalidate, state } = useRevalidator()
  const wrong = engine?.findings.filter(({ ok }) => !ok).length ?? 0
  const isReady = engine?.answers === true && wrong === 0
  return (
    <Entrance title="Checks" heading="Is everything ready?">
      <SetUpSteps now="Checks" />
      <div className="space-y-4">
        <p role="status" className="flex gap-2">
          <span className="mt-0.5">
            <StatusMark {...(isReady ? { icon: 'check', hue: 'success' } : { icon: 'triangle', hue: 'warning' })} />
          </span>
          {isReady
            ? 'The engine answers, and nothing is missing.'
            : error
              ? `${error.title}. ${error.detail}`
              : engine?.answers
                ? `${wrong === 1 ? '1 check fails' : `${wrong} checks fail`}: apps may not start until that is mended.`
                : 'The engine does not answer: apps cannot start until it does.'}
        </p>
        {engine && <Findings findings={engine.findings} />}
        <div className="flex flex-wrap justify-end gap-2 pt-2">
          <Button look="quiet" isBusy={state !== 'idle'} onClick={() => revalidate()}>
            Look again
          </Button>
          <LinkButton to={paths.apps()} look="quiet">
            Skip
          </LinkButton>
          <LinkButton to={paths.newApp({ from: 'sample' })} look="primary">
            Deploy the sample
          </LinkButton>
        </div>
      </div>
    </Entrance>
  )
}
