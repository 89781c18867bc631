import type { AuditAction } from '@rserve-proxy/contract/audit.ts'
import type { NewAuditEvent } from '../repositories/audit.ts'
import type { Caller, Principal } from './principal.ts'

export type Act = Omit<NewAuditEvent, 'action'> & { action: AuditAction }

/** The act of somebody who is known; written in the transaction of the act itself. */
export const actOf = (principal: Principal, action: AuditAction, about: Partial<NewAuditEvent> = {}): Act => ({
  actorId: principal.userId,
  actorName: principal.username,
  auth: principal.via,
  tokenId: principal.tokenId,
  ...from(principal.caller),
  result: 'success',
  ...about,
  action,
})

/** Of somebody who has not proved who he is; `name` is what he said. */
export const actOfStranger = (
  caller: Caller,
  name: string | null,
  action: AuditAction,
  about: Partial<NewAuditEvent> = {},
): Act => ({
  actorId: null,
  actorName: name?.slice(0, 64) ?? null,
  auth: 'none',
  ...from(caller),
  result: 'failed',
  ...about,
  action,
})

/** Of whoever has a shell on the machine. */
export const actAtConsole = (action: AuditAction, about: Partial<NewAuditEvent> = {}): Act => ({
  actorId: null,
  actorName: null,
  auth: 'console',
  result: 'success',
  ...about,
  action,
})

const from = ({ address, requestId }: Caller) => ({ address, requestId })

export const onApp = ({ id, slug }: { id: string; slug: string }) => ({
  objectType: 'app',
  objectId: id,
  objectName: slug,
  appId: id,
})

export const onUser = ({ id, username }: { id: string; username: string }) => ({
  objectType: 'user',
  objectId: id,
  objectName: username,
})
