import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { UnreadableFile } from '../../src/tock/unreadable-file.ts'
import {
  breaksOff,
  expired,
  failureOf,
  hangs,
  inTurn,
  json,
  type LittleTock,
  listingPath,
  pull,
  secretKey,
  secretSignature,
  stalls,
  startLittleTock,
  status,
  tagged,
} from './little-tock.ts'

const noon = new Date('2026-11-20T19:30:00Z')
const at = (date: Date) => ({ 'Last-Modified': date.toUTCString() })
const later = (minutes: number) => new Date(noon.getTime() + minutes * 60_000)

async function tockWithOneFile(): Promise<LittleTock> {
  const tock = await startLittleTock()
  tock.list(['reservation-1.json'], [])
  tock.replies.set('/files/reservation-1.json', json([{ id: 1 }], at(noon)))
  return tock
}

describe('a whole snapshot', () => {
  test('is begun in the order of the list and handed over as it comes, a slow file after the next one', async () => {
    const tock = await startLittleTock()
    tock.list(['reservation-2.json', 'reservation-1.json'], ['guest-profile-1.json'])
    const slow = json([{ id: 2 }], { ...at(noon), ETag: '"two"' })
    tock.replies.set('/files/reservation-2.json', (...args) => setTimeout(() => slow(...args), 300))
    tock.replies.set('/files/reservation-1.json', json([{ id: 1 }], at(later(2))))
    tock.replies.set('/files/guest-profile-1.json', json([], at(later(1))))
    const progress: unknown[] = []
    const { read, handed } = await pull(tock, { onProgress: (now) => progress.push(now) })

    expect(tock.seen.slice(1).map(({ path }) => path)).toEqual([
      '/files/reservation-2.json',
      '/files/reservation-1.json',
      '/files/guest-profile-1.json',
    ])
    expect(handed.map(({ kind, name, rows }) => ({ kind, name, rows }))).toEqual([
      { kind: 'reservations', name: 'reservation-1.json', rows: [{ id: 1 }] },
      { kind: 'guests', name: 'guest-profile-1.json', rows: [] },
      { kind: 'reservations', name: 'reservation-2.json', rows: [{ id: 2 }] },
    ])
    expect(handed[0]).toMatchObject({ etag: null })
    expect(handed[2]).toMatchObject({ etag: '"two"', lastModifiedMs: noon.getTime() })
    expect(read).toEqual({ takenAtMs: later(2).getTime(), files: 3, filesUnchanged: 0, bytes: 22 })
    expect(progress).toEqual([
      { filesDone: 0, files: 3, bytes: 0 },
      { filesDone: 1, files: 3, bytes: 10 },
      { filesDone: 2, files: 3, bytes: 12 },
      { filesDone: 3, files: 3, bytes: 22 },
    ])
  })

  test('is asked for with the key and the scope, which the files never see', async () => {
    const tock = await tockWithOneFile()
    await pull(tock)
    const [listing, file] = tock.seen
    expect(listing?.path).toBe(listingPath)
    expect(listing?.query).toBe('')
    expect(listing?.headers).toMatchObject({
      'x-tock-authorization': secretKey,
      'x-tock-scope': '{"businessId":"707","businessGroupId":"55"}',
      'user-agent': expect.stringMatching(/^eCELLAR-Tock-Integration\/\d+\.\d+\.\d+$/),
    })
    expect(listing?.headers.authorization).toBeUndefined()
    expect(file?.query).toContain(secretSignature)
    expect(JSON.stringify(file?.headers)).not.toContain(secretKey)
    expect(Object.keys(file?.headers ?? {}).filter((name) => name.startsWith('x-tock'))).toEqual([])
  })

  test('knows a file again under another signature', async () => {
    const tock = await tockWithOneFile()
    const first = await pull(tock)
    const link = `${tock.origin}/files/reservation-1.json?X-Goog-Signature=another`
    tock.replies.set(listingPath, json({ result: { reservationDataUrls: [link], guestDataUrls: [] } }))
    const second = await pull(tock)
    expect(second.handed[0]?.fileId).toBe(first.handed[0]?.fileId)
    expect(first.handed[0]?.fileId).toMatch(/^[0-9a-f]{64}$/)
  })

  test('is dated by the list when no file tells its date', async () => {
    const tock = await startLittleTock()
    const list = { result: { reservationDataUrls: [tock.link('reservation-1.json')], guestDataUrls: [] } }
    tock.replies.set(listingPath, json(list, { Date: noon.toUTCString() }))
    tock.replies.set('/files/reservation-1.json', json([]))
    expect((await pull(tock)).read.takenAtMs).toBe(noon.getTime())
  })

  test('may be empty when nothing was there before', async () => {
    const tock = await startLittleTock()
    tock.list([], [])
    expect((await pull(tock)).read).toMatchObject({ files: 0, bytes: 0 })
  })

  test('may come compressed, in small pieces or without a length', async () => {
    const tock = await startLittleTock()
    const rows = Array.from({ length: 3000 }, (_, id) => ({ id, text: 'é漢🍷' }))
    const body = Buffer.from(JSON.stringify(rows))
    tock.list(['reservation-1.json', 'reservation-2.json'], [])
    tock.replies.set('/files/reservation-1.json', (_request, response) => {
      const packed = gzipSync(body)
      response
        .writeHead(200, { 'Content-Encoding': 'gzip', 'Content-Length': String(packed.length) })
        .end(packed)
    })
    tock.replies.set('/files/reservation-2.json', async (_request, response) => {
      response.writeHead(200)
      for (let from = 0; from < body.length; from += 7_001) response.write(body.subarray(from, from + 7_001))
      response.end()
    })
    const { handed, read } = await pull(tock)
    expect(handed.map((file) => file.rows)).toEqual([rows, rows])
    expect(read.bytes).toBe(body.length * 2)
  })

  test('is read two files at a time, with at most two more on their way', async () => {
    const tock = await startLittleTock()
    const names = Array.from({ length: 9 }, (_, index) => `reservation-${index + 1}.json`)
    tock.list(names, [])
    for (const name of names) tock.replies.set(`/files/${name}`, json([]))
    let reading = 0
    let most = 0
    let done = 0
    await pull(tock, {
      async onFile() {
        reading += 1
        most = Math.max(most, reading)
        await new Promise((resolve) => setTimeout(resolve, 30))
        expect(tock.seen.length - 1 - done).toBeLessThanOrEqual(4)
        reading -= 1
        done += 1
      },
    })
    expect(done).toBe(9)
    expect(most).toBe(2)
  })

  test('belongs to the receiver, who may hand its bytes on', async () => {
    const tock = await tockWithOneFile()
    const { read } = await pull(tock, {
      onFile: async ({ bytes }) => {
        if (bytes) structuredClone(bytes, { transfer: [bytes.buffer] })
      },
    })
    expect(read.bytes).toBe(10)
  })
})

describe('files of two snapshots', () => {
  test('are listed again, and what was handed over is void', async () => {
    const tock = await startLittleTock()
    tock.list(['reservation-1.json', 'reservation-2.json'], [])
    tock.replies.set(
      '/files/reservation-1.json',
      inTurn(json([{ id: 1 }], at(noon)), json([{ id: 3 }], at(later(720)))),
    )
    tock.replies.set('/files/reservation-2.json', json([{ id: 2 }], at(later(720))))
    const { read, handed, restarts } = await pull(tock)
    expect(restarts).toBe(1)
    expect(handed.map((file) => file.rows)).toEqual([[{ id: 3 }], [{ id: 2 }]])
    expect(read).toMatchObject({ files: 2, bytes: 20, takenAtMs: later(720).getTime() })
    expect(tock.timesSeen(listingPath)).toBe(2)
  })

  test('make the snapshot incomplete when a third list does not help', async () => {
    const tock = await startLittleTock()
    tock.list(['reservation-1.json'], ['guest-profile-1.json'])
    tock.replies.set('/files/reservation-1.json', json([], at(noon)))
    tock.replies.set('/files/guest-profile-1.json', json([], at(later(61))))
    expect(await failureOf(pull(tock))).toMatchObject({ code: 'incomplete_snapshot' })
    expect(tock.timesSeen(listingPath)).toBe(3)
  })

  test('are one snapshot when written within an hour', async () => {
    const tock = await startLittleTock()
    tock.list(['reservation-1.json'], ['guest-profile-1.json'])
    tock.replies.set('/files/reservation-1.json', json([], at(later(59))))
    tock.replies.set('/files/guest-profile-1.json', json([], at(noon)))
    expect(await pull(tock)).toMatchObject({ restarts: 0, read: { takenAtMs: later(59).getTime() } })
  })

  test('are noticed when one of them is unchanged', async () => {
    const tock = await startLittleTock()
    tock.list(['reservation-1.json', 'reservation-2.json'], [])
    tock.replies.set('/files/reservation-1.json', tagged('"a"', [], at(noon)))
    tock.replies.set('/files/reservation-2.json', json([], at(later(720))))
    expect(await failureOf(pull(tock, { knownEtag: () => '"a"' }))).toMatchObject({
      code: 'incomplete_snapshot',
    })
  })
})

describe('a file that does not arrive whole', () => {
  const troubles = {
    'breaks off': breaksOff,
    stalls,
    hangs,
    'is refused by the server': status(500),
    'is unavailable': status(503, 'Please retry'),
    'leads elsewhere': status(302, '', { Location: 'http://127.0.0.1:9/elsewhere' }),
    'comes in part': status(206, '[]'),
    'is larger than a file can be': status(200, '', { 'Content-Length': String(500 * 1024 * 1024) }),
  }
  // Silence is given up on when all the time for failing is used up.
  const passing = Object.entries(troubles).filter(([, trouble]) => trouble !== hangs && trouble !== stalls)
  test.each(passing)('and %s is fetched again', async (_name, trouble) => {
    const tock = await tockWithOneFile()
    tock.connection.retry = { tries: 4, totalMs: 2_000 }
    tock.replies.set('/files/reservation-1.json', inTurn(trouble, json([{ id: 1 }])))
    expect((await pull(tock)).handed).toEqual([expect.objectContaining({ rows: [{ id: 1 }] })])
  })

  test.each(Object.entries(troubles))(
    'and always %s makes the snapshot incomplete',
    async (_name, trouble) => {
      const tock = await tockWithOneFile()
      tock.connection.retry = { tries: 4, totalMs: 800 }
      tock.replies.set('/files/reservation-1.json', trouble)
      const startedMs = performance.now()
      expect(await failureOf(pull(tock))).toMatchObject({
        code: 'incomplete_snapshot',
        message: expect.stringContaining('reservation-1.json'),
      })
      expect(performance.now() - startedMs).toBeLessThan(3_000)
      expect(tock.timesSeen('/files/reservation-1.json')).toBeLessThanOrEqual(4)
      expect(tock.timesSeen(listingPath)).toBe(1)
    },
  )

  test('is fetched again when its receiver cannot read it, at most four times in all', async () => {
    const tock = await tockWithOneFile()
    let times = 0
    const { read } = await pull(tock, {
      async onFile() {
        times += 1
        if (times < 3) throw new UnreadableFile()
      },
    })
    expect(read).toMatchObject({ files: 1, bytes: 10 })

    const before = tock.timesSeen('/files/reservation-1.json')
    const never = async () => {
      throw new UnreadableFile()
    }
    expect(await failureOf(pull(tock, { onFile: never }))).toMatchObject({ code: 'incomplete_snapshot' })
    expect(tock.timesSeen('/files/reservation-1.json') - before).toBe(4)
  })

  test('holds up no other error of the receiver', async () => {
    const tock = await tockWithOneFile()
    const fault = new Error('disk full')
    const onFile = async () => {
      throw fault
    }
    expect(await failureOf(pull(tock, { onFile }))).toBe(fault)
  })
})

describe('an expired link', () => {
  test.each([400, 403, 404, 410])('that is answered with %i is listed again', async (code) => {
    const tock = await tockWithOneFile()
    tock.replies.set('/files/reservation-1.json', inTurn(status(code), json([{ id: 1 }])))
    expect(await pull(tock)).toMatchObject({ restarts: 1, handed: [{ rows: [{ id: 1 }] }] })
    expect(tock.timesSeen(listingPath)).toBe(2)
  })

  test('makes the snapshot incomplete when a third list does not help', async () => {
    const tock = await tockWithOneFile()
    tock.replies.set('/files/reservation-1.json', expired)
    expect(await failureOf(pull(tock))).toMatchObject({ code: 'incomplete_snapshot' })
    expect(tock.timesSeen(listingPath)).toBe(3)
  })

  test('and files of two snapshots share the three lists', async () => {
    const tock = await startLittleTock()
    tock.list(['reservation-1.json', 'reservation-2.json'], [])
    tock.replies.set('/files/reservation-1.json', inTurn(expired, json([], at(noon))))
    tock.replies.set('/files/reservation-2.json', json([], at(later(720))))
    expect(await failureOf(pull(tock))).toMatchObject({ code: 'incomplete_snapshot' })
    expect(tock.timesSeen(listingPath)).toBe(3)
  })
})

test('a pull that is called off ends at once, with the reason given', async () => {
  const tock = await startLittleTock()
  tock.list(['reservation-1.json', 'reservation-2.json'], [])
  tock.replies.set('/files/reservation-1.json', json([]))
  tock.replies.set('/files/reservation-2.json', hangs)
  const stop = new AbortController()
  const reason = new Error('called off')
  const pulling = pull(tock, { signal: stop.signal, onFile: async () => stop.abort(reason) })
  expect(await failureOf(pulling)).toBe(reason)
})

test('a file that trickles steadily may take longer than failing may', async () => {
  const tock = await tockWithOneFile()
  tock.connection.retry = { tries: 1, totalMs: 1_000 }
  tock.replies.set('/files/reservation-1.json', (_request, response) => {
    response.writeHead(200).write('[')
    let left = 8
    const drip = setInterval(() => {
      left -= 1
      response.write(' ')
      if (left > 0) return
      clearInterval(drip)
      response.end(']')
    }, 200)
  })
  expect((await pull(tock)).handed).toEqual([expect.objectContaining({ rows: [] })])
})
