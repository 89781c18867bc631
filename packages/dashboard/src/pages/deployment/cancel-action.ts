import type { ActionFunctionArgs } from 'react-router-dom'
import { call } from '../../api.ts'
import { toastFailure } from '../../components/verb-failure.ts'

export async function cancelAction({ params: { appId = '', deploymentId = '' } }: ActionFunctionArgs) {
  try {
    await call('POST /api/apps/:appId/deployments/:deploymentId/cancel', { params: { appId, deploymentId } })
  } catch (error) {
    return toastFailure(error)
  }
  return null
}
