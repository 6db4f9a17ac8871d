/** Whether the present encryption key opens everything that is stored sealed. */

import type { Db } from '../database/connect.ts'
import type { Secrets } from './secrets.ts'
import { storedSecrets } from './stored-secrets.ts'

/** @returns how many sealed secrets there are, and the names of those that cannot be opened */
export async function checkSecrets(db: Db, secrets: Secrets): Promise<{ stored: number; closed: string[] }> {
  const all = await storedSecrets(db)
  const closed: string[] = []
  for (const { name, sealed, boundTo } of all) {
    await secrets.open(sealed, boundTo).catch(() => closed.push(name))
  }
  return { stored: all.length, closed }
}
