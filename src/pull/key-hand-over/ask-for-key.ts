/** Support asks a winery for its Tock key: a one-time link, mailed where there is somebody to mail it to. */

import { sql } from 'kysely'
import { makeHandOverLink } from '../../access/hand-over-links.ts'
import { linkTo } from '../../access/one-time-token.ts'
import type { Actor } from '../../contract/access.ts'
import { emailKey } from '../../contract/email-address.ts'
import { Refusal } from '../../contract/errors.ts'
import { inWinery } from '../../database/tenant-session.ts'
import type { KeyParts } from './key-parts.ts'

/**
 * `to` gets the link, and later hears how the key fares; `supportMail` hears it too. Brands are the winery's.
 * @throws Refusal invalid
 */
export async function askForKey(
  parts: Pick<KeyParts, 'db' | 'config' | 'tell' | 'now'>,
  ask: {
    winery: { wineryId: string; name: string }
    brands: { brandId: string; code: string; name: string }[]
    to: string | null
    supportMail: string | null
    actor: Actor
  },
): Promise<{ linkId: string; link: string; expiresAt: Date; mailedTo: string | null }> {
  const { db, now } = parts
  const { winery, brands, actor } = ask
  const to = ask.to?.trim() ?? null
  if (to !== null && emailKey(to) === null) {
    throw new Refusal('invalid', 'The link cannot be mailed: this is no e-mail address.', 'Give an address.')
  }
  const brandIds = brands.map((brand) => brand.brandId)
  const { linkId, token, expiresAt } = await makeHandOverLink(db, {
    wineryId: winery.wineryId,
    brandIds,
    actor,
    now,
  })
  const link = linkTo(parts.config, 'hand-over', token)
  await inWinery(db, winery.wineryId, async (trx) => {
    await sql`
      insert into ecellar.key_hand_overs (winery_id, link_id, asked_by, tell_winery, tell_support)
      values (${winery.wineryId}, ${linkId}, ${actor.name}, ${to}, ${ask.supportMail})`.execute(trx)
    if (to === null) return
    await parts.tell(trx, {
      to,
      template: 'hand-over-link',
      wineryId: winery.wineryId,
      data: {
        wineryName: winery.name,
        brands: brands.map(({ code, name }) => ({ code, name })),
        askedBy: actor.name,
        link,
        expiresAt: expiresAt.toISOString(),
      },
      putAt: now,
    })
  })
  return { linkId, link, expiresAt, mailedTo: to }
}
