/** Two snapshots of one made-up business as files: `first`, and `later` in which every hundredth reservation changed. */

import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startSimulator } from '../src/simulator/simulator.ts'

export type Manifest = {
  takenAt: string
  files: { kind: 'reservations' | 'guests'; name: string; etag: string; bytes: number }[]
}

export const benchBusiness = { businessGroupId: '55', businessId: '707' }

export async function makeSnapshots(folder: string, reservations: number): Promise<void> {
  const simulator = await startSimulator({
    seed: 11,
    now: new Date('2026-11-20T12:00:00Z'),
    wineries: [
      {
        businessGroupId: benchBusiness.businessGroupId,
        name: 'Bench',
        guests: Math.round(reservations * 0.6),
        withoutCases: true,
        businesses: [
          {
            businessId: benchBusiness.businessId,
            name: 'Bench',
            timeZone: 'America/Los_Angeles',
            reservations,
          },
        ],
      },
    ],
  })
  const apiKey = simulator.businesses[0]?.apiKey ?? ''
  const listing = await fetch(`${simulator.url}/api/data/export/urls`, {
    headers: {
      'X-Tock-Authorization': apiKey,
      'X-Tock-Scope': JSON.stringify(scope()),
      'User-Agent': 'bench',
    },
  })
  const { result } = (await listing.json()) as {
    result: { reservationDataUrls: string[]; guestDataUrls: string[] }
  }
  const first: Manifest = { takenAt: '2026-11-20T07:57:00Z', files: [] }
  const later: Manifest = { takenAt: '2026-11-21T07:57:00Z', files: [] }
  for (const [kind, urls] of [
    ['reservations', result.reservationDataUrls],
    ['guests', result.guestDataUrls],
  ] as const) {
    for (const [index, url] of urls.entries()) {
      const text = await (await fetch(url)).text()
      const name = `${kind}-${index + 1}.json`
      first.files.push(await keep(join(folder, 'first'), kind, name, text))
      const changed = kind === 'reservations' ? changeSome(text) : text
      later.files.push(await keep(join(folder, 'later'), kind, name, changed))
    }
  }
  await writeFile(join(folder, 'first', 'manifest.json'), JSON.stringify(first))
  await writeFile(join(folder, 'later', 'manifest.json'), JSON.stringify(later))
  await simulator.close()
}

export async function readManifest(folder: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as Manifest
}

function scope() {
  return { businessId: benchBusiness.businessId, businessGroupId: benchBusiness.businessGroupId }
}

async function keep(folder: string, kind: 'reservations' | 'guests', name: string, text: string) {
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, name), text)
  const etag = `"${createHash('md5').update(text).digest('hex')}"`
  return { kind, name, etag, bytes: Buffer.byteLength(text) }
}

function changeSome(text: string): string {
  // Ids that a number cannot hold stay as they are, as text.
  const rows = JSON.parse(text.replace(/("(?:id|walkinId)"\s*:\s*)(\d{16,})/g, '$1"$2"')) as Record<
    string,
    unknown
  >[]
  for (const [index, row] of rows.entries()) {
    if (index % 100 !== 50) continue
    row.sequenceId = Number(row.sequenceId ?? 0) + 1
    row.lastUpdatedTimestamp = Number(row.lastUpdatedTimestamp ?? 0) + 1000
    row.partySize = (Number(row.partySize ?? 0) % 8) + 1
  }
  return JSON.stringify(rows)
}
