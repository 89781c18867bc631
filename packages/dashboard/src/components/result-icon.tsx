import type { Deployment } from '@rserve-proxy/contract/deployments.ts'
import { isPending } from '@rserve-proxy/contract/pending.ts'
import failed from './icon-failed.svg'
import live from './icon-live.svg'
import working from './icon-working.svg'

/** The icon of the tab tells the result from afar, until another page is shown. */
export function ResultIcon({ status }: Pick<Deployment, 'status'>) {
  const href = status === 'live' ? live : status === 'failed' ? failed : isPending(status) ? working : undefined
  return href ? <link rel="icon" type="image/svg+xml" href={href} /> : null
}
