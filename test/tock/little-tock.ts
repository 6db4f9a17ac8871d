/** A Tock of a few lines, whose every answer a test decides. */

import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import type { TockConnection } from '../../src/tock/connection.ts'
import { readSnapshot, type SnapshotFile, type SnapshotOptions } from '../../src/tock/read-snapshot.ts'

/** `times` counts the requests for this path, from 1. */
export type Reply = (request: IncomingMessage, response: ServerResponse, times: number) => void

export type LittleTock = {
  connection: TockConnection
  origin: string
  /** Replies by path; `/base/api/data/export/urls` is the listing, files stand at `/files/<name>`. */
  replies: Map<string, Reply>
  seen: { path: string; query: string; headers: IncomingHttpHeaders }[]
  /** Signed links, as a listing names them. */
  link(name: string): string
  /** Lists these files; the replies for them are up to the test. */
  list(reservations: string[], guests: string[]): void
  timesSeen(path: string): number
}

export const secretKey = 'key.of-a-brand_which-nobody-may-see'
export const secretSignature = 'SIGNATURE-THAT-OPENS-EVERYTHING'
export const listingPath = '/base/api/data/export/urls'

export async function startLittleTock(retry = { tries: 4, totalMs: 2_000 }): Promise<LittleTock> {
  const replies = new Map<string, Reply>()
  const seen: LittleTock['seen'] = []
  const timesSeen = (path: string) => seen.filter((one) => one.path === path).length
  const server = createServer((request, response) => {
    const [path = '', query = ''] = (request.url ?? '').split('?')
    seen.push({ path, query, headers: request.headers })
    const reply = replies.get(path) ?? status(404)
    reply(request, response, timesSeen(path))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const { port } = server.address() as AddressInfo
  const origin = `http://127.0.0.1:${port}`
  const link = (name: string) => `${origin}/files/${name}?X-Goog-Signature=${secretSignature}`
  return {
    connection: {
      apiUrl: `${origin}/base/`,
      apiKey: secretKey,
      businessId: '707',
      businessGroupId: '55',
      allowLoopbackHttp: true,
      retry,
    },
    origin,
    replies,
    seen,
    link,
    list(reservations, guests) {
      const result = { reservationDataUrls: reservations.map(link), guestDataUrls: guests.map(link) }
      replies.set(listingPath, json({ result }))
    },
    timesSeen,
  }
}

export function status(code: number, body = '', headers: Record<string, string> = {}): Reply {
  return (_request, response) => {
    response.writeHead(code, headers).end(body)
  }
}

export function json(value: unknown, headers: Record<string, string> = {}): Reply {
  return status(200, JSON.stringify(value), { 'Content-Type': 'application/json', ...headers })
}

/** Another reply each time, the last one for ever. */
export function inTurn(...turns: Reply[]): Reply {
  return (request, response, times) => turns[Math.min(times, turns.length) - 1]?.(request, response, times)
}

export const hangs: Reply = () => {}

export const breaksOff: Reply = (_request, response) => {
  response.writeHead(200, { 'Content-Length': '1000' })
  response.write('[{"id":1},', () => response.destroy())
}

/** Half of it, then silence. */
export const stalls: Reply = (_request, response) => {
  response.writeHead(200, { 'Content-Length': '1000' }).write('[{"id":1},')
}

export const cloudflarePage = status(503, '<!DOCTYPE html><html>Cloudflare Ray ID</html>', {
  'Content-Type': 'text/html',
})

export const expired = status(400, '<Error><Code>ExpiredToken</Code></Error>')

/** Answers "not changed" to whoever asks with this tag. */
export function tagged(etag: string, body: unknown, headers: Record<string, string> = {}): Reply {
  return (request, response, times) => {
    const reply =
      request.headers['if-none-match'] === etag
        ? status(304, '', { ETag: etag, ...headers })
        : json(body, { ETag: etag, ...headers })
    reply(request, response, times)
  }
}

export type Handed = Omit<SnapshotFile, 'bytes'> & { rows: unknown }

/** Reads a snapshot and keeps what was handed over since the last restart. */
export async function pull(tock: LittleTock, changes: Partial<SnapshotOptions> = {}) {
  const handed: Handed[] = []
  let restarts = 0
  const read = await readSnapshot({
    connection: tock.connection,
    knownEtag: () => null,
    mustHaveFiles: { reservations: false, guests: false },
    async onRestart() {
      restarts += 1
      handed.length = 0
    },
    async onFile({ bytes, ...file }) {
      handed.push({ ...file, rows: bytes === null ? null : JSON.parse(new TextDecoder().decode(bytes)) })
    },
    ...changes,
  })
  return { read, handed, restarts }
}

/** What was thrown, or a failed test when nothing was. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return await promise.then(
    () => {
      throw new Error('It succeeded')
    },
    (error: unknown) => error,
  )
}
