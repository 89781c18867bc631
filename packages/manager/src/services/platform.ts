/** What is the same for every app of this installation. */
export interface Platform {
  /** `http://localhost:8880`, without a slash at its end. */
  appsUrl: string
  /** Host names, without ports, on which apps answer. */
  appHosts: string[]
  /** Traefik's entrypoint for apps. */
  entryPoint: string
  /** Apps share the dashboard's origin. */
  isSingleOrigin: boolean
  /** `10.213.0.0/16` */
  networkBase: string
  bakeMs: number
  /** Service of Traefik that answers for an app that cannot; undefined = Traefik's own page. */
  standIn: string | undefined
}

export const appUrl = (platform: Platform, slug: string) => `${platform.appsUrl}/${slug}/`
