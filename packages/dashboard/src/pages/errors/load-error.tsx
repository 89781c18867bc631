import { CircleX } from 'lucide-react'
import { isRouteErrorResponse, useRevalidator, useRouteError } from 'react-router-dom'
import { ApiError } from '../../api.ts'
import { errorWords } from '../../components/error-words.ts'
import { LinkButton } from '../../components/link-button.tsx'
import { paths } from '../../paths.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/card.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'

/** What a page shows when its data cannot be had. */
export function LoadError() {
  const error = useRouteError()
  const { revalidate, state } = useRevalidator()
  if (isNotFound(error)) return <NotFound />
  const { title, detail, reference } = errorWords(error)
  return (
    <>
      <title>{`${title} · rserve-proxy`}</title>
      <h1 className="sr-only">{title}</h1>
      <Notice
        isAlert
        hue="danger"
        icon={<CircleX aria-hidden className="size-4" />}
        title={title}
        verbs={
          <Button isBusy={state === 'loading'} onClick={() => revalidate()}>
            Try again
          </Button>
        }
      >
        <p>{detail}</p>
        {reference && <p className="font-mono text-xs">{reference}</p>}
      </Notice>
    </>
  )
}

export const NotFound = () => (
  <>
    <title>Nothing here · rserve-proxy</title>
    <h1 className="text-xl font-semibold">Nothing at this address</h1>
    <EmptyState text="Deleted, or somebody else's.">
      <LinkButton to={paths.apps()} look="primary">
        Go to apps
      </LinkButton>
    </EmptyState>
  </>
)

function isNotFound(error: unknown) {
  if (isRouteErrorResponse(error)) return error.status === 404
  // An id in the address that is none is refused as malformed; for people that is the same.
  return error instanceof ApiError && (error.status === 404 || error.status === 400)
}
