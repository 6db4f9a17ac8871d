/** Who says on whose behalf a request comes: believed of the proxies of the settings, of nobody else. */

import type { FastifyRequest } from 'fastify'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import type { Api } from '../../src/api/parts.ts'
import { readConfig } from '../../src/config.ts'
import { freshDatabase, type TestDatabase } from '../database-for-tests.ts'
import { type ApiForTests, apiForTests } from './api-for-tests.ts'

let database: TestDatabase
const opened: ApiForTests[] = []
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(async () => {
  for (const api of opened) await api.close()
  await database.drop()
})

function routes(app: Api): void {
  app.get('/whence', {
    config: { action: 'anybody' },
    schema: { operationId: 'whence', response: { 200: z.object({ ip: z.string(), protocol: z.string() }) } },
    handler: ({ ip, protocol }: FastifyRequest) => ({ ip, protocol }),
  })
}

async function apiBehind(env: Record<string, string>): Promise<ApiForTests> {
  const api = await apiForTests(database, {
    parts: { config: readConfig(env, '/nowhere') },
    routes: [routes],
  })
  opened.push(api)
  return api
}

async function whence(api: ApiForTests, remoteAddress: string) {
  const headers = { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'https' }
  return (await api.app.inject({ url: '/api/v1/whence', remoteAddress, headers })).json()
}

it('by itself, a proxy on this machine is believed, and no other of a private network', async () => {
  const api = await apiBehind({})
  expect(await whence(api, '127.0.0.1')).toEqual({ ip: '203.0.113.9', protocol: 'https' })
  expect(api.logged()).not.toContain('TRUSTED_PROXIES')
  expect(await whence(api, '10.0.0.7')).toEqual({ ip: '10.0.0.7', protocol: 'http' })
  expect(await whence(api, '10.0.0.8')).toEqual({ ip: '10.0.0.8', protocol: 'http' })
})

it('one that is not believed is told of in the log, once and without an address', async () => {
  const api = await apiBehind({})
  await whence(api, '198.51.100.4')
  await whence(api, '198.51.100.4')
  expect(api.logged().match(/TRUSTED_PROXIES/g)).toHaveLength(1)
  expect(api.logged()).not.toMatch(/198\.51|203\.0/)
})

it('those that TRUSTED_PROXIES names are believed', async () => {
  const api = await apiBehind({ TRUSTED_PROXIES: '172.18.0.0/16, 10.0.0.7' })
  expect(await whence(api, '172.18.4.4')).toMatchObject({ ip: '203.0.113.9' })
  expect(await whence(api, '10.0.0.7')).toMatchObject({ ip: '203.0.113.9' })
  expect(await whence(api, '127.0.0.1')).toMatchObject({ ip: '127.0.0.1' })
})
