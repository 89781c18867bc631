/** The repository that the test run names, or the one that the base image was built with. */
export function cranOfTestRun(): { repository: string | undefined; extraHosts: string[] } {
  const { R_REPOSITORY: repository, BUILD_EXTRA_HOSTS: hosts = '' } = process.env
  return { repository: repository || undefined, extraHosts: hosts.split(/[ ,]+/).filter((pair) => pair !== '') }
}
