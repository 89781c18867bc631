import type { Store } from '../repositories/store.ts'

/** Login sessions and tokens alike, also one that is being opened at this moment: its epoch is already past. */
export async function endEverySignIn(tx: Store, userId: string): Promise<void> {
  await tx.users.raiseEpoch(userId)
  await tx.loginSessions.revokeAllOf(userId)
  await tx.tokens.revokeAllOf(userId)
}
