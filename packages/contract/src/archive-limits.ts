/** Limits on bytes produced, not on what an archive declares. */
export const archiveLimits = {
  archiveBytes: 100 * 2 ** 20,
  totalBytes: 500 * 2 ** 20,
  entries: 10_000,
  depth: 32,
  /** Unpacked bytes for each packed byte, counted after the first 10 MiB. */
  ratio: 100,
} as const
