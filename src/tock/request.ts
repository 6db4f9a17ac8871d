/** One HTTP request and its whole answer, with limits; every failure in words that give nothing away. */

/** Why a request did not succeed. Carries no cause: the errors of `fetch` quote addresses and headers. */
export class RequestFailure extends Error {
  /** Part of a sentence. */
  readonly reason: string
  readonly status: number | null
  readonly retryAfterMs: number | null

  constructor(reason: string, status: number | null = null, retryAfterMs: number | null = null) {
    super(reason)
    this.name = 'RequestFailure'
    this.reason = reason
    this.status = status
    this.retryAfterMs = retryAfterMs
  }
}

export type Answer = { status: number; headers: Headers; body: Uint8Array<ArrayBuffer> }

/** How long nothing may arrive. */
export type Patience = { idleMs: number; signal?: AbortSignal | undefined }

const longestMs = 10 * 60_000
const mostBytes = 400 * 1024 * 1024

/**
 * The body is read only with one of the statuses in `withBody`.
 * @throws RequestFailure when no whole answer came; the signal's reason when it was aborted
 */
export async function request(
  url: URL,
  headers: Record<string, string>,
  withBody: readonly number[],
  patience: Patience,
): Promise<Answer> {
  patience.signal?.throwIfAborted()
  const watch = new AbortController()
  const isSilent = setTimeout(() => watch.abort('silent'), Math.max(1, patience.idleMs))
  const isEndless = setTimeout(() => watch.abort('endless'), longestMs)
  const signal = patience.signal ? AbortSignal.any([patience.signal, watch.signal]) : watch.signal
  try {
    // A redirect would carry the key elsewhere, and a file is where its link says.
    const response = await fetch(url, { headers, redirect: 'manual', signal })
    isSilent.refresh()
    if (!withBody.includes(response.status)) {
      // Nobody waits for the end of a page that nobody reads.
      watch.abort('unwanted')
      return { status: response.status, headers: response.headers, body: new Uint8Array() }
    }
    const body = await readBody(response, () => isSilent.refresh())
    return { status: response.status, headers: response.headers, body }
  } catch (error) {
    if (error instanceof RequestFailure) throw error
    patience.signal?.throwIfAborted()
    throw new RequestFailure(reasonOf(error, watch.signal))
  } finally {
    clearTimeout(isSilent)
    clearTimeout(isEndless)
    watch.abort('done')
  }
}

/** What an answer with a status that nobody wanted means, for `RequestFailure`. */
export function badStatus({ status, headers }: Answer): RequestFailure {
  return new RequestFailure(`it answered with HTTP ${status}`, status, retryAfterMs(headers))
}

async function readBody(response: Response, onChunk: () => void): Promise<Uint8Array<ArrayBuffer>> {
  const isEncoded = response.headers.has('content-encoding')
  const promised = isEncoded ? 0 : Number(response.headers.get('content-length') ?? 0)
  if (promised > mostBytes) throw new RequestFailure('it is larger than a file of Tock can be')
  let body = new Uint8Array(promised > 0 ? promised : 64 * 1024)
  let length = 0
  for await (const chunk of response.body ?? []) {
    onChunk()
    if (length + chunk.byteLength > mostBytes)
      throw new RequestFailure('it is larger than a file of Tock can be')
    if (length + chunk.byteLength > body.byteLength) {
      body = new Uint8Array(body.buffer.transfer(Math.max(body.byteLength * 2, length + chunk.byteLength)))
    }
    body.set(chunk, length)
    length += chunk.byteLength
  }
  return length === body.byteLength ? body : new Uint8Array(body.buffer.transfer(length))
}

function reasonOf(error: unknown, watch: AbortSignal): string {
  if (watch.reason === 'silent') return 'no answer came in time'
  if (watch.reason === 'endless') return 'the answer took more than ten minutes'
  const cause = error instanceof Error ? error.cause : undefined
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : ''
  // Codes such as ECONNREFUSED; never the text beside them, which may quote an address.
  return /^[A-Z][A-Z0-9_]{2,40}$/.test(code) ? `the connection failed (${code})` : 'the connection failed'
}

/** Seconds or a date (RFC 9110 §10.2.3). */
function retryAfterMs(headers: Headers): number | null {
  const value = headers.get('retry-after')
  if (value === null) return null
  const ms = /^\d+$/.test(value.trim()) ? Number(value) * 1000 : Date.parse(value) - Date.now()
  return Number.isNaN(ms) ? null : Math.max(0, ms)
}
