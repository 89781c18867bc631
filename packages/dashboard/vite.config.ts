import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'
import { chunkGroups } from './build/chunk-groups.ts'
import { precompress } from './build/precompress.ts'
import { themeScript } from './build/theme-script.ts'

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), tailwindcss(), themeScript(), precompress()],
  server: { port: 5173, proxy: { '/api': 'http://127.0.0.1:3000' } },
  build: {
    target: 'es2022',
    // The first releases that know light-dark(); with older targets the minifier rewrites it.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // The CSP allows no data: address.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { output: { codeSplitting: { groups: chunkGroups } } },
  },
  test: {
    name: 'dashboard',
    include: ['src/**/*.test.{ts,tsx}', 'test/**/*.test.{ts,tsx}'],
    environment: 'jsdom',
    // One document for all files: half the time, and each test cleans up after itself.
    isolate: false,
    sequence: { groupOrder: 2 },
    setupFiles: ['test/setup.ts'],
    testTimeout: 20_000,
  },
})
