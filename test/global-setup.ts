/** Starts one PostgreSQL for all test files: the embedded one in a folder of its own, or what TEST_DATABASE_URL names. */

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    testServerUrl: string
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.TEST_DATABASE_URL
  if (given) {
    project.provide('testServerUrl', given)
    return async () => {}
  }
  const { joinEmbeddedServer } = await import('../src/database/embedded-server.ts')
  const dataDir = await mkdtemp(join(tmpdir(), 'ecellar-tock-tests-'))
  const server = await joinEmbeddedServer({ dataDir })
  project.provide('testServerUrl', server.url)
  return async () => {
    await server.leave()
    await rm(dataDir, { recursive: true, force: true })
  }
}
