/** A winery that Support asks for its key, a Tock that accepts it or not yet, and the mails that both sides get. */

import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { openSecrets, type Secrets } from '../../../src/access/secrets.ts'
import { readTockKey } from '../../../src/access/tock-keys.ts'
import { readConfig } from '../../../src/config.ts'
import { addBrand, findBrand } from '../../../src/crm/brands.ts'
import { addWinery } from '../../../src/crm/wineries.ts'
import { putMail } from '../../../src/notify/put-mail.ts'
import { readMail, readOutbox } from '../../../src/notify/read-outbox.ts'
import { askForKey } from '../../../src/pull/key-hand-over/ask-for-key.ts'
import type { HandOverValues } from '../../../src/pull/key-hand-over/checked-hand-over.ts'
import type { KeyParts } from '../../../src/pull/key-hand-over/key-parts.ts'
import { readKeyStatus } from '../../../src/pull/key-hand-over/key-status.ts'
import { retryPendingKeys } from '../../../src/pull/key-hand-over/retry-pending-keys.ts'
import { submitKey } from '../../../src/pull/key-hand-over/submit-key.ts'
import { type Simulator, startSimulator } from '../../../src/simulator/simulator.ts'
import { actor } from '../../actor.ts'
import type { TestDatabase } from '../../database-for-tests.ts'

export const start = new Date('2026-06-01T12:00:00Z')
export const hoursLater = (hours: number) => new Date(start.getTime() + hours * 3_600_000)

export type KeyPlace = Awaited<ReturnType<typeof keyPlace>>

let places = 0

/** Two brands; `stored` are the ids that Support entered, where they differ from Tock's. */
export async function keyPlace(
  database: TestDatabase,
  options: { stored?: { JH: string; CR: string }; contact?: string | null } = {},
) {
  places += 1
  const groupId = String(500 + places)
  const [jh, cr, stranger] = [`${places}707`, `${places}708`, `${places}709`]
  const business = (businessId: string, name: string, reservations = 5) => ({
    businessId,
    name,
    timeZone: 'America/Los_Angeles',
    reservations,
  })
  const simulator: Simulator = await startSimulator({
    now: start,
    wineries: [
      {
        businessGroupId: groupId,
        name: 'Juniper Hill Group',
        guests: 12,
        businesses: [business(jh, 'Juniper Hill Estate'), business(cr, 'Creekside Cellar')],
      },
      {
        businessGroupId: `9${groupId}`,
        name: 'Stranger',
        guests: 12,
        businesses: [business(stranger, 'Stranger Winery')],
      },
    ],
  })
  const { db } = database
  const slug = `winery-${places}`
  const { winery } = await addWinery(
    db,
    {
      slug,
      name: `Winery ${places}`,
      ...(options.contact === null ? {} : { reservationContact: options.contact ?? 'desk@example.com' }),
    },
    actor,
  )
  const wineryId = winery.winery_id
  const stored = options.stored ?? { JH: jh, CR: cr }
  for (const [code, businessId] of Object.entries(stored)) {
    await addBrand(db, wineryId, { code, name: `Brand ${code}`, businessGroupId: groupId, businessId }, actor)
  }
  const newKey = () => randomBytes(32).toString('base64')
  const openWith = (...keys: string[]): Promise<Secrets> =>
    openSecrets({
      db,
      config: readConfig({ ENCRYPTION_KEY: keys.join(','), DATABASE_URL: database.url }, '/'),
      note: () => {},
    })
  const encryptionKey = newKey()
  const secrets = await openWith(encryptionKey)
  const parts = (now: Date): KeyParts => ({
    db,
    secrets,
    tock: { apiUrl: simulator.url, allowLoopbackHttp: true, retry: { tries: 1, totalMs: 2_000 } },
    config: { publicUrl: 'https://tock.example', port: 4000 },
    tell: (trx, mail) => putMail(trx, mail, secrets),
    now,
  })
  const apiKey = simulator.businesses[0]?.apiKey ?? ''
  const values = (change: Partial<HandOverValues> = {}): HandOverValues => ({
    apiKey,
    businessGroupId: groupId,
    businesses: [
      { brand: 'JH', businessId: jh },
      { brand: 'CR', businessId: cr },
    ],
    ...change,
  })
  const brandId = async (code: string) => (await findBrand(db, wineryId, code)).brand_id
  return {
    simulator,
    wineryId,
    slug,
    groupId,
    jh,
    cr,
    stranger,
    strangersKey: simulator.businesses[2]?.apiKey ?? '',
    apiKey,
    secrets,
    /** As if ENCRYPTION_KEY had been changed, and the earlier one were gone. */
    async rotated(): Promise<Secrets> {
      const next = newKey()
      await openWith(next, encryptionKey)
      return openWith(next)
    },
    parts,
    values,
    brandId,
    /** The token of a new link. */
    async ask(codes = ['CR', 'JH'], now = start, to: string | null = 'admin@example.com'): Promise<string> {
      const brands = await Promise.all(codes.map((code) => findBrand(db, wineryId, code)))
      const { link } = await askForKey(parts(now), {
        winery: { wineryId, name: winery.name },
        brands: brands.map((brand) => ({ brandId: brand.brand_id, code: brand.code, name: brand.name })),
        to,
        supportMail: 'support@ecellar.example',
        actor,
      })
      return tokenOf(link)
    },
    submit: (token: string, change: Partial<HandOverValues> = {}, now = start) =>
      submitKey(parts(now), token, values(change)),
    retry: (now: Date) => retryPendingKeys(parts(now)),
    key: async (code: string) => readTockKey(db, secrets, { wineryId, brandId: await brandId(code) }),
    status: async (now = start) =>
      Object.fromEntries((await readKeyStatus(db, wineryId, now)).map((row) => [row.brand, row])),
    /** The oldest first. */
    async mails() {
      const rows = await readOutbox(db, { wineryId, limit: 100 })
      const read = rows.reverse().map(async ({ mailId, template }) => ({
        template,
        ...(await readMail(db, mailId, { supportContact: 'eCELLAR Support', secrets })),
      }))
      return Promise.all(read)
    },
    audit: async () =>
      (
        await sql<{ action: string; subject: string | null; actor_name: string; details: unknown }>`
          select action, subject, actor_name, details from ecellar.audit
          where winery_id = ${wineryId} order by audit_id`.execute(db)
      ).rows,
    close: () => simulator.close(),
  }
}

export const tokenOf = (link: string) => new URL(link).hash.slice(1)
