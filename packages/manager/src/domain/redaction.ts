/** Shorter ones are words of every log. */
const shortestSecret = 6

/** How a secret may show up: as it is, in base64 at any place of a longer text, and encoded for an address. */
export function secretForms(secret: string): string[] {
  if (secret.length < shortestSecret) return []
  const bytes = Buffer.from(secret)
  // In base64 the text depends on how many bytes stand before it; the ends, which its neighbours shape, are left out.
  const shifted = [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replace(/=+$/, '')
    return text.slice(Math.ceil((shift * 4) / 3), Math.floor(((shift + bytes.length) * 4) / 3))
  })
  const base64 = [...shifted, ...shifted.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'))]
  return [...new Set([secret, encodeURIComponent(secret), ...base64])]
}

/** Longest first, or a part of one would hide the rest of another. */
export const redacted = (line: string, hidden: string[]) =>
  hidden.reduce((text, secret) => text.replaceAll(secret, '[secret]'), line)
