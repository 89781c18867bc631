import type { Scope, Token } from '@rserve-proxy/contract/tokens.ts'

export const scopeWords: Record<Scope, { label: string; hint: string }> = {
  read: { label: 'Read', hint: 'See apps, logs and deployments' },
  deploy: { label: 'Deploy', hint: 'Also deploy, start, stop and roll back' },
  manage: { label: 'Manage', hint: 'Also make apps and change their settings' },
  admin: { label: 'Admin', hint: 'Also the apps of others, system and audit' },
}

const order: Scope[] = ['read', 'deploy', 'manage', 'admin']

/** The widest, which holds the others. */
export const widestScope = ({ scopes }: Pick<Token, 'scopes'>): Scope =>
  order.findLast((scope) => scopes.includes(scope)) ?? 'read'

/** It and the narrower ones, which it holds. */
export function scopesUpTo(widest: string): Scope[] {
  const scope = order.find((known) => known === widest) ?? 'read'
  return order.slice(0, order.indexOf(scope) + 1)
}

/** A deploy from a terminal or a pipeline, in one call. */
export const deploySnippet = (
  origin: string,
  token: string,
  slug = 'my-app',
) => `tar czf - . | curl -fsS '${origin}/api/deploy/${slug}?create=true&wait=60' \\
  -H 'Authorization: Bearer ${token}' \\
  -H 'Content-Type: application/gzip' --data-binary @-`
