import { fileURLToPath } from 'node:url'

/** Beside this file in the source, beside main.js in the bundle. */
export const migrationsFolder = fileURLToPath(new URL('./migrations', import.meta.url))
