/** A worker in this process: what its port answers, and what it does not. */

import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { openLog } from '../../src/log.ts'
import { type Service, startServer } from '../../src/server.ts'
import { freshDatabaseUrl } from '../database-for-tests.ts'

const token = 'a token of the monitoring, long enough'
const stops: (() => Promise<void>)[] = []
let home: string
let env: Record<string, string>
beforeAll(async () => {
  const { url, drop } = await freshDatabaseUrl()
  stops.push(drop)
  home = await mkdtemp(join(tmpdir(), 'ecellar-tock-probes-'))
  stops.push(() => rm(home, { recursive: true }))
  const ENCRYPTION_KEY = randomBytes(32).toString('base64')
  env = { DATABASE_URL: url, ECELLAR_TOCK_DATA: home, ENCRYPTION_KEY, METRICS_TOKEN: token }
})
afterAll(async () => {
  for (const stop of stops.reverse()) await stop()
})

async function startWorker(more: Record<string, string>): Promise<Service> {
  const log = openLog({ level: 'silent' })
  const service = await startServer(readConfig({ ...env, ...more }, home), { api: false, pulls: 1, log })
  stops.push(() => service.stop())
  return service
}

describe('a worker', () => {
  it('has no port, unless one is set', async () => {
    expect((await startWorker({})).address).toBe(null)
  })

  it('answers with WORKER_PORT whether it lives and is ready, and figures for the token alone', async () => {
    const { address } = await startWorker({ WORKER_PORT: '0' })
    const ask = (path: string, headers: Record<string, string> = {}) =>
      fetch(`${address}${path}`, { headers })
    expect(await (await ask('/healthz')).json()).toEqual({ alive: true })
    expect(await (await ask('/readyz')).json()).toMatchObject({ ready: true })
    const figures = await ask('/metrics', { authorization: `Bearer ${token}` })
    expect(await figures.text()).toContain('ecellar_tock_pulls_waiting 0')
    for (const headers of [{}, { authorization: 'Bearer another' }]) {
      const refused = await ask('/metrics', headers)
      expect(refused.status).toBe(401)
      expect(await refused.json()).toMatchObject({ code: 'not_signed_in' })
    }
    for (const path of ['/', '/api/v1/me', '/api/auth/get-session', '/api/v1/openapi.json']) {
      expect((await ask(path)).status, path).toBe(404)
    }
  })
})
