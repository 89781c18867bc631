/** Every error on the wire (RFC 9457): code → HTTP status and title. */
export const problems = {
  'invalid-request': { status: 400, title: 'The request is not valid' },
  'slug-reserved': { status: 400, title: 'This address is reserved' },
  'unsafe-archive': { status: 400, title: 'The archive holds something unsafe' },
  'not-an-archive': { status: 400, title: 'The archive cannot be read' },
  'entry-script-missing': { status: 400, title: 'The entry script is missing' },
  'r-version-not-offered': { status: 400, title: 'This R version is not offered' },
  'not-signed-in': { status: 401, title: 'Sign in first' },
  'wrong-credentials': { status: 401, title: 'Name or password is wrong' },
  'token-expired': { status: 401, title: 'This token has expired' },
  'not-allowed': { status: 403, title: 'Not allowed' },
  'foreign-origin': { status: 403, title: 'The request comes from another site' },
  'setup-token-wrong': { status: 403, title: 'The set-up link is not valid' },
  'current-password-wrong': { status: 403, title: 'The current password is wrong' },
  'password-needed': { status: 403, title: 'Give your password once more' },
  'https-required': { status: 403, title: 'HTTPS is required' },
  'no-such-endpoint': { status: 404, title: 'No such endpoint' },
  'app-not-found': { status: 404, title: 'No such app' },
  'deployment-not-found': { status: 404, title: 'No such deployment' },
  'release-not-found': { status: 404, title: 'No such release' },
  'credential-not-found': { status: 404, title: 'No such credential' },
  'session-not-found': { status: 404, title: 'No such session' },
  'token-not-found': { status: 404, title: 'No such token' },
  'user-not-found': { status: 404, title: 'No such user' },
  'collaborator-not-found': { status: 404, title: 'No such collaborator' },
  'login-session-not-found': { status: 404, title: 'No such sign-in' },
  'already-set-up': { status: 409, title: 'The installation is set up' },
  'username-taken': { status: 409, title: 'This name is taken' },
  'quota-exceeded': { status: 409, title: 'A limit is reached' },
  'last-admin': { status: 409, title: 'This is the last admin' },
  'own-account': { status: 409, title: 'This is your own account' },
  'user-owns-apps': { status: 409, title: 'This user owns apps' },
  'token-limit': { status: 409, title: 'Too many tokens' },
  'slug-taken': { status: 409, title: 'This address is taken' },
  'app-busy': { status: 409, title: 'The app is busy' },
  'nothing-to-deploy': { status: 409, title: 'Nothing to deploy' },
  'source-is-git': { status: 409, title: 'The code comes from git' },
  'out-of-resources': { status: 409, title: 'Not enough resources' },
  'idempotency-key-reused': { status: 409, title: 'This idempotency key was used for another request' },
  'release-expired': { status: 409, title: 'The image of this release is gone' },
  'lock-not-recorded': { status: 409, title: 'This release has no lock' },
  'too-many-credentials': { status: 409, title: 'Too many credentials' },
  'not-draining': { status: 409, title: 'Nothing is draining' },
  'already-switched': { status: 409, title: 'Too late to cancel' },
  'changed-meanwhile': { status: 412, title: 'Changed meanwhile' },
  'too-large': { status: 413, title: 'Too large' },
  'uri-too-long': { status: 414, title: 'The address is too long' },
  'unsupported-media-type': { status: 415, title: 'Unsupported media type' },
  'source-unreadable': { status: 422, title: 'The repository cannot be read' },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  internal: { status: 500, title: 'Something went wrong' },
  'spawner-failed': { status: 500, title: 'The engine refused' },
  'database-unavailable': { status: 503, title: 'The database does not answer' },
  'spawner-unavailable': { status: 503, title: 'The engine does not answer' },
  'not-leader': { status: 503, title: 'This manager stands by' },
  'shutting-down': { status: 503, title: 'The manager is shutting down' },
  'disk-full': { status: 507, title: 'The disk is full' },
} as const

export type ProblemCode = keyof typeof problems

export interface ProblemOptions {
  /** One sentence: what happened and what to check. */
  detail?: string
  errors?: { path: string; message: string }[]
  /** Of 'too-many-requests' and 503: when it may work. */
  retryAfterSeconds?: number
  cause?: unknown
}

/** Thrown anywhere below HTTP; `http/plugins/problems.ts` alone turns it into a response. */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly code: ProblemCode
  readonly detail: string | undefined
  readonly errors: { path: string; message: string }[] | undefined
  readonly retryAfterSeconds: number | undefined

  constructor(code: ProblemCode, options: ProblemOptions = {}) {
    super(options.detail ?? problems[code].title, { cause: options.cause })
    this.code = code
    this.detail = options.detail
    this.errors = options.errors
    this.retryAfterSeconds = options.retryAfterSeconds
  }
}

/** The body of an error response. */
export interface ProblemBody {
  type: string
  title: string
  status: number
  detail?: string
  instance?: string
  code: ProblemCode
  errors?: { path: string; message: string }[]
}
