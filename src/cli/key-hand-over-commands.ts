/** `key ask`, `key status`, `key confirm`, `key revoke`: the key comes from the winery over a one-time link. */

import type { Command } from 'commander'
import { type Brand, findBrand, findPlace } from '../crm/brands.ts'
import { findWinery, type Winery } from '../crm/wineries.ts'
import { supportAddress } from '../notify/mail-address.ts'
import { putMail } from '../notify/put-mail.ts'
import type { KeyParts } from '../pull/key-hand-over/key-parts.ts'
import type { KeyStatus } from '../pull/key-hand-over/key-status.ts'
import type { Context, Door } from './door.ts'
import { many, tableText } from './format-table.ts'

export function addKeyHandOverCommands(key: Command, door: Door): void {
  addAsk(key, door)
  addStatus(key, door)
  addConfirm(key, door)
  addRevoke(key, door)
}

const brandOption = '--brand <code>'
const collect = (code: string, before: string[] = []) => [...before, code]

function addAsk(key: Command, door: Door): void {
  const ask = key
    .command('ask')
    .description(
      'ask the winery for its key and ids: a one-time link, good for 72 hours, spent when the form is sent',
    )
    .requiredOption('--winery <slug>', 'the winery')
    .option(brandOption, 'for this brand; may be repeated; without it for all brands', collect)
    .option('--to <address>', 'mail the link there; without it to the reservation contact')
    .option('--no-mail', 'only print the link')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExample:\n  $ ecellar-tock key ask --winery juniper-hill --to admin@juniper-hill.example',
    )
  ask.action((options: { winery: string; brand?: string[]; to?: string; mail: boolean }) =>
    door.run(ask, async (context) => {
      const { database, config, actor, note } = context
      const winery = await findWinery(database.db, options.winery)
      const brands = await brandsOf(context, winery, options.brand)
      const { askForKey } = await import('../pull/key-hand-over/ask-for-key.ts')
      const asked = await askForKey(await keyParts(context), {
        winery: { wineryId: winery.winery_id, name: winery.name },
        brands: brands.map(({ brand_id, code, name }) => ({ brandId: brand_id, code, name })),
        to: options.mail ? (options.to ?? winery.reservation_contact) : null,
        supportMail: supportAddress(config.supportContact),
        actor,
      })
      if (config.publicUrl === undefined) {
        note(
          'PUBLIC_URL is not set: the link leads to this machine. Set it to the address that the winery can reach.',
        )
      }
      const mailed =
        asked.mailedTo === null
          ? 'It was mailed to nobody: give it to the winery in a way that nobody else can read.'
          : `It is mailed to ${asked.mailedTo}${config.smtpUrl === undefined ? ' once SMTP_URL is set' : ''}.`
      return {
        json: {
          winery: winery.slug,
          brands: brands.map((brand) => brand.code),
          link: asked.link,
          expiresAt: asked.expiresAt,
          mailedTo: asked.mailedTo,
        },
        text: `${asked.link}\n\nIt works once, until ${asked.expiresAt.toISOString()}. ${mailed}\nNext: key status --winery ${winery.slug}`,
      }
    }),
  )
}

function addStatus(key: Command, door: Door): void {
  const status = key
    .command('status')
    .description('how each brand stands with its key: asked for, not accepted yet, to be confirmed, stored')
    .requiredOption('--winery <slug>', 'the winery')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  $ ecellar-tock key status --winery juniper-hill')
  status.action((options: { winery: string }) =>
    door.run(status, async ({ database }) => {
      const winery = await findWinery(database.db, options.winery)
      const { readKeyStatus } = await import('../pull/key-hand-over/key-status.ts')
      const rows = await readKeyStatus(database.db, winery.winery_id, new Date())
      const json = rows.map(({ brandId: _, handedOver, ...row }) => ({
        winery: winery.slug,
        ...row,
        handedOver: handedOver === null ? null : { ...handedOver, brandId: undefined },
      }))
      return { json, text: statusText(winery.slug, rows) }
    }),
  )
}

function statusText(slug: string, rows: KeyStatus[]): string {
  if (rows.length === 0) return `No brands yet. Add one: brand add --winery ${slug}`
  const stored = { brand: 'its own', winery: "the winery's" }
  const table = tableText(
    ['brand', 'key', 'stored', 'on its way'],
    rows.map((row) => [
      row.brand,
      row.storedFor === null ? 'none' : stored[row.storedFor],
      row.storedAt,
      [
        ...(row.linkExpiresAt === null
          ? []
          : [`asked for; the link is good until ${row.linkExpiresAt.toISOString()}`]),
        ...handedText(row),
      ].join('. ') || '-',
    ]),
  )
  const toConfirm = rows.filter((row) => row.handedOver?.state === 'tested').map((row) => row.brand)
  return toConfirm.length === 0
    ? table
    : `${table}\n\nIs that what Tock should call them? Next: key confirm --winery ${slug} ${toConfirm.map((code) => `--brand ${code}`).join(' ')}`
}

function handedText({ handedOver }: KeyStatus): string[] {
  switch (handedOver?.state) {
    case 'trying':
      return [
        `not accepted yet, tried again until ${handedOver.tryUntil.toISOString()}: ${handedOver.diagnosis?.message ?? ''}`,
      ]
    case 'tested':
      return [
        `to be confirmed: Tock calls business ${handedOver.businessId} "${handedOver.businessName ?? 'nothing yet, it has no reservations'}"${
          handedOver.changesBusiness
            ? '; another business than now: its next pull will be an initial one'
            : ''
        }`,
      ]
    case 'failed':
      return [`given up: ${handedOver.diagnosis?.message ?? ''}`]
    default:
      return []
  }
}

function addConfirm(key: Command, door: Door): void {
  const confirm = key
    .command('confirm')
    .description(
      'take over keys that Tock accepts, after a look at what it calls the businesses (key status)',
    )
    .requiredOption('--winery <slug>', 'the winery')
    .requiredOption(brandOption, 'the brand; may be repeated', collect)
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  $ ecellar-tock key confirm --winery juniper-hill --brand JH')
  confirm.action((options: { winery: string; brand: string[] }) =>
    door.run(confirm, async (context) => {
      const { database, actor } = context
      const winery = await findWinery(database.db, options.winery)
      const brands = await brandsOf(context, winery, options.brand)
      const { readKeyStatus } = await import('../pull/key-hand-over/key-status.ts')
      const { confirmKeys } = await import('../pull/key-hand-over/confirm-key.ts')
      const status = await readKeyStatus(database.db, winery.winery_id, new Date())
      const seen = brands.map(({ code }) => {
        const handed = status.find((row) => row.brand === code)?.handedOver
        return {
          brand: code,
          businessId: handed?.businessId ?? '',
          businessName: handed?.businessName ?? null,
        }
      })
      const done = await confirmKeys(await keyParts(context), { wineryId: winery.winery_id, seen, actor })
      const text = [
        `The key of ${done.brands.join(', ')} is stored.`,
        ...(done.otherBusiness.length === 0
          ? []
          : [
              `Another business than before: ${done.otherBusiness.join(', ')}. The next pull is an initial one, and nightly pulls are off until "enable".`,
            ]),
        `Next: pull --winery ${winery.slug} --brand ${done.brands[0]} --preview`,
      ]
      return { json: { winery: winery.slug, ...done }, text: text.join('\n') }
    }),
  )
}

function addRevoke(key: Command, door: Door): void {
  const revoke = key
    .command('revoke')
    .description('delete keys, keys on their way and open links; mapping, history and what was pulled stay')
    .requiredOption('--winery <slug>', 'the winery')
    .option(brandOption, 'of this brand alone; without it all keys of the winery')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  $ ecellar-tock key revoke --winery juniper-hill --brand JH')
  revoke.action((options: { winery: string; brand?: string }) =>
    door.run(revoke, async ({ database, actor }) => {
      const { winery, brand } = await findPlace(database.db, options)
      const { revokeKeys } = await import('../pull/key-hand-over/revoke-keys.ts')
      const done = await revokeKeys(database.db, {
        wineryId: winery.winery_id,
        brand: brand ? { brandId: brand.brand_id, code: brand.code } : null,
        actor,
        now: new Date(),
      })
      const what = `${many(done.stored.length, 'stored key')}, ${done.onTheirWay} on their way and ${many(done.links, 'open link')}`
      return {
        json: {
          winery: winery.slug,
          brand: brand?.code ?? null,
          stored: done.stored.length,
          onTheirWay: done.onTheirWay,
          links: done.links,
          goesByWinerysKey: done.goesByWinerysKey,
        },
        text: `Revoked: ${what}. In Tock the key still opens everything: an account owner has Tock revoke it there.${
          done.goesByWinerysKey ? "\nThe brand goes by the winery's key for all brands now." : ''
        }`,
      }
    }),
  )
}

async function brandsOf(
  { database }: Context,
  winery: Winery,
  codes: string[] | undefined,
): Promise<Brand[]> {
  if (codes !== undefined) {
    const brands = await Promise.all(codes.map((code) => findBrand(database.db, winery.winery_id, code)))
    return [...new Map(brands.map((brand) => [brand.brand_id, brand])).values()]
  }
  return database.db
    .selectFrom('brands')
    .selectAll()
    .where('winery_id', '=', winery.winery_id)
    .orderBy('code')
    .execute()
}

async function keyParts(context: Context): Promise<KeyParts> {
  const { config, database, signal } = context
  const secrets = await context.secrets()
  return {
    db: database.db,
    secrets,
    config,
    tock: { apiUrl: config.tockApiUrl, allowLoopbackHttp: config.tockApiUrlIsSet },
    tell: (trx, mail) => putMail(trx, mail, secrets),
    now: new Date(),
    signal,
  }
}
