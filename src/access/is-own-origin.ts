/**
 * Against forged requests: a browser sends a user's cookie along from any page, and says from which. Only pages of this
 * program may write with it.
 */

const thisMachine = ['localhost', '127.0.0.1', '[::1]']

/** @param publicUrl unset: only pages that this machine shows itself, under the address that was asked */
export function isOwnOrigin(headers: Headers, publicUrl: string | undefined): boolean {
  const origin = headers.get('origin')
  // Some browsers leave the origin out towards the page's own server; they say so in a header no page can set.
  if (origin === null) return headers.get('sec-fetch-site') === 'same-origin'
  if (publicUrl !== undefined) return origin === new URL(publicUrl).origin
  const url = URL.parse(origin)
  return url !== null && url.host === headers.get('host') && thisMachine.includes(url.hostname)
}
