/** "820 kB", "1.4 MB": decimal units, as file managers show them. */
export function sizeText(bytes: number) {
  if (bytes < 1_000) return `${bytes} bytes`
  if (bytes < 1_000_000) return `${Math.round(bytes / 1_000)} kB`
  if (bytes < 1_000_000_000)
    return bytes < 10_000_000 ? `${(bytes / 1_000_000).toFixed(1)} MB` : `${Math.round(bytes / 1_000_000)} MB`
  return `${(bytes / 1_000_000_000).toFixed(1)} GB`
}

/** "512 MiB", "1 GiB": memory limits are powers of two. */
export function memoryText(bytes: number) {
  const mib = Math.round(bytes / 2 ** 20)
  return mib >= 1_024 ? `${Number((mib / 1_024).toFixed(1))} GiB` : `${mib} MiB`
}
