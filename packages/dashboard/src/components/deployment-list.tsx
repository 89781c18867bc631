import type { Deployment } from '@rserve-proxy/contract/deployments.ts'
import { Link } from 'react-router-dom'
import { RelativeTime } from '../ui/time.tsx'
import { deploymentLooks, deploymentSummary } from './deployment-words.ts'
import { StatusMark } from './status-mark.tsx'

interface DeploymentListProps {
  deployments: Deployment[]
  addressOf: (deployment: Deployment) => string
}

export const DeploymentList = ({ deployments, addressOf }: DeploymentListProps) => (
  <ul className="divide-y">
    {deployments.map((deployment) => (
      <li key={deployment.id} className="flex min-h-9 items-center gap-2 py-1.5">
        <StatusMark {...markOf(deployment)} />
        <Link to={addressOf(deployment)} className="min-w-0 flex-1 hover:underline">
          {deploymentSummary(deployment)}
        </Link>
        <span className="text-sm text-ink-3">
          <RelativeTime iso={deployment.createdAt} />
        </span>
      </li>
    ))}
  </ul>
)

const markOf = ({ status }: Deployment) => {
  const { icon, hue } = deploymentLooks[status]
  return { icon, hue }
}
