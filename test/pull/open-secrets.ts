/** Secrets that tests can read: what sealing does is tested beside it. */

import type { Secrets } from '../../src/access/secrets.ts'

export const openSecrets: Secrets = {
  seal: async (text) => text,
  open: async (sealed) => sealed,
  erasureKey: async () => new Uint8Array(32).fill(7),
  signInKey: async () => new Uint8Array(32).fill(8),
}
