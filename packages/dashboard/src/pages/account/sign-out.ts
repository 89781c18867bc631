import { redirect } from 'react-router-dom'
import { call } from '../../api.ts'
import { patterns } from '../../paths.ts'

export async function action() {
  await call('POST /api/auth/logout', {})
  return redirect(patterns.signIn)
}
