import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

export const secondsGood = 7 * 24 * 60 * 60

export type Signature = 'good' | 'missing' | 'wrong' | 'expired'

export interface Signer {
  sign(origin: string, path: string, now: Date): string
  check(url: URL, now: Date): Signature
}

/** URLs in the manner of Google Cloud Storage: whoever holds one can read the file for seven days. */
export function makeSigner(): Signer {
  const secret = randomBytes(32)
  const seal = (path: string, query: URLSearchParams): string =>
    createHmac('sha256', secret).update(`${path}?${query}`).digest('hex')
  return {
    sign(origin, path, now) {
      const stamp = now.toISOString().replace(/[-:]|\.\d+/g, '')
      const query = new URLSearchParams({
        'X-Goog-Algorithm': 'GOOG4-RSA-SHA256',
        'X-Goog-Credential': `exports@example.com/${stamp.slice(0, 8)}/auto/storage/goog4_request`,
        'X-Goog-Date': stamp,
        'X-Goog-Expires': String(secondsGood),
        'X-Goog-SignedHeaders': 'host',
      })
      return `${origin}${path}?${query}&X-Goog-Signature=${seal(path, query)}`
    },
    check(url, now) {
      const query = new URLSearchParams(url.searchParams)
      const given = query.get('X-Goog-Signature')
      if (!given) return 'missing'
      query.delete('X-Goog-Signature')
      const due = Buffer.from(seal(url.pathname, query))
      const came = Buffer.from(given)
      if (due.length !== came.length || !timingSafeEqual(due, came)) return 'wrong'
      const stamp = query.get('X-Goog-Date') ?? ''
      const signedAt = Date.parse(
        stamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'),
      )
      return now.getTime() > signedAt + secondsGood * 1000 ? 'expired' : 'good'
    },
  }
}
