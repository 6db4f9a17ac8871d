import { describe, expect, test } from 'vitest'
import {
  failureOf,
  inTurn,
  json,
  type LittleTock,
  pull,
  startLittleTock,
  status,
  tagged,
} from './little-tock.ts'

const noon = new Date('2026-11-20T19:30:00Z')
const at = (date: Date) => ({ 'Last-Modified': date.toUTCString() })

async function tockWithOneFile(): Promise<LittleTock> {
  const tock = await startLittleTock()
  tock.list(['reservation-1.json'], [])
  tock.replies.set('/files/reservation-1.json', json([{ id: 1 }], at(noon)))
  return tock
}

describe('an unchanged file', () => {
  const etag = 'W/"abc"'
  const known = { knownEtag: () => etag }

  test('is not fetched again', async () => {
    const tock = await tockWithOneFile()
    tock.replies.set('/files/reservation-1.json', tagged(etag, [{ id: 1 }], at(noon)))
    const { read, handed } = await pull(tock, known)
    expect(handed).toEqual([expect.objectContaining({ etag, lastModifiedMs: noon.getTime(), rows: null })])
    expect(read).toEqual({ takenAtMs: noon.getTime(), files: 1, filesUnchanged: 1, bytes: 0 })
    expect(tock.timesSeen('/files/reservation-1.json')).toBe(1)
  })

  test('is asked about by kind and id', async () => {
    const tock = await tockWithOneFile()
    const { handed } = await pull(tock)
    const asked: string[] = []
    await pull(tock, {
      knownEtag(kind, fileId) {
        asked.push(`${kind} ${fileId}`)
        return null
      },
    })
    expect(asked).toEqual([`reservations ${handed[0]?.fileId}`])
  })

  test('is asked for its date when it does not tell it', async () => {
    const tock = await tockWithOneFile()
    tock.replies.set('/files/reservation-1.json', (request, response, times) => {
      const reply =
        request.headers.range === 'bytes=0-0'
          ? status(206, '[', { ETag: etag, ...at(noon) })
          : tagged(etag, [{ id: 1 }])
      reply(request, response, times)
    })
    const { read, handed } = await pull(tock, known)
    expect(handed).toEqual([expect.objectContaining({ lastModifiedMs: noon.getTime(), rows: null })])
    expect(read).toMatchObject({ takenAtMs: noon.getTime(), filesUnchanged: 1 })
    expect(tock.seen.at(-1)?.headers['if-none-match']).toBeUndefined()
  })

  test('costs no body when the storage answers the question for the date with the whole file', async () => {
    const tock = await tockWithOneFile()
    tock.replies.set('/files/reservation-1.json', (request, response, times) => {
      if (!request.headers.range) return tagged(etag, [{ id: 1 }])(request, response, times)
      // Never ends: whoever reads it waits for ever.
      response.writeHead(200, { ETag: etag, ...at(noon) }).write('[')
    })
    expect((await pull(tock, known)).read).toMatchObject({
      takenAtMs: noon.getTime(),
      filesUnchanged: 1,
      bytes: 0,
    })
  })

  test('is fetched when it changed between the two questions', async () => {
    const tock = await tockWithOneFile()
    tock.replies.set('/files/reservation-1.json', (request, response, times) => {
      const reply =
        request.headers['if-none-match'] === etag
          ? status(304)
          : json([{ id: 2 }], { ETag: '"new"', ...at(noon) })
      reply(request, response, times)
    })
    const { handed } = await pull(tock, known)
    expect(handed).toEqual([expect.objectContaining({ etag: '"new"', rows: [{ id: 2 }] })])
  })

  test('is not believed when the tag is another one', async () => {
    const tock = await tockWithOneFile()
    tock.replies.set('/files/reservation-1.json', (request, response, times) => {
      const reply = request.headers['if-none-match']
        ? status(304, '', { ETag: '"other"', ...at(noon) })
        : json([{ id: 2 }], { ETag: '"other"', ...at(noon) })
      reply(request, response, times)
    })
    const { handed } = await pull(tock, known)
    expect(handed).toEqual([expect.objectContaining({ etag: '"other"', rows: [{ id: 2 }] })])
  })

  test('is not believed when nobody asked', async () => {
    const tock = await tockWithOneFile()
    tock.replies.set('/files/reservation-1.json', inTurn(status(304), json([{ id: 1 }])))
    expect((await pull(tock)).handed).toEqual([expect.objectContaining({ rows: [{ id: 1 }] })])
    tock.replies.set('/files/reservation-1.json', status(304))
    expect(await failureOf(pull(tock))).toMatchObject({ code: 'incomplete_snapshot' })
  })
})
