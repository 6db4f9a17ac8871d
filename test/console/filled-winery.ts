/**
 * Made-up wineries with something on every page: existing customers, initial pulls, a night, mapping begun, exceptions,
 * a pull that waits, one that was refused. Their Tock is the service's own.
 */

import { sql } from 'kysely'
import { storeTockKey } from '../../src/access/tock-keys.ts'
import { existingCustomers } from '../../src/cli/demo-customers.ts'
import type { PullKind } from '../../src/contract/pull-report.ts'
import { readDefinition } from '../../src/contract/segment.ts'
import { addBrand, type Brand } from '../../src/crm/brands.ts'
import { importCustomers } from '../../src/crm/customers-import.ts'
import { enableBrand } from '../../src/crm/enabling.ts'
import { listExperiences, mapExperience } from '../../src/crm/experiences.ts'
import { listLocations, mapLocation } from '../../src/crm/locations.ts'
import { decodeTable } from '../../src/crm/read-table-file.ts'
import { changeSettings } from '../../src/crm/web-store-settings.ts'
import { addWinery, findWinery } from '../../src/crm/wineries.ts'
import { runPull } from '../../src/pull/run-pull.ts'
import { saveSegment } from '../../src/segments/saved-segments.ts'
import type { WinerySpec } from '../../src/simulator/winery-spec.ts'
import { actor } from '../actor.ts'
import { hash } from '../crm/customers-winery.ts'
import { openSecrets } from '../pull/open-secrets.ts'
import type { ConsoleForTests } from './console-for-tests.ts'

/** Two brands in two zones, and a winery of one brand. */
export const twoWineries: WinerySpec[] = [
  {
    businessGroupId: '55',
    name: 'Larkmoor Estates',
    guests: 160,
    businesses: [
      { businessId: '707', name: 'Larkmoor Vineyards', timeZone: 'America/Los_Angeles', reservations: 240 },
      { businessId: '709', name: 'Prairie Lantern Winery', timeZone: 'America/Chicago', reservations: 160 },
    ],
  },
  {
    businessGroupId: '88',
    name: 'Cantina Colle Sereno',
    guests: 90,
    businesses: [
      {
        businessId: '901',
        name: 'Cantina Colle Sereno',
        timeZone: 'America/Los_Angeles',
        reservations: 120,
      },
    ],
  },
]

export type FilledWinery = {
  wineryId: string
  slug: string
  brands: Brand[]
  /** What stands for `$pull` and the like in the console's addresses. */
  ids: Record<string, string>
}

/** An address of the router's with what is there in this winery. */
export function pathOf(address: string, { ids }: FilledWinery): string {
  return address.replaceAll(/\$(\w+)/g, (_, name: string) => encodeURIComponent(ids[name] ?? ''))
}

/** `businesses` are the simulator's; the first brand gets the pull that waits. */
export async function filledWinery(
  world: Pick<ConsoleForTests, 'database' | 'simulator'>,
  given: { slug: string; name: string; businesses: string[] },
): Promise<FilledWinery> {
  const { database, simulator } = world
  const { db } = database
  const contact = { timeZone: 'America/Los_Angeles', reservationContact: 'reservations@example.com' }
  await addWinery(db, { slug: given.slug, name: given.name, ...contact }, actor)
  const winery = await findWinery(db, given.slug)
  const wineryId = winery.winery_id
  const preset = { customerSource: 'Tock', customerType: 'Tasting Guest', create: true }
  await changeSettings(db, wineryId, '0', preset, actor)
  const brands: Brand[] = []
  for (const business of simulator.businesses.filter((one) => given.businesses.includes(one.businessId))) {
    const { businessId, businessGroupId, name, apiKey: key } = business
    const code = name.replaceAll(/[^A-Z]/g, '')
    const { brand } = await addBrand(db, wineryId, { code, name, businessGroupId, businessId }, actor)
    await storeTockKey(db, openSecrets, { wineryId, brandId: brand.brand_id, key, actor })
    brands.push(brand)
  }
  const guests = simulator.truth(given.businesses[0] ?? '').guests()
  await importCustomers({ database, winery, actor, hash }, decodeTable(existingCustomers(guests, new Date())))
  const pull = async (brand: Brand | undefined, kind: PullKind, expected: string) => {
    const { status, error } = await runPull({
      database,
      secrets: openSecrets,
      winery: given.slug,
      brand: brand?.code ?? '',
      kind,
      tock: {
        apiUrl: simulator.url,
        allowLoopbackHttp: true,
        retry: expected === 'refused' ? { tries: 1, totalMs: 500 } : { tries: 3, totalMs: 20_000 },
      },
    })
    if (status !== expected) throw new Error(`The ${kind} pull is ${status}: ${error?.message}`)
  }
  const [first] = brands
  const edit = simulator.edit(first?.business_id ?? '')
  // Six names under one address: a concierge's, presumably.
  for (const [index, name] of ['Ash', 'Bay', 'Cove', 'Dale', 'Elm', 'Fern'].entries()) {
    const desk = { id: 9_900_001, email: 'desk@hotel.example.com', firstName: name, lastName: 'Guest' }
    edit.addReservation(
      edit.reservation({
        id: 990_000 + index,
        dinerPatron: desk,
        ownerPatron: desk,
        partyName: `${name} Party`,
      }),
    )
  }
  edit.publish()
  await pull(first, 'preview', 'previewed')
  for (const brand of brands) await pull(brand, 'initial', 'applied')
  for (const brand of brands) await beginMapping(world, brand)
  if (first) await enableBrand(db, first, actor)

  simulator.setFault('down_503', first?.business_id)
  await pull(first, 'nightly', 'refused')
  simulator.setFault(null, first?.business_id)
  const kept = [...simulator.truth(first?.business_id ?? '').reservations()]
  for (const { tockKey, startsAtMs } of kept.slice(0, kept.length / 2)) {
    if (tockKey !== null && startsAtMs < Date.now()) edit.removeReservation(tockKey)
  }
  edit.publish()
  await pull(first, 'nightly', 'waiting')
  const { rows } = await sql<Record<string, string>>`
    select ${given.slug}::text as winery, b.code as brand, r.tock_key as reservation, r.customer_id::text as customer,
      (select min(pull_id)::text from ecellar.pulls where winery_id = ${wineryId} and kind = 'initial') as pull,
      (select max(pull_id)::text from ecellar.pulls where winery_id = ${wineryId} and status = 'waiting') as waiting
    from ecellar.reservations r
    join ecellar.brands b on b.winery_id = r.winery_id and b.brand_id = r.brand_id
    join ecellar.customers c on c.winery_id = r.winery_id and c.customer_id = r.customer_id
    where r.winery_id = ${wineryId} and r.notes is not null and c.created_by = 'tock'
    order by r.reservation_id
    limit 1`.execute(db)
  const regulars = {
    kind: 'count',
    of: 'visits',
    in: { kind: 'last', n: 12, unit: 'months' },
    times: { is: 'atLeast', n: 2 },
  } as const
  const definition = {
    version: 1,
    where: {
      kind: 'all',
      of: [
        regulars,
        { kind: 'not', of: { kind: 'any', of: [{ kind: 'emailConsent', op: 'is', values: ['out'] }] } },
      ],
    },
  } as const
  const options = { db, wineryId, actor, now: new Date() }
  const segment = await saveSegment(options, {
    name: 'Regulars',
    kind: 'dynamic',
    definition: readDefinition(definition),
  })
  return { wineryId, slug: given.slug, brands, ids: { ...rows[0], segment: segment.segmentId } }
}

async function beginMapping({ database: { db } }: Pick<ConsoleForTests, 'database'>, brand: Brand) {
  const wineryId = brand.winery_id
  for (const { experience_id, name } of await listExperiences(db, wineryId, brand.code)) {
    if (!['Estate Tasting', 'Virtual Tasting'].includes(String(name))) continue
    const map = { reservationType: 'Tasting', create: true, experienceId: String(experience_id) }
    await mapExperience(db, brand, map, actor)
  }
  await mapLocation(db, brand, { location: brand.name, create: true }, actor)
  const areas = await listLocations(db, wineryId, brand.code)
  const terrace = areas.find(({ seating_area }) => seating_area === 'Terrace')
  if (!terrace) return
  const seatingAreaId = String(terrace.seating_area_id)
  await mapLocation(db, brand, { seatingAreaId, location: 'Terrace', create: true }, actor)
}
