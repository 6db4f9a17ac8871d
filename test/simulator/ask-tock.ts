/** A bare client, so that the simulator's tests use none of the product's own. */

import { request } from 'node:http'
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts'
import type { WinerySpec } from '../../src/simulator/winery-spec.ts'

export const june = new Date('2026-06-01T12:00:00Z')

/** Small, with every odd case in it. */
export const smallWinery: WinerySpec = {
  businessGroupId: '12',
  name: 'Small Group',
  guests: 60,
  businesses: [
    { businessId: '121', name: 'North Slope', timeZone: 'America/Los_Angeles', reservations: 120 },
    { businessId: '122', name: 'South Slope', timeZone: 'America/Chicago', reservations: 50 },
  ],
}

export function startSmall(): Promise<Simulator> {
  return startSimulator({ now: june, wineries: [smallWinery] })
}

export type Links = { reservationDataUrls: string[]; guestDataUrls: string[] }

export function tockHeaders(simulator: Simulator, businessId: string): Record<string, string> {
  const business = simulator.businesses.find((one) => one.businessId === businessId)
  if (!business) throw new Error(`no business ${businessId}`)
  const scope = { businessId, businessGroupId: business.businessGroupId }
  return { 'X-Tock-Authorization': business.apiKey, 'X-Tock-Scope': JSON.stringify(scope) }
}

export function askListing(simulator: Simulator, headers: Record<string, string>): Promise<Response> {
  return fetch(`${simulator.url}/api/data/export/urls`, { headers })
}

export async function links(simulator: Simulator, businessId: string): Promise<Links> {
  const answer = await askListing(simulator, tockHeaders(simulator, businessId))
  const { result } = (await answer.json()) as { result: Links }
  return result
}

/** The texts of all files of a business. */
export async function fileTexts(simulator: Simulator, businessId: string): Promise<string[]> {
  const { reservationDataUrls, guestDataUrls } = await links(simulator, businessId)
  const answers = await Promise.all([...reservationDataUrls, ...guestDataUrls].map((link) => fetch(link)))
  return Promise.all(answers.map((answer) => answer.text()))
}

/** The first reservation file, parsed. */
export async function firstRows(
  simulator: Simulator,
  businessId: string,
): Promise<Record<string, unknown>[]> {
  const { reservationDataUrls } = await links(simulator, businessId)
  const answer = await fetch(reservationDataUrls[0] ?? '')
  return (await answer.json()) as Record<string, unknown>[]
}

/** A request without the headers that fetch adds by itself. */
export function bareRequest(
  url: string,
  headers: Record<string, string>,
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { headers }, (answer) => {
      let body = ''
      answer.setEncoding('utf8')
      answer.on('data', (chunk: string) => {
        body += chunk
      })
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body }))
      answer.on('error', reject)
    })
    sent.on('error', reject)
    sent.end()
  })
}
