export interface Ratio {
  /** Medians of the two sides. */
  ours: number
  peer: number
  /** Median of the per-pair ratios, with the extremes. */
  ratio: number
  min: number
  max: number
  pairs: number
}

/** Pairs were measured side by side; ratios are taken within a pair, so that drift of the machine cancels out. */
export function ratioOf(pairs: { ours: number; peer: number }[]): Ratio {
  const ratios = pairs.map(({ ours, peer }) => ours / peer)
  return {
    ours: median(pairs.map(({ ours }) => ours)),
    peer: median(pairs.map(({ peer }) => peer)),
    ratio: median(ratios),
    min: Math.min(...ratios),
    max: Math.max(...ratios),
    pairs: pairs.length,
  }
}

export function median(values: number[]): number {
  if (values.length === 0) throw new RangeError('the median of nothing')
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}

/** Runs both sides `reps` times in the order ABBA, after one discarded pair. */
export async function measurePairs(reps: number, ours: () => Promise<number>, peer: () => Promise<number>) {
  const pairs: { ours: number; peer: number }[] = []
  for (let rep = 0; rep <= reps; rep++) {
    const pair = rep % 2 ? { ours: await ours(), peer: await peer() } : await peerFirst(ours, peer)
    if (rep > 0) pairs.push(pair)
  }
  return pairs
}

async function peerFirst(ours: () => Promise<number>, peer: () => Promise<number>) {
  const first = await peer()
  return { ours: await ours(), peer: first }
}
