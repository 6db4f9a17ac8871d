/**
 * What happens in the demo: an Enterprise winery with three brands in two time zones is set up, pulled for the first
 * time, mapped and enabled, and a night later pulled again. Every step calls what the command of that name calls.
 */

import { erasureHash } from '../access/erasure-hash.ts'
import { openSecrets, type Secrets } from '../access/secrets.ts'
import { storeTockKey } from '../access/tock-keys.ts'
import type { Actor } from '../contract/access.ts'
import type { PullKind, PullReport } from '../contract/pull-report.ts'
import { addBrand, type Brand } from '../crm/brands.ts'
import { type ImportResult, importCustomers } from '../crm/customers-import.ts'
import { enableBrand } from '../crm/enabling.ts'
import { listExperiences, mapExperience } from '../crm/experiences.ts'
import { listLocations, mapLocation } from '../crm/locations.ts'
import { decodeTable } from '../crm/read-table-file.ts'
import { changeSettings } from '../crm/web-store-settings.ts'
import { addWinery, type Winery } from '../crm/wineries.ts'
import { runPull } from '../pull/run-pull.ts'
import { sampleWineries } from '../simulator/winery-spec.ts'
import { existingCustomers } from './demo-customers.ts'
import { saveDemoSegments } from './demo-segments.ts'
import type { DemoWorld } from './demo-world.ts'

export type DemoStory = {
  winery: Winery
  brands: Brand[]
  imported: ImportResult
  /** In the order in which they ran: previews, initial pulls, the night's. */
  pulls: PullReport[]
  experiencesMapped: number
  locationsMapped: number
}

/** For the audit. */
const actor: Actor = { kind: 'program', id: 'demo', name: 'The demo' }

type Stage = {
  world: DemoWorld
  secrets: Secrets
  winery: Winery
  note: (line: string) => void
  signal: AbortSignal
}

const codes = new Map([
  ['707', 'LV'],
  ['708', 'TC'],
  ['709', 'PL'],
])

/** By name, as the client decides; the others stay unmapped, which is a normal state. */
const reservationTypes = new Map<unknown, { type: string; notAVisit: boolean }>([
  ['Estate Tasting', { type: 'Tasting', notAVisit: false }],
  ['Library Flight', { type: 'Tasting', notAVisit: false }],
  ['Cave Tour & Barrel Sample', { type: 'Tour', notAVisit: false }],
  ['Harvest Supper', { type: 'Event', notAVisit: false }],
  ['Virtual Tasting', { type: 'Virtual Tasting', notAVisit: true }],
  ['Industry / Staff', { type: 'Staff', notAVisit: true }],
])

export async function playDemo(
  world: DemoWorld,
  note: (line: string) => void,
  signal: AbortSignal,
): Promise<DemoStory> {
  const { db } = world.database
  const secrets = await openSecrets({ db, config: world.config, note })
  const { winery } = await addWinery(
    db,
    {
      slug: 'larkmoor',
      name: 'Larkmoor Estates',
      timeZone: 'America/Los_Angeles',
      reservationContact: 'reservations@larkmoor.example.com',
    },
    actor,
  )
  const stage: Stage = { world, secrets, winery, note, signal }
  const brands = await setUp(stage)
  const imported = await importExisting(stage)
  const segments = await saveDemoSegments({ db, wineryId: winery.winery_id, actor, now: new Date() })
  note(`Saved ${segments} segments to start from, one of them the audience of a campaign for New customers.`)

  const pulls: PullReport[] = []
  for (const kind of ['preview', 'initial'] as const) {
    for (const brand of brands) pulls.push(await pull(stage, brand, kind))
  }
  const mapped = await mapAndEnable(stage, brands)

  note('A night passes in Tock: some reservations change, new ones come.')
  world.simulator.nextNight()
  for (const brand of brands) pulls.push(await pull(stage, brand, 'nightly'))
  return { winery, brands, imported, pulls, ...mapped }
}

async function setUp({ world, secrets, winery, note, signal }: Stage): Promise<Brand[]> {
  signal.throwIfAborted()
  const { db } = world.database
  const wineryId = winery.winery_id
  note(`Setting up ${winery.name}: three brands, Web Store Settings, Tock keys.`)
  await changeSettings(
    db,
    wineryId,
    '0',
    {
      customerSource: 'Tock',
      customerType: 'Tasting Guest',
      create: true,
    },
    actor,
  )
  const group = sampleWineries[0]?.businessGroupId
  const brands: Brand[] = []
  for (const business of world.simulator.businesses.filter((one) => one.businessGroupId === group)) {
    const { businessGroupId, businessId, name, apiKey } = business
    const code = codes.get(businessId) ?? businessId
    const { brand } = await addBrand(db, wineryId, { code, name, businessGroupId, businessId }, actor)
    await storeTockKey(db, secrets, { wineryId, brandId: brand.brand_id, key: apiKey, actor })
    brands.push(brand)
  }
  const small = brands.at(-1)
  if (small) {
    await changeSettings(
      db,
      wineryId,
      small.brand_id,
      { allocationTier: 'Waiting List', create: true },
      actor,
    )
  }
  return brands
}

async function importExisting({ world, secrets, winery, note, signal }: Stage): Promise<ImportResult> {
  signal.throwIfAborted()
  const key = await secrets.erasureKey()
  const guests = world.simulator.truth(world.simulator.businesses[0]?.businessId ?? '').guests()
  const imported = await importCustomers(
    { database: world.database, winery, actor, hash: (what, value) => erasureHash(key, what, value) },
    decodeTable(existingCustomers(guests, new Date())),
  )
  note(`Imported ${imported.created.toLocaleString('en-US')} customers that the winery already has.`)
  return imported
}

async function pull(stage: Stage, brand: Brand, kind: PullKind): Promise<PullReport> {
  stage.signal.throwIfAborted()
  const { config, database } = stage.world
  const report = await runPull({
    database,
    secrets: stage.secrets,
    winery: stage.winery.slug,
    brand: brand.code,
    kind,
    tock: { apiUrl: config.tockApiUrl, allowLoopbackHttp: config.tockApiUrlIsSet },
    signal: stage.signal,
  })
  if (report.status !== 'applied' && report.status !== 'previewed') {
    const reason = report.error?.message ?? report.waitingFor ?? ''
    throw new Error(`The ${kind} pull of ${brand.name} ended as ${report.status}. ${reason}`)
  }
  const { inSnapshot, added, changed } = report.reservations
  const figures = [
    [inSnapshot, 'in Tock'],
    [added, 'added'],
    [changed, 'changed'],
  ].map(([figure, what]) => `${figure?.toLocaleString('en-US')} ${what}`)
  stage.note(
    `${kind[0]?.toUpperCase()}${kind.slice(1)}: ${brand.name}: ${figures.join(', ')} (${(report.durationMs / 1000).toFixed(1)} s).`,
  )
  return report
}

async function mapAndEnable(
  { world, winery, note, signal }: Stage,
  brands: Brand[],
): Promise<{ experiencesMapped: number; locationsMapped: number }> {
  signal.throwIfAborted()
  const { db } = world.database
  let experiencesMapped = 0
  let locationsMapped = 0
  for (const brand of brands) {
    for (const experience of await listExperiences(db, winery.winery_id, brand.code)) {
      const wanted = reservationTypes.get(experience.name)
      if (!wanted) continue
      await mapExperience(
        db,
        brand,
        {
          experienceId: String(experience.experience_id),
          reservationType: wanted.type,
          create: true,
          notAVisit: wanted.notAVisit,
        },
        actor,
      )
      experiencesMapped++
    }
    await mapLocation(db, brand, { location: brand.name, create: true }, actor)
    locationsMapped++
    const areas = await listLocations(db, winery.winery_id, brand.code)
    const terrace = areas.find((area) => area.seating_area === 'Terrace')
    if (terrace) {
      const seatingAreaId = String(terrace.seating_area_id)
      await mapLocation(db, brand, { seatingAreaId, location: `${brand.name} Terrace`, create: true }, actor)
      locationsMapped++
    }
    await enableBrand(db, brand, actor)
  }
  note(
    `Mapped ${experiencesMapped} experiences to reservation types and ${locationsMapped} places to locations; enabled the brands.`,
  )
  return { experiencesMapped, locationsMapped }
}
