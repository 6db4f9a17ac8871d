/** Everything that is sealed in the database, with whom each is bound to. */

import { sql } from 'kysely'
import { mailLinkBinding } from '../contract/mail.ts'
import type { Db } from '../database/connect.ts'

export type StoredSecret = {
  /** What it is, for a person. */
  name: string
  sealed: string
  boundTo: string
  /** Stores another sealing of the same text, unless the row has changed meanwhile. */
  replace(sealed: string): Promise<void>
}

export const tockKeyBinding = (wineryId: string, brandId: string) => `${wineryId}/${brandId}`
export const analystBinding = (wineryId: string) => `analyst/${wineryId}`
export const installationBinding = (name: string) => `installation/${name}`

export async function storedSecrets(db: Db): Promise<StoredSecret[]> {
  const [keys, logins, installation, mails, handed] = await Promise.all([
    db.selectFrom('tock_keys').select(['winery_id', 'brand_id', 'sealed']).execute(),
    db.selectFrom('analyst_logins').select(['winery_id', 'sealed']).execute(),
    db.selectFrom('installation_secrets').select(['name', 'sealed']).execute(),
    sql<{ winery_id: string; mail_id: string; recipient: string; sealed: string }>`
      select winery_id, mail_id, recipient, sealed_link as sealed
      from ecellar.outbox
      where sealed_link is not null`
      .execute(db)
      .then(({ rows }) => rows),
    sql<{ winery_id: string; hand_over_id: string; brand_id: string; sealed: string }>`
      select winery_id, hand_over_id, brand_id, sealed
      from ecellar.handed_keys
      where sealed is not null`
      .execute(db)
      .then(({ rows }) => rows),
  ])
  return [
    ...keys.map(({ winery_id, brand_id, sealed }) => ({
      name: brand_id === '0' ? `the Tock key of winery ${winery_id}` : `the Tock key of brand ${brand_id}`,
      sealed,
      boundTo: tockKeyBinding(winery_id, brand_id),
      replace: async (anew: string) => {
        await db
          .updateTable('tock_keys')
          .set({ sealed: anew })
          .where('winery_id', '=', winery_id)
          .where('brand_id', '=', brand_id)
          .where('sealed', '=', sealed)
          .execute()
      },
    })),
    ...logins.map(({ winery_id, sealed }) => ({
      name: `the analyst's password of winery ${winery_id}`,
      sealed,
      boundTo: analystBinding(winery_id),
      replace: async (anew: string) => {
        await db
          .updateTable('analyst_logins')
          .set({ sealed: anew })
          .where('winery_id', '=', winery_id)
          .where('sealed', '=', sealed)
          .execute()
      },
    })),
    ...installation.map(({ name, sealed }) => ({
      name: `the installation's ${name} key`,
      sealed,
      boundTo: installationBinding(name),
      replace: async (anew: string) => {
        await db
          .updateTable('installation_secrets')
          .set({ sealed: anew })
          .where('name', '=', name)
          .where('sealed', '=', sealed)
          .execute()
      },
    })),
    ...mails.map(({ winery_id, mail_id, recipient, sealed }) => ({
      name: `the link in mail ${mail_id}`,
      sealed,
      boundTo: mailLinkBinding(recipient),
      replace: async (anew: string) => {
        await sql`
          update ecellar.outbox set sealed_link = ${anew}
          where winery_id = ${winery_id} and mail_id = ${mail_id} and sealed_link = ${sealed}`.execute(db)
      },
    })),
    ...handed.map(({ winery_id, hand_over_id, brand_id, sealed }) => ({
      name: `the Tock key that was handed over for brand ${brand_id}`,
      sealed,
      boundTo: tockKeyBinding(winery_id, brand_id),
      replace: async (anew: string) => {
        await sql`
          update ecellar.handed_keys set sealed = ${anew}
          where winery_id = ${winery_id}
            and hand_over_id = ${hand_over_id}
            and brand_id = ${brand_id}
            and sealed = ${sealed}`.execute(db)
      },
    })),
  ]
}
