/** What the public page of a slug without a healthy replica may say. */
export interface StoppedPageService {
  stateOf(slug: string): Promise<'not-found' | 'stopped' | 'starting' | 'failed'>
}
