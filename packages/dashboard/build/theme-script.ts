import { readFile } from 'node:fs/promises'
import type { Plugin } from 'vite'

const source = 'src/theme-boot.js'

/** Vite hashes module scripts only; this one must be classic so that it runs before the first paint. */
export function themeScript(): Plugin {
  return {
    name: 'theme-script',
    async buildStart() {
      if (this.environment.config.command !== 'build') return
      const text = await readFile(new URL(`../${source}`, import.meta.url), 'utf8')
      this.emitFile({ type: 'asset', name: 'theme-boot.js', source: text })
    },
    transformIndexHtml: {
      order: 'post',
      handler(_html, { bundle = {} }) {
        const built = Object.values(bundle).find(
          (file) => file.type === 'asset' && file.names.includes('theme-boot.js'),
        )
        const src = built ? `/${built.fileName}` : `/${source}`
        return [{ tag: 'script', attrs: { src }, injectTo: 'head' }]
      },
    },
  }
}
