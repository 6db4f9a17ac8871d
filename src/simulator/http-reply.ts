/** Answers over HTTP on this machine alone, also the kinds that real servers give by accident. */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'

export type Reply = {
  status: number
  headers: Record<string, string>
  body: Buffer
  /** Waits before the headers, or between the tenths of the body. */
  slow?: { part: 'headers' | 'body'; delayMs: number }
  /** Breaks the connection in the middle of the body. */
  isCut?: boolean
}

export type Answer = (request: IncomingMessage) => Reply | Promise<Reply>

export type ListeningServer = { origin: string; close(): Promise<void> }

export async function listen(port: number, answer: Answer): Promise<ListeningServer> {
  const server = createServer((request, response) => {
    Promise.resolve(answer(request))
      .then((reply) => send(response, reply))
      .catch((error: unknown) => fail(response, error))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return { origin: originOf(server), close: () => close(server) }
}

export function textReply(status: number, contentType: string, text: string): Reply {
  return { status, headers: { 'content-type': contentType }, body: Buffer.from(text) }
}

export function jsonReply(status: number, value: unknown): Reply {
  return textReply(status, 'application/json; charset=utf-8', JSON.stringify(value, null, 2))
}

/** The one value of a header; repeated ones are joined by Node. */
export function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name]
  return Array.isArray(value) ? value.join(', ') : value
}

async function send(response: ServerResponse, reply: Reply) {
  if (reply.slow?.part === 'headers') await wait(reply.slow.delayMs, undefined, { ref: false })
  if (response.destroyed) return
  const length = reply.headers['content-length'] ?? String(reply.body.length)
  const hasBody = reply.status !== 304
  response.writeHead(reply.status, { ...reply.headers, ...(hasBody && { 'content-length': length }) })
  if (!hasBody) return response.end()
  if (reply.isCut) return cut(response, reply.body)
  if (reply.slow?.part === 'body') return trickle(response, reply.body, reply.slow.delayMs)
  response.end(reply.body)
}

function cut(response: ServerResponse, body: Buffer) {
  response.write(body.subarray(0, Math.ceil(body.length / 2)), () => response.destroy())
}

async function trickle(response: ServerResponse, body: Buffer, delayMs: number) {
  const size = Math.max(1, Math.ceil(body.length / 10))
  for (let at = 0; at < body.length && !response.destroyed; at += size) {
    response.write(body.subarray(at, at + size))
    await wait(delayMs, undefined, { ref: false })
  }
  response.end()
}

function fail(response: ServerResponse, error: unknown) {
  const message = error instanceof Error ? error.message : 'fault'
  if (response.headersSent) response.destroy()
  else response.writeHead(500, { 'content-type': 'text/plain' }).end(`The simulator failed: ${message}`)
}

function originOf(server: Server): string {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The simulator has no port.')
  return `http://127.0.0.1:${address.port}`
}

/** Also ends connections that clients keep open, and answers under way. */
function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
