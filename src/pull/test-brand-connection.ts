/** Asks Tock about one brand before anything is pulled: whether the key is accepted, and what the business is called. */

import type { Secrets } from '../access/secrets.ts'
import { readTockKey } from '../access/tock-keys.ts'
import { Refusal } from '../contract/errors.ts'
import type { Db } from '../database/connect.ts'
import { type ConnectionTest, testConnection } from '../tock/test-connection.ts'

/** @throws Refusal no_key, and whatever Tock's answer means: key_refused, tock_unavailable, wrong_business, incomplete_snapshot */
export async function testBrandConnection(options: {
  db: Db
  secrets: Secrets
  winery: string
  brand: { wineryId: string; brandId: string; code: string; businessId: string; businessGroupId: string }
  tock: { apiUrl: string; allowLoopbackHttp: boolean }
  signal?: AbortSignal | undefined
}): Promise<ConnectionTest> {
  const { brand } = options
  const apiKey = await readTockKey(options.db, options.secrets, brand)
  if (apiKey === null) {
    throw new Refusal(
      'no_key',
      'No Tock API key is stored for this brand.',
      `An account owner asks Tock for it (PRO plan, sold today as Premium or Premium Unlimited). Then it is handed over by a one-time link (key ask --winery ${options.winery}).`,
    )
  }
  const { businessId, businessGroupId } = brand
  return testConnection({ ...options.tock, apiKey, businessId, businessGroupId }, options.signal)
}
