/** Says once that a proxy is not believed: all who come by it would count as one client, and nobody would see why. */

import type { Api } from './parts.ts'

export function addProxyNotice(api: Api): void {
  let isSaid = false
  api.addHook('onRequest', async (request) => {
    // `ips` has whom it was forwarded for, where it was believed.
    if (isSaid || request.headers['x-forwarded-for'] === undefined || (request.ips?.length ?? 0) > 1) return
    isSaid = true
    // Without the address: it may be a visitor's who made the header up.
    request.log.warn(
      'X-Forwarded-For came from an address that TRUSTED_PROXIES does not name, and is not believed. If it is your proxy, name it there.',
    )
  })
}
