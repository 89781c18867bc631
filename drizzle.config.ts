import { defineConfig } from 'drizzle-kit'

export default defineConfig({
  dialect: 'postgresql',
  schema: './packages/manager/src/db/schema.ts',
  out: './packages/manager/src/db/migrations',
})
