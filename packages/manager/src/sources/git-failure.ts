import type { GitResult } from './git-command.ts'
import { SourceFailed } from './source-failed.ts'

type Row = [pattern: RegExp, code: SourceFailed['code'], say: (host: string) => string]

/** First matching row wins; git speaks English because LC_ALL is C. */
const rows: Row[] = [
  [
    /could not read Username|Authentication failed|terminal prompts disabled|returned error: 40[13]/,
    'source-needs-auth',
    (host) => `${host} asks for a user and password, or the repository does not exist.`,
  ],
  [/Operation too slow|Operation timed out|timed out after/, 'timed-out', (host) => `${host} answered too slowly.`],
  [
    /certificate|SSL/,
    'source-unreachable',
    (host) => `The certificate of ${host} is not trusted; an admin can name its CA in EXTRA_CA_FILE.`,
  ],
  [/not found|returned error: 404/, 'source-unreachable', (host) => `There is no such repository at ${host}.`],
  [
    /returned error: 30\d|redirect/,
    'source-unreachable',
    (host) => `${host} sends us elsewhere, too often or to an address that is not allowed.`,
  ],
  [/No space left on device/, 'disk-full', () => 'The disk is full.'],
  [/fsck error|invalid path|bad object/, 'source-unsafe', () => 'The repository holds objects that git refuses.'],
]

export function gitFailure(result: GitResult, host: string): SourceFailed {
  const row = rows.find(([pattern]) => pattern.test(result.stderr))
  const said = firstComplaint(result.stderr)
  if (!row) return new SourceFailed('source-unreachable', `git could not read from ${host}: ${said}`)
  const [, code, say] = row
  return new SourceFailed(code, `${say(host)} git said: ${said}`)
}

/** The first complaint; what follows are its consequences. */
function firstComplaint(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '')
  const complaint = lines.find((line) => /^(fatal|error|remote):/.test(line)) ?? lines.at(-1) ?? 'nothing'
  return complaint.slice(0, 300)
}
