import { describe, expect, test } from 'vitest'
import { testConnection } from '../../src/tock/test-connection.ts'
import {
  breaksOff,
  cloudflarePage,
  expired,
  failureOf,
  hangs,
  inTurn,
  json,
  type LittleTock,
  listingPath,
  pull,
  type Reply,
  secretKey,
  secretSignature,
  startLittleTock,
  status,
} from './little-tock.ts'

async function tockAnswering(listing: Reply, totalMs = 1_000): Promise<LittleTock> {
  const tock = await startLittleTock({ tries: 4, totalMs })
  tock.replies.set(listingPath, listing)
  return tock
}

const nothing = json({ result: { reservationDataUrls: [], guestDataUrls: [] } })

describe('a list that Tock does not give', () => {
  test.each([401, 403])(
    'because it refuses the key (%i) is told at once, with the plan it takes',
    async (code) => {
      const tock = await tockAnswering(status(code))
      expect(await failureOf(pull(tock))).toMatchObject({
        code: 'key_refused',
        nextStep: expect.stringContaining(
          'PRO, sold today as Premium or Premium Unlimited: Plan & Billing in Tock; an account owner asks Tock for the key',
        ),
      })
      expect(tock.seen.length).toBe(1)
    },
  )

  test('because of a 503 page is tried four times, then told as both things that it can mean', async () => {
    const tock = await tockAnswering(cloudflarePage)
    expect(await failureOf(pull(tock))).toMatchObject({
      code: 'tock_unavailable',
      message: expect.stringMatching(/is down.*does not accept this key/),
    })
    expect(tock.seen.length).toBe(4)
  })

  test.each([
    ['a fault of the server', status(500)],
    ['too many requests', status(429)],
    ['a cut connection', breaksOff],
    ['silence', hangs],
  ])('because of %s is tried again, then told', async (_name, trouble) => {
    const tock = await tockAnswering(trouble)
    expect(await failureOf(pull(tock))).toMatchObject({ code: 'tock_unavailable' })
    expect(tock.seen.length).toBe(trouble === hangs ? 2 : 4)
    tock.replies.set(listingPath, (request, response) => {
      const reply = tock.seen.length % 2 === 0 && trouble !== hangs ? trouble : nothing
      reply(request, response, 1)
    })
    expect((await pull(tock)).read.files).toBe(0)
  })

  test.each([
    [400, {}],
    [404, {}],
    [301, { Location: 'http://127.0.0.1:9/' }],
    [307, { Location: 'http://127.0.0.1:9/' }],
  ])('because TOCK_API_URL is wrong (%i) is told at once', async (code, headers) => {
    const tock = await tockAnswering(status(code, '', headers as Record<string, string>))
    expect(await failureOf(pull(tock))).toMatchObject({
      code: 'tock_unavailable',
      message: expect.stringContaining('TOCK_API_URL'),
    })
    expect(tock.seen.length).toBe(1)
  })

  test('because a redirect leads elsewhere takes the key nowhere', async () => {
    const elsewhere = await startLittleTock()
    const tock = await tockAnswering(status(302, '', { Location: `${elsewhere.origin}${listingPath}` }))
    await failureOf(pull(tock))
    expect(elsewhere.seen).toEqual([])
  })

  test('because there is no such host is told', async () => {
    const tock = await tockAnswering(nothing)
    tock.connection.apiUrl = 'https://no-such-host.invalid'
    expect(await failureOf(pull(tock))).toMatchObject({ code: 'tock_unavailable' })
    tock.connection.apiUrl = 'http://127.0.0.1:1/'
    expect(await failureOf(pull(tock))).toMatchObject({
      code: 'tock_unavailable',
      message: expect.not.stringContaining('127.0.0.1'),
    })
  })

  test('comes after the wait that Tock asks for', async () => {
    const tock = await tockAnswering(inTurn(status(503, '', { 'Retry-After': '1' }), nothing), 3_000)
    const startedMs = performance.now()
    expect((await pull(tock)).read.files).toBe(0)
    expect(performance.now() - startedMs).toBeGreaterThan(950)
  })

  test('is not waited for longer than the pull may take', async () => {
    const tock = await tockAnswering(status(503, '', { 'Retry-After': '3600' }))
    expect(await failureOf(pull(tock))).toMatchObject({ code: 'tock_unavailable' })
    expect(tock.seen.length).toBe(1)
  })
})

describe('a list that is none', () => {
  const one = 'https://storage.example.com/reservation-1.json'
  const of = (reservationDataUrls: unknown, guestDataUrls: unknown) =>
    json({ result: { reservationDataUrls, guestDataUrls } })
  const bad: [string, Reply][] = [
    ['is a page', status(200, '<html></html>')],
    ['is empty', status(200)],
    ['breaks off', status(200, '{"result":{"reservationDataUrls":["https://stor')],
    ['is no object', json([])],
    ['has no result', json({})],
    ['has an empty result', json({ result: null })],
    ['lacks the guests', json({ result: { reservationDataUrls: [] } })],
    ['lacks the reservations', json({ result: { guestDataUrls: [] } })],
    ['holds no texts', of([1], [])],
    ['holds no addresses', of(['reservation-1.json'], [])],
    ['leads to plain http on another host', of([one.replace('https', 'http')], [])],
    ['leads to another protocol', of(['ftp://storage.example.com/reservation-1.json'], [])],
    ['carries a password', of(['https://a:b@storage.example.com/reservation-1.json'], [])],
    ['names a file twice', of([`${one}?a=1`, `${one}?a=2`], [])],
    ['skips a file', of([one, one.replace('1', '3')], [])],
    ['begins with the second file', of([one.replace('1', '2')], [])],
  ]
  test.each(bad)('because it %s is asked for again, then incomplete', async (_name, listing) => {
    const tock = await tockAnswering(listing)
    expect(await failureOf(pull(tock))).toMatchObject({ code: 'incomplete_snapshot' })
    expect(tock.seen.length).toBe(4)
    expect((await pull(await tockAnswering(inTurn(listing, nothing)))).read.files).toBe(0)
  })

  test('because links to this machine are not allowed', async () => {
    const tock = await startLittleTock({ tries: 1, totalMs: 400 })
    tock.list(['reservation-1.json'], [])
    tock.connection.allowLoopbackHttp = false
    expect(await failureOf(pull(tock))).toMatchObject({ code: 'incomplete_snapshot' })
  })

  test.each(['reservations', 'guests'] as const)(
    'because it has no %s where the last one had',
    async (kind) => {
      const tock = await tockAnswering(nothing)
      const mustHaveFiles = { reservations: false, guests: false, [kind]: true }
      expect(await failureOf(pull(tock, { mustHaveFiles }))).toMatchObject({
        code: 'incomplete_snapshot',
        message: expect.stringContaining(kind),
      })
    },
  )

  test('unlike one that holds more than is known', async () => {
    const list = {
      version: 3,
      result: { waitlistDataUrls: [one], reservationDataUrls: [], guestDataUrls: [] },
    }
    expect((await pull(await tockAnswering(json(list)))).read.files).toBe(0)
  })
})

describe('no request is made', () => {
  test.each(['key\nwith a line', 'schlüssel', '', ' '])(
    'with a key that cannot be one: %j',
    async (apiKey) => {
      const tock = await tockAnswering(nothing)
      tock.connection.apiKey = apiKey
      expect(await failureOf(pull(tock))).toMatchObject({ code: 'key_refused' })
      expect(tock.seen).toEqual([])
    },
  )

  test.each([
    'tock',
    'http://tock.example.com',
    'https://user:secret@tock.example.com',
    'file:///etc/passwd',
  ])('to an address that no key may be sent to: %s', async (apiUrl) => {
    const tock = await tockAnswering(nothing)
    tock.connection.apiUrl = apiUrl
    const failure = await failureOf(pull(tock))
    expect(failure).toMatchObject({ code: 'invalid', message: expect.stringContaining('TOCK_API_URL') })
    expect(String(failure)).not.toContain('secret')
  })
})

test('no failure says anything of the key, of a link, or of what stood in an answer', async () => {
  const guest = 'Ada Example ada@example.com 4111111111111111'
  const replies: Reply[] = [
    status(403, guest),
    status(400, guest),
    status(503, guest),
    status(500, guest),
    status(200, guest),
    breaksOff,
    hangs,
    json({
      result: { reservationDataUrls: [`http://tock.example.com/${secretSignature}`], guestDataUrls: [] },
    }),
    json({ result: { reservationDataUrls: [`https:// ${secretSignature}`], guestDataUrls: [] } }),
  ]
  const failures: unknown[] = []
  for (const reply of replies) {
    failures.push(await failureOf(pull(await tockAnswering(reply, 200))))
    const tock = await startLittleTock({ tries: 2, totalMs: 200 })
    tock.list([`reservation-1.json`], [])
    tock.replies.set('/files/reservation-1.json', reply)
    const parsing = pull(tock, { onFile: async () => {} })
    failures.push(await parsing.catch((error: unknown) => error))
    failures.push(await testConnection(tock.connection).catch((error: unknown) => error))
  }
  const unreachable = await startLittleTock({ tries: 1, totalMs: 200 })
  const link = `https://127.0.0.1:1/reservation-1.json?X-Goog-Signature=${secretSignature}`
  unreachable.replies.set(listingPath, json({ result: { reservationDataUrls: [link], guestDataUrls: [] } }))
  failures.push(await failureOf(pull(unreachable)))

  expect(failures.filter((failure) => failure instanceof Error).length).toBeGreaterThan(20)
  for (const failure of failures) {
    const told = everythingIn(failure)
    for (const secret of [secretKey, secretSignature, 'X-Goog', 'Ada', 'ada@', '4111', '127.0.0.1']) {
      expect(told).not.toContain(secret)
    }
    if (failure instanceof Error) expect(failure.cause).toBeUndefined()
  }
})

/** Message, stack and every property; addresses in the stack are those of this program's files. */
function everythingIn(value: unknown): string {
  if (!(value instanceof Error)) return JSON.stringify(value)
  const own = Object.getOwnPropertyNames(value).map((name) => String(Reflect.get(value, name)))
  return [String(value), ...own].join('\n')
}

describe('trying a connection out', () => {
  const row = { id: 1, business: { id: 707, name: 'Hilltop Cellars', timeZone: 'America/Los_Angeles' } }

  test('tells what Tock calls the business, its zone, and how many files there are', async () => {
    const tock = await startLittleTock()
    tock.list(['reservation-1.json', 'reservation-2.json'], ['guest-profile-1.json'])
    tock.replies.set('/files/reservation-1.json', json([row]))
    expect(await testConnection(tock.connection)).toEqual({
      businessName: 'Hilltop Cellars',
      timeZone: 'America/Los_Angeles',
      reservationFiles: 2,
      guestFiles: 1,
    })
    expect(tock.seen.length).toBe(2)
  })

  test('tells of a business without reservations that it is reached', async () => {
    const tock = await tockAnswering(nothing)
    expect(await testConnection(tock.connection)).toEqual({
      businessName: null,
      timeZone: null,
      reservationFiles: 0,
      guestFiles: 0,
    })
  })

  test('tells that the rows are those of another business', async () => {
    const tock = await startLittleTock()
    tock.list(['reservation-1.json'], [])
    tock.replies.set(
      '/files/reservation-1.json',
      json([row, { ...row, business: { ...row.business, id: 808 } }]),
    )
    expect(await failureOf(testConnection(tock.connection))).toMatchObject({
      code: 'wrong_business',
      message: expect.stringContaining('808'),
    })
  })

  test('asks for a new list when a link has expired, and reads a broken file again', async () => {
    const tock = await startLittleTock()
    tock.list(['reservation-1.json'], [])
    tock.replies.set('/files/reservation-1.json', inTurn(expired, status(200, '[{'), json([row])))
    expect(await testConnection(tock.connection)).toMatchObject({ businessName: 'Hilltop Cellars' })
    expect(tock.timesSeen(listingPath)).toBe(2)
    tock.replies.set('/files/reservation-1.json', status(200, '<html>'))
    expect(await failureOf(testConnection(tock.connection))).toMatchObject({ code: 'incomplete_snapshot' })
  })
})
