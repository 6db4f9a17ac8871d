/** What it takes to ask Tock about one brand, and the request for its list of files. */

import { readFileSync } from 'node:fs'
import { Refusal } from '../contract/errors.ts'
import { keyRefused } from './refusals.ts'

export type TockConnection = {
  /** Where Tock's API stands; may end in a slash or have a path. */
  apiUrl: string
  apiKey: string
  businessId: string
  businessGroupId: string
  /** File links may be plain http on this machine: for the simulator. */
  allowLoopbackHttp: boolean
  /** How many tries one request gets, and how long the failing ones of a pull may take together. */
  retry?: { tries: number; totalMs: number }
}

/**
 * The listing's address and headers. The key goes into this one request and nowhere else.
 * @throws Refusal for an address or a key with which no request can be made: `fetch` would quote them in its error
 */
export function listingRequest(connection: TockConnection): { url: URL; headers: Record<string, string> } {
  const { apiKey, businessId, businessGroupId } = connection
  const key = apiKey.trim()
  if (!/^[\x21-\x7E]+$/.test(key))
    throw keyRefused('The stored key holds characters that no key of Tock has.')
  return {
    url: listingUrl(connection.apiUrl),
    headers: {
      ...userAgent(),
      'X-Tock-Authorization': key,
      'X-Tock-Scope': headerText(JSON.stringify({ businessId, businessGroupId })),
    },
  }
}

/** Tock wants one. The storage behind the file links gets it too, and nothing else. */
export function userAgent(): { 'User-Agent': string } {
  return { 'User-Agent': `eCELLAR-Tock-Integration/${version}` }
}

export function isLoopback(host: string): boolean {
  return /^(?:localhost|.+\.localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(host)
}

const packageFile: { version: string } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
)
const { version } = packageFile

function listingUrl(apiUrl: string): URL {
  const url = URL.parse(apiUrl)
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname))
  if (!url || !isSafe || url.username !== '' || url.password !== '') {
    throw new Refusal(
      'invalid',
      'TOCK_API_URL is no address that a key may be sent to.',
      'Set it to an https address (plain http is for this machine alone), without a user name or a password.',
    )
  }
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/api/data/export/urls`
  url.search = ''
  url.hash = ''
  return url
}

/** Headers carry ASCII; JSON may spell everything else as an escape. */
function headerText(json: string): string {
  return json.replaceAll(/[^\x20-\x7E]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
