/** What every request passes through, whatever its route: tried with routes of the test's own. */

import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
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

let database: TestDatabase
let api: ApiForTests
let done = 0
const secretish = 'ada.lovelace@example.com'

const routes = (app: Api) => {
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
      await started.promise
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
      inWinery(database.db, winery.winery_id, async (trx) => {
        const { rows } = await sql<{ slug: string }>`select slug from ecellar.wineries`.execute(trx)
        return { names: rows.map((row) => row.slug) }
      }),
  })
}
const started = Promise.withResolvers<void>()

beforeAll(async () => {
  database = await freshDatabase()
  const own = await addWinery(database.db, { slug: 'juniper-hill', name: 'Juniper Hill' }, actor)
  await addWinery(database.db, { slug: 'neighbour', name: 'Neighbour' }, actor)
  const wineryId = own.winery.winery_id
  const config = readConfig({ ENCRYPTION_KEY: randomBytes(32).toString('base64') }, tmpdir())
  const secrets = await openSecrets({ db: database.db, config, note: () => {} })
  api = await apiForTests(database, {
    parts: { secrets },
    routes: [routes],
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
  await api.close()
  await database.drop()
})

const things = 'wineries/juniper-hill/things'
const thing = { email: secretish, size: 3 }

describe('a route', () => {
  it('that does not say which action it is cannot be registered', async () => {
    const forgetful = (app: Api) => app.get('/x', { schema: { response: { 200: z.object({}) } } }, () => ({}))
    await expect(apiForTests(database, { routes: [forgetful] })).rejects.toThrow(
      'GET /api/v1/x does not say which action it is',
    )
  })

  it('whose answer to a write holds guests cannot be registered, for answers to writes are kept', async () => {
    const forgetful = (app: Api) =>
      app.post(
        '/x',
        {
          config: { action: 'anybody signed in' },
          schema: { response: { 200: z.object({ email: guestEmail() }) } },
        },
        () => ({ email: null }),
      )
    await expect(apiForTests(database, { routes: [forgetful] })).rejects.toThrow('holds guests')
  })

  it('sends nothing that its answer does not name', async () => {
    expect((await api.ask(null, 'GET', 'too-much')).body).toEqual({ kept: 'yes' })
  })

  it('that forgets its winery is held to it by row-level security', async () => {
    const answer = await api.ask('admin', 'GET', 'wineries/juniper-hill/forgetful')
    expect(answer.body).toEqual({ names: ['juniper-hill'] })
  })
})

describe('whoever asks', () => {
  it('without being known is told to sign in', async () => {
    expect(await api.ask(null, 'POST', things, { body: thing })).toMatchObject({
      status: 401,
      body: { code: 'not_signed_in', type: 'urn:ecellar-tock:problem:not_signed_in', status: 401 },
      headers: { 'content-type': expect.stringContaining('application/problem+json') },
    })
    expect((await api.ask('stranger', 'GET', 'me')).status).toBe(401)
  })

  it('for a neighbour, or for a winery that is not there, gets the same answer', async () => {
    const neighbour = await api.ask('admin', 'POST', 'wineries/neighbour/things', { body: thing })
    const nobody = await api.ask('admin', 'POST', 'wineries/nobody/things', { body: thing })
    expect(neighbour.status).toBe(404)
    expect({ ...neighbour.body, requestId: '' }).toEqual({ ...nobody.body, requestId: '' })
  })

  it('for what the role, or the scopes of the key, do not have is told so', async () => {
    for (const who of ['viewer', 'key']) {
      const answer = await api.ask(who, 'POST', things, { body: thing })
      expect(answer).toMatchObject({ status: 403, body: { code: 'not_allowed' } })
    }
    expect((await api.ask('writing key', 'POST', things, { body: thing })).status).toBe(201)
  })

  it('with a cookie writes from our own pages only; a key writes from anywhere', async () => {
    const elsewhere = { body: thing, headers: { origin: 'https://elsewhere.example' } }
    expect(await api.ask('admin', 'POST', things, elsewhere)).toMatchObject({
      status: 403,
      body: { detail: 'This request comes from another site.' },
    })
    expect((await api.ask('writing key', 'POST', things, elsewhere)).status).toBe(201)
  })

  it('from another site is not helped by CORS', async () => {
    const { headers } = await api.ask('admin', 'GET', 'me', {
      headers: { origin: 'https://elsewhere.example' },
    })
    expect(headers['access-control-allow-origin']).toBeUndefined()
    expect(headers['content-security-policy']).toBeDefined()
    expect(headers['cache-control']).toBe('no-store')
  })
})

describe('a problem', () => {
  it('has a code, a sentence, a next step, and the request that it is about', async () => {
    const { status, body, headers } = await api.ask(null, 'GET', 'refused')
    expect({ status, body }).toEqual({
      status: 409,
      body: {
        type: 'urn:ecellar-tock:problem:no_key',
        title: 'No Tock API key is stored',
        status: 409,
        code: 'no_key',
        detail: 'No key.',
        nextStep: 'Store one.',
        requestId: headers['x-request-id'],
      },
    })
  })

  it('names the fields that are wrong, and never what they held', async () => {
    const body = { email: 'Ada Lovelace', size: 4711, kind: 'zinfandel', nickname: 'Countess' }
    const answer = await api.ask('admin', 'POST', things, { body })
    expect(answer).toMatchObject({
      status: 400,
      body: {
        code: 'invalid',
        errors: [
          { field: 'body.email', message: 'is not of the form that is wanted (email)' },
          { field: 'body.size', message: 'is too large or too long: at most 9' },
          { field: 'body.kind', message: 'must be one of: a, b' },
          { field: 'body', message: 'has fields that are not known' },
        ],
      },
    })
    expect(JSON.stringify(answer.body)).not.toMatch(/Lovelace|4711|zinfandel|Countess|nickname/)
    const query = await api.ask('admin', 'GET', 'wineries/juniper-hill/numbers?limit=999')
    expect(query.body).toMatchObject({ errors: [{ field: 'query.limit' }] })
  })

  it('of ours says nothing of what went wrong inside, and the log nothing of a guest', async () => {
    const { status, body } = await api.ask(null, 'GET', 'broken')
    expect({ status, code: body.code }).toEqual({ status: 500, code: 'failed' })
    expect(JSON.stringify(body)).not.toContain(secretish)
    expect(api.logged()).toContain(String(body.requestId))
    expect(api.logged()).not.toContain(secretish)
  })

  it.each([
    [
      'a body that is no JSON',
      { payload: '{"email":', headers: { 'content-type': 'application/json' } },
      400,
    ],
    ['a body of another kind', { payload: '<a/>', headers: { 'content-type': 'text/xml' } }, 415],
    ['a body that is too large', { payload: { email: 'x'.repeat(300_000) } }, 413],
  ])('is what %s gets', async (_, request, status) => {
    const answer = await api.app.inject({
      method: 'POST',
      url: `/api/v1/${things}`,
      ...request,
      headers: { ...('headers' in request ? request.headers : {}), authorization: 'Bearer writing key' },
    })
    expect(answer.statusCode).toBe(status)
    expect(answer.headers['content-type']).toContain('application/problem+json')
    expect(answer.json()).toMatchObject({ code: 'invalid', status })
  })

  it.each(['/api/v1/nothing', '/api/nothing', '/api/v1/%ff'])('is what %s gets', async (url) => {
    const answer = await api.app.inject({ method: 'GET', url })
    expect(answer.statusCode).toBeGreaterThanOrEqual(400)
    expect(answer.headers['content-type']).toContain('application/problem+json')
  })
})

describe('guests in an answer', () => {
  const guests = 'wineries/juniper-hill/guests'
  const inFull = {
    first: { email: secretish, name: 'Ada Lovelace', notes: 'Likes shade', visits: 3 },
    all: [{ email: null }, { email: 'bob@example.com' }, {}],
  }

  it('are masked for viewers, and for Support that gave no reason', async () => {
    for (const who of ['viewer', 'support']) {
      expect((await api.ask(who, 'GET', guests)).body).toEqual({
        first: { email: 'a…@e…', name: 'A…', notes: null, visits: 3 },
        all: [{ email: null }, { email: 'b…@e…' }, {}],
      })
    }
  })

  it('are shown to those who may see them', async () => {
    for (const who of ['admin', 'curious support']) {
      expect((await api.ask(who, 'GET', guests)).body).toEqual(inFull)
    }
  })
})

describe('a list', () => {
  const numbers = 'wineries/juniper-hill/numbers'

  it('is read page by page', async () => {
    const read: number[] = []
    let cursor: string | null = null
    do {
      const after: string = cursor === null ? '' : `&cursor=${cursor}`
      const page = await api.ask<{ items: number[]; nextCursor: string | null }>(
        'admin',
        'GET',
        `${numbers}?limit=2${after}`,
      )
      read.push(...page.body.items)
      cursor = page.body.nextCursor
    } while (cursor !== null)
    expect(read).toEqual([1, 2, 3, 4, 5])
  })

  it.each([
    ['made up', 'bm90aGluZw'],
    ["another list's", Buffer.from(JSON.stringify(['AAAAAAAA', 2])).toString('base64url')],
  ])('refuses a cursor that is %s', async (_, cursor) => {
    const answer = await api.ask('admin', 'GET', `${numbers}?cursor=${cursor}`)
    expect(answer).toMatchObject({ status: 422, body: { code: 'invalid' } })
  })
})

describe('a write with an Idempotency-Key', () => {
  const write = (who: string, key: string, body: unknown = thing, path = things) =>
    api.ask(who, 'POST', path, { body, headers: { 'idempotency-key': key } })
  const stored = async () =>
    (await sql<{ key: string; answer: string }>`select * from ecellar.idempotency_keys`.execute(database.db))
      .rows

  it('is done once and answered the same; what is kept of it is sealed', async () => {
    const first = await write('admin', 'k1')
    const again = await write('admin', 'k1')
    expect(again).toMatchObject({ status: 201, body: first.body, headers: { 'idempotent-replayed': 'true' } })
    expect(first.headers['idempotent-replayed']).toBeUndefined()
    expect(JSON.stringify(await stored())).not.toMatch(
      new RegExp(`${secretish}|${String(first.body.secret)}`),
    )
  })

  it('is another one with another key, for another principal, or a day later', async () => {
    const first = await write('admin', 'k2')
    expect((await write('writing key', 'k2')).body).not.toEqual(first.body)
    expect((await write('admin', 'k3')).body).not.toEqual(first.body)
    api.clock.now = new Date(api.clock.now.getTime() + 24 * 3_600_000 + 1000)
    expect((await write('admin', 'k2')).body).not.toEqual(first.body)
  })

  it('is refused when the key was used for something else', async () => {
    await write('admin', 'k4')
    for (const other of [
      { body: { ...thing, size: 4 }, path: things },
      { body: thing, path: 'wineries' },
    ]) {
      const answer = await write('admin', 'k4', other.body, other.path)
      if (other.path === things) expect(answer).toMatchObject({ status: 422, body: { code: 'conflict' } })
      else expect(answer.status).toBeGreaterThanOrEqual(400)
    }
  })

  it('that was refused may be tried again with the same key', async () => {
    expect((await write('admin', 'k5', { ...thing, size: 9 })).status).toBe(422)
    expect((await write('admin', 'k5')).status).toBe(201)
  })

  it('is told to wait while the first is still being answered; one whose answer is not kept is told that it was done', async () => {
    const slow = 'wineries/juniper-hill/slow'
    const first = write('admin', 'k6', undefined, slow)
    const isRunning = async () => (await stored()).some((row) => row.key === 'k6')
    while (!(await isRunning())) await new Promise((resolve) => setTimeout(resolve, 5))
    expect(await write('admin', 'k6', undefined, slow)).toMatchObject({
      status: 409,
      body: { code: 'conflict', detail: expect.stringContaining('at this moment') },
    })
    started.resolve()
    expect((await first).status).toBe(200)
    expect(await write('admin', 'k6', undefined, slow)).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('was done before') },
    })
  })
})

describe('too many requests', () => {
  it('are stopped per principal, per address, and sooner where something could be guessed', async () => {
    const limited = await apiForTests(database, {
      parts: { limits: { signedIn: 5, address: 3, guessable: 2 } },
      people: [...api.people],
    })
    const times = async (count: number, ask: () => Promise<{ status: number }>) => {
      const statuses = []
      for (let i = 0; i < count; i++) statuses.push((await ask()).status)
      return statuses
    }
    expect(await times(6, () => limited.ask('admin', 'GET', 'me'))).toEqual([200, 200, 200, 200, 200, 429])
    expect((await limited.ask('viewer', 'GET', 'me')).status).toBe(200)
    expect(await times(4, () => limited.ask(null, 'GET', 'openapi.json'))).toEqual([200, 200, 200, 429])
    expect(await times(3, () => limited.ask(null, 'POST', '/api/auth/sign-in', { body: {} }))).toEqual([
      200, 200, 429,
    ])
    // Keys that nobody has are not even looked up any more; whoever has a cookie goes on.
    expect(await times(5, () => limited.ask('stranger', 'GET', 'me'))).toEqual([429, 429, 429, 429, 429])
    const told = await limited.ask('admin', 'GET', 'me')
    expect(told.body).toMatchObject({
      code: 'too_many_requests',
      nextStep: expect.stringMatching(/^Wait \d+ sec/),
    })
    expect(told.headers['retry-after']).toBeDefined()
    await limited.close()
  })
})

describe('the log', () => {
  it('has one line per request, with ids and the route, never with what was sent', async () => {
    await api.ask('admin', 'GET', `wineries/juniper-hill/numbers?cursor=${secretish}`)
    await api.ask('admin', 'POST', things, { body: thing })
    const lines = api
      .logged()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line))
    expect(lines.at(-1)).toMatchObject({
      level: 'info',
      method: 'POST',
      route: '/api/v1/wineries/:winery/things',
      status: 201,
      winery: 'juniper-hill',
      requestId: expect.any(String),
    })
    expect(api.logged()).not.toContain(secretish)
  })
})

it('signing in is left to access, as it came', async () => {
  const answer = await api.ask(null, 'POST', '/api/auth/sign-in', { body: { email: 'x@example.com' } })
  expect(answer.body).toEqual({ from: 'access' })
})
