import { expect, it } from 'vitest'
import { redacted, secretForms } from './redaction.ts'

const secret = 'tök/en+123=?'

it.each([
  ['as it is', secret],
  ['for an address', encodeURIComponent(secret)],
  ['in base64, alone', Buffer.from(secret).toString('base64').replace(/=+$/, '')],
  ['in base64, after a user', Buffer.from(`user:${secret}`).toString('base64')],
  ['in base64, after another user', Buffer.from(`users:${secret}!`).toString('base64')],
  ['in base64url', Buffer.from(`u:${secret}`).toString('base64url')],
])('hides a secret %s', (_, shown) => {
  const line = redacted(`before ${shown} after`, secretForms(secret))
  expect(line).toMatch(/^before \S*\[secret\]\S* after$/)
  expect(line.length).toBeLessThan('before [secret] after'.length + 12)
})

it('leaves words of every log alone', () => {
  expect(secretForms('short')).toEqual([])
})
