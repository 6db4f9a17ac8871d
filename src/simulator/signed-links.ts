/** Links as Cloud Storage signs them: whoever holds one reads the file, for seven days. */

import { createHmac } from 'node:crypto'

export const linkSeconds = 604_800

export type LinkSigner = {
  sign(origin: string, path: string, nowMs: number): string
  check(link: URL, nowMs: number): 'good' | 'expired' | 'forged'
}

export function linkSigner(secret: string): LinkSigner {
  const signature = (path: string, date: string) =>
    createHmac('sha256', secret).update(`GET\n${path}\n${date}\n${linkSeconds}`).digest('hex').repeat(4)

  return {
    sign(origin, path, nowMs) {
      const link = new URL(path, origin)
      const date = basicDate(nowMs)
      const credential = `export@simulated.iam.example.com/${date.slice(0, 8)}/auto/storage/goog4_request`
      link.searchParams.set('X-Goog-Algorithm', 'GOOG4-RSA-SHA256')
      link.searchParams.set('X-Goog-Credential', credential)
      link.searchParams.set('X-Goog-Date', date)
      link.searchParams.set('X-Goog-Expires', String(linkSeconds))
      link.searchParams.set('X-Goog-SignedHeaders', 'host')
      link.searchParams.set('X-Goog-Signature', signature(path, date))
      return link.href
    },
    check(link, nowMs) {
      const date = link.searchParams.get('X-Goog-Date') ?? ''
      const isOurs = link.searchParams.get('X-Goog-Signature') === signature(link.pathname, date)
      const signedMs = fromBasicDate(date)
      if (!isOurs || signedMs === null) return 'forged'
      return nowMs > signedMs + linkSeconds * 1000 ? 'expired' : 'good'
    },
  }
}

/** `20260801T020000Z` */
function basicDate(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`
}

function fromBasicDate(text: string): number | null {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text)
  if (!match) return null
  const [, year, month, day, hour, minute, second] = match
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
}
