import type { ActionFunctionArgs } from 'react-router-dom'
import { call } from '../../api.ts'
import { errorWords } from '../../components/error-words.ts'
import { toastStore } from '../../ui/toast-store.ts'

export async function cancelAction({ params: { appId = '', deploymentId = '' } }: ActionFunctionArgs) {
  try {
    await call('POST /api/apps/:appId/deployments/:deploymentId/cancel', { params: { appId, deploymentId } })
  } catch (error) {
    if (error instanceof Response) throw error
    const { title, detail, reference } = errorWords(error)
    toastStore.show({ isError: true, text: `${title}. ${detail}`, reference })
  }
  return null
}
