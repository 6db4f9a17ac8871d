/** After a change of ENCRYPTION_KEY: everything that an earlier key sealed is sealed by the present one. */

import type { Db } from '../database/connect.ts'
import { storedSecrets } from './stored-secrets.ts'

/** @returns how many were sealed anew; one that no known key opens stays as it is and says so when it is used */
export async function sealAnew(
  db: Db,
  secrets: {
    open(sealed: string, boundTo: string): Promise<string>
    seal(text: string, boundTo: string): Promise<string>
    isCurrent(sealed: string): boolean
  },
): Promise<number> {
  let count = 0
  for (const secret of await storedSecrets(db)) {
    if (isCurrent(secrets, secret.sealed)) continue
    const text = await secrets.open(secret.sealed, secret.boundTo).catch(() => undefined)
    if (text === undefined) continue
    await secret.replace(await secrets.seal(text, secret.boundTo))
    count += 1
  }
  return count
}

function isCurrent(secrets: { isCurrent(sealed: string): boolean }, sealed: string): boolean {
  try {
    return secrets.isCurrent(sealed)
  } catch {
    return true
  }
}
