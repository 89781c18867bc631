const read = (name: string) => {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set: scripts/test e2e starts a stack and sets it`)
  return value
}

/** The running stack that scripts/test started; its settings are the .env of that run. */
export const stack = {
  url: read('E2E_URL'),
  adminPassword: read('E2E_ADMIN_PASSWORD'),
  /** First part of the names of its containers and networks. */
  project: read('COMPOSE_PROJECT_NAME'),
  networkPrefix: read('NETWORK_PREFIX'),
  webPort: Number(read('WEB_PORT')),
  traefikPort: Number(read('TRAEFIK_DASHBOARD_PORT')),
  /** Folder with ca.pem, git.pem and git.key, which the stack trusts. */
  certificates: read('E2E_CERTIFICATES'),
  /** Whatever a test makes carries them, so that the run removes it even when the test was killed. */
  labels: { 'rserve-proxy.io/instance': read('INSTALLATION_ID') },
}
