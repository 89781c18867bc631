// Prints "passed failed" of one stage: from vitest's JSON report, else from lines "ok …" and "not ok …" in its log, else
// the stage itself counts as one.
// usage: node count-tests.ts REPORT LOG EXIT_STATUS
import { readFile } from 'node:fs/promises'

interface Report {
  numPassedTests: number
  numFailedTests: number
}

const [reportFile = '', logFile = '', exitStatus] = process.argv.slice(2)
const hasFailed = exitStatus !== '0'
const { passed, failed } = (await fromReport()) ?? (await fromLog())
// A file that could not be loaded or a crash has no failed test, and is a failure all the same.
console.log(passed + (hasFailed || passed + failed > 0 ? 0 : 1), hasFailed ? Math.max(failed, 1) : failed)

async function fromReport() {
  const text = await readFile(reportFile, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (text === undefined) return undefined
  const report: Report = JSON.parse(text)
  return { passed: report.numPassedTests, failed: report.numFailedTests }
}

async function fromLog() {
  const lines = (await readFile(logFile, 'utf8')).split('\n')
  return {
    passed: lines.filter((line) => line.startsWith('ok ')).length,
    failed: lines.filter((line) => line.startsWith('not ok ')).length,
  }
}
