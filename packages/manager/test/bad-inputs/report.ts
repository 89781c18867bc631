/** What became of the cases of one area. */
interface Tally {
  asExpected: number
  otherwise: string[]
  skipped: Map<string, number>
}

/** Counts by area, with the reasons for what was not sent. */
export function createReport() {
  const tallies = new Map<string, Tally>()
  const of = (area: string) => {
    const tally: Tally = tallies.get(area) ?? { asExpected: 0, otherwise: [], skipped: new Map() }
    tallies.set(area, tally)
    return tally
  }
  return {
    asExpected(area: string) {
      of(area).asExpected += 1
    },
    otherwise(area: string, id: string) {
      of(area).otherwise.push(id)
    },
    skipped(area: string, reason: string) {
      const { skipped } = of(area)
      skipped.set(reason, (skipped.get(reason) ?? 0) + 1)
    },
    text(): string {
      const rows = [...tallies].map(([area, { asExpected, otherwise, skipped }]) => {
        const reasons = [...skipped].map(([reason, count]) => `${count} ${reason}`)
        const wrong = otherwise.length > 0 ? `  otherwise: ${otherwise.join(', ')}` : ''
        const left = reasons.length > 0 ? `  skipped: ${reasons.join('; ')}` : ''
        return `${area.padEnd(12)} ${String(asExpected).padStart(4)} as expected ${String(otherwise.length).padStart(3)} otherwise${wrong}${left}`
      })
      return ['Bad inputs', ...rows].join('\n')
    },
  }
}
