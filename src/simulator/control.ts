/** What the simulator tells and lets be done to it over HTTP, for whoever tries things out by hand. */

import type { IncomingMessage } from 'node:http'
import { type Fault, type FaultBoard, faultKinds } from './faults.ts'
import { header, jsonReply, type Reply } from './http-reply.ts'
import { isRow, type RawRow } from './raw-row.ts'
import type { SimulatorStats } from './stats.ts'
import type { World } from './world.ts'

export const controlPath = '/simulator'

export type SimulatedBusiness = {
  businessGroupId: string
  businessId: string
  name: string
  timeZone: string
  apiKey: string
}

export type Control = {
  world: World
  faults: FaultBoard
  stats: SimulatorStats
  nextNight: (nights: number) => void
}

/** null: not one of the simulator's own paths. */
export async function answerControl(control: Control, request: IncomingMessage): Promise<Reply | null> {
  const path = (request.url ?? '').split('?')[0] ?? ''
  if (path !== controlPath && !path.startsWith(`${controlPath}/`)) return null
  // Bound to loopback already; a page that some other name leads here is refused too.
  if (!/^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(header(request, 'host') ?? '')) {
    return jsonReply(403, { error: 'The simulator answers on this machine only.' })
  }
  switch (`${request.method} ${path}`) {
    case `GET ${controlPath}`:
      return jsonReply(200, overview(control))
    case `POST ${controlPath}/next-night`:
      return nextNight(control, await bodyOf(request))
    case `POST ${controlPath}/fault`:
      return setFault(control, await bodyOf(request))
    default:
      return jsonReply(404, {
        error: `The simulator has GET ${controlPath}, POST …/next-night, POST …/fault.`,
      })
  }
}

export function simulatedBusinesses(world: World): SimulatedBusiness[] {
  return world.businesses.map(({ businessId, group, venue }) => ({
    businessGroupId: group.businessGroupId,
    businessId,
    name: venue.spec.name,
    timeZone: venue.spec.timeZone,
    apiKey: group.apiKey,
  }))
}

function overview({ world, stats }: Control) {
  return {
    what: 'A simulated Tock. Everybody in it is made up.',
    howTo: [
      'Point TOCK_API_URL at this address, and give a brand one of the ids and keys below.',
      `curl -X POST …${controlPath}/next-night -d '{"nights": 1}'`,
      `curl -X POST …${controlPath}/fault -d '{"fault": "down_503", "businessId": "707", "first": 2}'`,
      `curl -X POST …${controlPath}/fault -d '{"fault": null}'`,
    ],
    now: new Date(world.nowMs).toISOString(),
    nights: world.nights,
    businesses: simulatedBusinesses(world).map((business, at) => ({
      ...business,
      snapshotTakenAt: new Date(world.businesses[at]?.snapshot.takenMs ?? 0).toISOString(),
    })),
    faults: faultKinds,
    stats,
  }
}

function nextNight(control: Control, body: RawRow | null): Reply {
  const nights = body === null ? null : (body.nights ?? 1)
  if (typeof nights !== 'number' || !Number.isInteger(nights) || nights < 1 || nights > 366) {
    return jsonReply(400, { error: '"nights" is a whole number from 1 to 366.' })
  }
  control.nextNight(nights)
  return jsonReply(200, { now: new Date(control.world.nowMs).toISOString(), nights: control.world.nights })
}

function setFault({ faults, world }: Control, body: RawRow | null): Reply {
  if (body === null || !('fault' in body)) return jsonReply(400, { error: '"fault" is missing.' })
  const { fault, businessId, ...options } = body
  if (businessId !== undefined && !world.businesses.some((one) => one.businessId === businessId)) {
    return jsonReply(400, { error: 'There is no such "businessId"; it is a text such as "707".' })
  }
  const scope = typeof businessId === 'string' ? businessId : undefined
  if (fault === null) {
    faults.set(null, scope)
    return jsonReply(200, { fault: null, businessId: scope })
  }
  const kind = faultKinds.find((one) => one === fault)
  if (!kind) return jsonReply(400, { error: `"fault" is null or one of: ${faultKinds.join(', ')}.` })
  const set: Fault = { kind, ...faultOptions(options) }
  faults.set(set, scope)
  return jsonReply(200, { fault: set, businessId: scope })
}

function faultOptions(given: RawRow): Omit<Fault, 'kind'> {
  const { first, delayMs, where, file, heals, part, missing } = given
  return {
    ...(typeof first === 'number' && { first }),
    ...(typeof delayMs === 'number' && { delayMs }),
    ...((where === 'listing' || where === 'file') && { where }),
    ...(typeof file === 'string' && { file }),
    ...(heals === 'on_relisting' && { heals }),
    ...((part === 'headers' || part === 'body') && { part }),
    ...((missing === 'reservations' || missing === 'guests') && { missing }),
    ...('row' in given && { row: given.row }),
  }
}

/** An empty body is an empty object; null stands for what is no JSON object. */
async function bodyOf(request: IncomingMessage): Promise<RawRow | null> {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) {
    text += String(chunk)
    if (text.length > 100_000) return null
  }
  if (text.trim() === '') return {}
  try {
    const parsed: unknown = JSON.parse(text)
    return isRow(parsed) ? parsed : null
  } catch {
    return null
  }
}
