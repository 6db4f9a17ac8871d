/** A door with routes of the tests' own behind it, a winery, a neighbour, and somebody of each kind who asks. */

import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { sql } from 'kysely'
import { afterAll, beforeAll } from 'vitest'
import { z } from 'zod'
import { openSecrets } from '../../src/access/secrets.ts'
import { pageOfList } from '../../src/api/paging.ts'
import type { Api } from '../../src/api/parts.ts'
import { readConfig } from '../../src/config.ts'
import { guestEmail, guestName, guestText } from '../../src/contract/api/guest-data.ts'
import { pageOf, pageQuery } from '../../src/contract/api/paging.ts'
import { wineryParams } from '../../src/contract/api/parts.ts'
import { Refusal } from '../../src/contract/errors.ts'
import { addWinery } from '../../src/crm/wineries.ts'
import { inWinery } from '../../src/database/tenant-session.ts'
import { actor } from '../actor.ts'
import { freshDatabase, type TestDatabase } from '../database-for-tests.ts'
import { type ApiForTests, apiForTests } from './api-for-tests.ts'
import { person } from './people.ts'

export type Door = {
  database: TestDatabase
  api: ApiForTests
  /** Lets what `/slow` is asked for go on. */
  started: PromiseWithResolvers<void>
}

export const secretish = 'ada.lovelace@example.com'
export const things = 'wineries/juniper-hill/things'
export const thing = { email: secretish, size: 3 }

/** One per test file. */
export function useDoor(): Door {
  const world = { started: Promise.withResolvers<void>() } as Door
  beforeAll(async () => {
    world.database = await freshDatabase()
    const own = await addWinery(world.database.db, { slug: 'juniper-hill', name: 'Juniper Hill' }, actor)
    await addWinery(world.database.db, { slug: 'neighbour', name: 'Neighbour' }, actor)
    const wineryId = own.winery.winery_id
    const config = readConfig({ ENCRYPTION_KEY: randomBytes(32).toString('base64') }, tmpdir())
    const secrets = await openSecrets({ db: world.database.db, config, note: () => {} })
    world.api = await apiForTests(world.database, {
      parts: { secrets },
      routes: [routesOf(world)],
      people: [
        ['support', person('support')],
        ['curious support', { ...person('support'), guestsOf: [wineryId] }],
        ['admin', person('winery admin', { wineryId })],
        ['viewer', person('viewer', { wineryId })],
        ['key', { ...person('winery admin', { wineryId }), kind: 'api-key', scopes: ['pulls.read'] }],
        [
          'writing key',
          { ...person('winery admin', { wineryId }), kind: 'api-key', scopes: ['settings.write'] },
        ],
      ],
    })
  })
  afterAll(async () => {
    await world.api?.close()
    await world.database?.drop()
  })
  return world
}

const routesOf = (world: Door) => (app: Api) => {
  let done = 0
  const about = (operationId: string) => ({ tags: ['about'], operationId, summary: operationId })
  app.get('/refused', {
    config: { action: 'anybody' },
    schema: { ...about('refused'), response: { 200: z.object({}) } },
    handler: () => {
      throw new Refusal('no_key', 'No key.', 'Store one.')
    },
  })
  app.get('/broken', {
    config: { action: 'anybody' },
    schema: { ...about('broken'), response: { 200: z.object({}) } },
    handler: () => {
      throw new Error(`could not insert ${secretish}`)
    },
  })
  app.get('/too-much', {
    config: { action: 'anybody' },
    schema: { ...about('tooMuch'), response: { 200: z.object({ kept: z.string() }) } },
    handler: () => ({ kept: 'yes', password: 'no' }),
  })
  app.post('/wineries/:winery/things', {
    config: { action: 'settings.write' },
    schema: {
      ...about('addThing'),
      params: wineryParams,
      body: z.strictObject({ email: z.email(), size: z.int().max(9), kind: z.enum(['a', 'b']).optional() }),
      response: { 201: z.object({ number: z.int(), secret: z.string() }) },
    },
    handler: async ({ body }, reply) => {
      if (body.size === 9) throw new Refusal('invalid', 'Nine is too many.', 'Take eight.')
      done += 1
      return reply.code(201).send({ number: done, secret: `key-${done}` })
    },
  })
  app.post('/wineries/:winery/slow', {
    config: { action: 'settings.write', keepsNoAnswer: true },
    schema: { ...about('slow'), params: wineryParams, response: { 200: z.object({ number: z.int() }) } },
    handler: async () => {
      await world.started.promise
      done += 1
      return { number: done }
    },
  })
  app.get('/wineries/:winery/guests', {
    config: { action: 'customers.read' },
    schema: {
      ...about('listGuests'),
      params: wineryParams,
      response: {
        200: z.object({
          first: z.object({ email: guestEmail(), name: guestName(), notes: guestText(), visits: z.int() }),
          all: z.array(z.object({ email: guestEmail().optional() })),
        }),
      },
    },
    handler: () => ({
      first: { email: secretish, name: 'Ada Lovelace', notes: 'Likes shade', visits: 3 },
      all: [{ email: null }, { email: 'bob@example.com' }, {}],
    }),
  })
  app.get('/wineries/:winery/numbers', {
    config: { action: 'customers.read' },
    schema: {
      ...about('listNumbers'),
      params: wineryParams,
      querystring: pageQuery,
      response: { 200: pageOf(z.int()) },
    },
    handler: ({ query }) =>
      pageOfList(query, ['numbers'], { shape: z.int(), of: (n: number) => n }, async (after, limit) =>
        [1, 2, 3, 4, 5].filter((n) => n > (after ?? 0)).slice(0, limit),
      ),
  })
  app.get('/wineries/:winery/forgetful', {
    config: { action: 'customers.read' },
    schema: {
      ...about('forgetful'),
      params: wineryParams,
      response: { 200: z.object({ names: z.array(z.string()) }) },
    },
    // The deliberate violation: a statement that forgets which winery it is for.
    handler: ({ winery }) =>
      inWinery(world.database.db, winery.winery_id, async (trx) => {
        const { rows } = await sql<{ slug: string }>`select slug from ecellar.wineries`.execute(trx)
        return { names: rows.map((row) => row.slug) }
      }),
  })
}
