/** What every request passes through, whatever its route: tried with routes of the test's own. */

import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Api } from '../../src/api/parts.ts'
import { guestEmail } from '../../src/contract/api/guest-data.ts'
import { apiForTests } from './api-for-tests.ts'
import { secretish, thing, things, useDoor } from './door-for-tests.ts'

const world = useDoor()

describe('a route', () => {
  it('that does not say which action it is cannot be registered', async () => {
    const forgetful = (app: Api) => app.get('/x', { schema: { response: { 200: z.object({}) } } }, () => ({}))
    await expect(apiForTests(world.database, { routes: [forgetful] })).rejects.toThrow(
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
    await expect(apiForTests(world.database, { routes: [forgetful] })).rejects.toThrow('holds guests')
  })

  it('sends nothing that its answer does not name', async () => {
    expect((await world.api.ask(null, 'GET', 'too-much')).body).toEqual({ kept: 'yes' })
  })

  it('that forgets its winery is held to it by row-level security', async () => {
    const answer = await world.api.ask('admin', 'GET', 'wineries/juniper-hill/forgetful')
    expect(answer.body).toEqual({ names: ['juniper-hill'] })
  })
})

describe('whoever asks', () => {
  it('without being known is told to sign in', async () => {
    expect(await world.api.ask(null, 'POST', things, { body: thing })).toMatchObject({
      status: 401,
      body: { code: 'not_signed_in', type: 'urn:ecellar-tock:problem:not_signed_in', status: 401 },
      headers: { 'content-type': expect.stringContaining('application/problem+json') },
    })
    expect((await world.api.ask('stranger', 'GET', 'me')).status).toBe(401)
  })

  it('for a neighbour, or for a winery that is not there, gets the same answer', async () => {
    const neighbour = await world.api.ask('admin', 'POST', 'wineries/neighbour/things', { body: thing })
    const nobody = await world.api.ask('admin', 'POST', 'wineries/nobody/things', { body: thing })
    expect(neighbour.status).toBe(404)
    expect({ ...neighbour.body, requestId: '' }).toEqual({ ...nobody.body, requestId: '' })
  })

  it('for what the role, or the scopes of the key, do not have is told so', async () => {
    for (const who of ['viewer', 'key']) {
      const answer = await world.api.ask(who, 'POST', things, { body: thing })
      expect(answer).toMatchObject({ status: 403, body: { code: 'not_allowed' } })
    }
    expect((await world.api.ask('writing key', 'POST', things, { body: thing })).status).toBe(201)
  })

  it('with a cookie writes from our own pages only; a key writes from anywhere', async () => {
    const elsewhere = { body: thing, headers: { origin: 'https://elsewhere.example' } }
    expect(await world.api.ask('admin', 'POST', things, elsewhere)).toMatchObject({
      status: 403,
      body: { detail: 'This request comes from another site.' },
    })
    expect((await world.api.ask('writing key', 'POST', things, elsewhere)).status).toBe(201)
  })

  it('from another site is not helped by CORS', async () => {
    const { headers } = await world.api.ask('admin', 'GET', 'me', {
      headers: { origin: 'https://elsewhere.example' },
    })
    expect(headers['access-control-allow-origin']).toBeUndefined()
    expect(headers['content-security-policy']).toBeDefined()
    expect(headers['cache-control']).toBe('no-store')
  })
})

describe('a problem', () => {
  it('has a code, a sentence, a next step, and the request that it is about', async () => {
    const { status, body, headers } = await world.api.ask(null, 'GET', 'refused')
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
    const answer = await world.api.ask('admin', 'POST', things, { body })
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
    const query = await world.api.ask('admin', 'GET', 'wineries/juniper-hill/numbers?limit=999')
    expect(query.body).toMatchObject({ errors: [{ field: 'query.limit' }] })
  })

  it('of ours says nothing of what went wrong inside, and the log nothing of a guest', async () => {
    const { status, body } = await world.api.ask(null, 'GET', 'broken')
    expect({ status, code: body.code }).toEqual({ status: 500, code: 'failed' })
    expect(JSON.stringify(body)).not.toContain(secretish)
    expect(world.api.logged()).toContain(String(body.requestId))
    expect(world.api.logged()).not.toContain(secretish)
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
    const answer = await world.api.app.inject({
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
    const answer = await world.api.app.inject({ method: 'GET', url })
    expect(answer.statusCode).toBeGreaterThanOrEqual(400)
    expect(answer.headers['content-type']).toContain('application/problem+json')
  })
})

describe('too many requests', () => {
  it('are stopped per principal, per address, and sooner where something could be guessed', async () => {
    const limited = await apiForTests(world.database, {
      parts: { limits: { signedIn: 5, address: 3, guessable: 2 } },
      people: [...world.api.people],
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
    await world.api.ask('admin', 'GET', `wineries/juniper-hill/numbers?cursor=${secretish}`)
    await world.api.ask('admin', 'POST', things, { body: thing })
    const lines = world.api
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
    expect(world.api.logged()).not.toContain(secretish)
  })
})

it('signing in is left to access, as it came', async () => {
  const answer = await world.api.ask(null, 'POST', '/api/auth/sign-in', { body: { email: 'x@example.com' } })
  expect(answer.body).toEqual({ from: 'access' })
})
