/** Why a build or a deployment failed: one closed list. `title` is a sentence for people, `advice` says what to do. */
export const failures = {
  interrupted: { title: 'The manager stopped while this ran', advice: 'Deploy again.' },
  'timed-out': { title: 'It took too long', advice: 'Look at the last lines of the log, then deploy again.' },
  silent: {
    title: 'It went silent',
    advice: 'A command that waits for input, or that never ends, hangs a build: look at the last lines of the log.',
  },
  'source-unreachable': { title: 'The repository cannot be reached', advice: 'Check the address and the branch.' },
  'ssrf-blocked': {
    title: 'The repository is at a private address',
    advice: 'Ask an admin to add its host to GIT_ALLOWED_HOSTS.',
  },
  'source-needs-auth': { title: 'The repository asks for a password', advice: 'Use a public repository or an upload.' },
  'source-unsafe': { title: 'The code holds something that cannot be deployed', advice: 'Remove it and deploy again.' },
  'entry-not-regular': {
    title: 'The entry script is missing or is not a file',
    advice: 'Add it, or change the entry script in the settings.',
  },
  'repository-unreachable': {
    title: 'The package repository cannot be reached',
    advice: 'Try again; ask an admin to check R_REPOSITORY.',
  },
  'package-not-found': { title: 'A package does not exist in the repository', advice: 'Check its name and version.' },
  'package-download-failed': { title: 'A package could not be downloaded', advice: 'Try again.' },
  'package-source-refused': {
    title: 'A package comes from where builds take nothing',
    advice: 'Use CRAN, Bioconductor, GitHub, GitLab or Bitbucket.',
  },
  'r-version-not-offered': {
    title: 'The R version of the lock file is not offered',
    advice: 'Choose an offered version in the settings, or ask an admin for this one.',
  },
  'package-undeclared': { title: 'A package is used but not listed', advice: 'Add it to the packages of the app.' },
  'package-compile-failed': { title: 'A package could not be compiled', advice: 'Read the build log for its errors.' },
  'system-library-missing': {
    title: 'A system library is missing',
    advice: 'Add the system package that contains it to the app.',
  },
  'disk-full': { title: 'The disk is full', advice: 'Ask an admin to free space.' },
  'out-of-memory': { title: 'It ran out of memory', advice: 'Raise the memory limit or load less.' },
  'out-of-resources': {
    title: 'The machine has not enough memory or disk',
    advice: 'Stop something, or ask an admin.',
  },
  'code-does-not-load': { title: 'The code does not load', advice: 'Fix the error below and deploy again.' },
  'unsupported-framework': {
    title: 'This framework is not supported',
    advice: 'Expose functions with Rserve: define oc.init() or .http.request().',
  },
  'never-healthy': {
    title: 'The app started but never answered',
    advice: 'Check that it serves in the mode that the app is set to.',
  },
  'secret-unreadable': { title: 'A secret cannot be read', advice: 'Set it again.' },
  'engine-failed': { title: 'The engine refused', advice: 'Ask an admin to look at the log of the manager.' },
} as const

export type FailureCode = keyof typeof failures
