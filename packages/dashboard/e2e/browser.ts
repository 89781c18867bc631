import { type Browser, chromium } from 'playwright-core'

/** The installed Chromium; nothing is downloaded, and it calls nobody. `here`: names that lead to this machine, whose certificates are trusted. */
export function openBrowser(here: string[] = []): Promise<Browser> {
  const executablePath = process.env.CHROMIUM_PATH
  if (!executablePath) throw new Error('CHROMIUM_PATH is not set: scripts/test e2e sets it')
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-quic',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...trusting(here),
    ],
  })
}

/** By the key of the certificate: with errors merely ignored a page would be no secure context. */
function trusting(names: string[]): string[] {
  const { TEST_CERTIFICATE_PIN } = process.env
  if (names.length === 0 || !TEST_CERTIFICATE_PIN) return []
  const rules = names.map((name) => `MAP ${name} 127.0.0.1`).join(', ')
  return [`--host-resolver-rules=${rules}`, `--ignore-certificate-errors-spki-list=${TEST_CERTIFICATE_PIN}`]
}
