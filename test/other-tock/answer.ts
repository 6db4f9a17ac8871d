import type { ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'

export interface Answer {
  status: number
  headers: Record<string, string>
  body: Buffer
  /** How the answer goes wrong on its way, if it does. */
  fate?: 'cut-before' | 'cut-midway' | 'hangs' | 'stalls'
}

export interface Manners {
  gzip?: boolean
  chunked?: boolean
  tinyChunks?: boolean
  headerCase?: 'upper' | 'lower'
}

export const nothing = Buffer.alloc(0)

export function plain(status: number, body: Buffer | string = nothing, type?: string): Answer {
  return { status, headers: type ? { 'Content-Type': type } : {}, body: Buffer.from(body) }
}

export function html(status: number): Answer {
  const page = `<!DOCTYPE html>
<html lang="en-US"><head><title>exploretock.com | ${status}: Service Temporarily Unavailable</title></head>
<body><h1>Error ${status}</h1><p>Please try again in a few minutes.</p><p>Cloudflare Ray ID: 8f00000000000000</p></body></html>
`
  const answer = plain(status, page, 'text/html; charset=UTF-8')
  answer.headers.Server = 'cloudflare'
  return answer
}

export function xml(status: number, code: string, message: string): Answer {
  const body = `<?xml version='1.0' encoding='UTF-8'?><Error><Code>${code}</Code><Message>${message}</Message></Error>`
  return plain(status, body, 'application/xml; charset=UTF-8')
}

export function json(body: Buffer): Answer {
  return plain(200, body, 'application/json')
}

export function redirect(to: string): Answer {
  const answer = plain(302)
  answer.headers.Location = to
  return answer
}

export function send(answer: Answer, response: ServerResponse, manners: Manners): void {
  if (answer.fate === 'hangs') return
  if (answer.fate === 'cut-before') {
    response.socket?.destroy()
    return
  }
  const headers: Record<string, string> = { Date: new Date().toUTCString(), ...answer.headers }
  let body = answer.body
  const bodiless = answer.status === 304
  if (manners.gzip && !bodiless && body.length > 0) {
    body = gzipSync(body)
    headers['Content-Encoding'] = 'gzip'
  }
  const pieces = manners.chunked || manners.tinyChunks || 'Transfer-Encoding' in headers
  if (!pieces && !bodiless) headers['Content-Length'] = String(body.length)
  response.sendDate = false
  response.writeHead(answer.status, inCase(headers, manners.headerCase))
  if (bodiless) response.end()
  else if (answer.fate) {
    const { fate } = answer
    response.write(body.subarray(0, Math.ceil(body.length / 2)), () => {
      if (fate === 'cut-midway') setTimeout(() => response.socket?.destroy(), 20)
    })
  } else if (manners.tinyChunks) sendInPieces(body, response)
  else if (manners.chunked) {
    response.write(body.subarray(0, 1))
    response.end(body.subarray(1))
  } else response.end(body)
}

/** Small odd sizes at first, larger ones later, so that long files still come through. */
function sendInPieces(body: Buffer, response: ServerResponse): void {
  let from = 0
  const next = (): void => {
    while (from < body.length) {
      const size = from < 50_000 ? 7 : 65_537
      const piece = body.subarray(from, from + size)
      from += size
      if (!response.write(piece)) {
        response.once('drain', next)
        return
      }
    }
    response.end()
  }
  next()
}

function inCase(headers: Record<string, string>, how: Manners['headerCase']): Record<string, string> {
  if (!how) return headers
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      how === 'upper' ? name.toUpperCase() : name.toLowerCase(),
      value,
    ]),
  )
}
