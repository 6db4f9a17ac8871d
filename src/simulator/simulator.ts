/**
 * A local Tock over HTTP, for the demo, for trying things out and for tests: the same read call, the same files,
 * the same bad answers. The API and the file storage are two origins, both on this machine alone.
 */

import { answerControl, type SimulatedBusiness, simulatedBusinesses } from './control.ts'
import { type Editor, editorOf } from './editor.ts'
import { type Fault, type FaultKind, faultBoard } from './faults.ts'
import { answerStorage } from './file-storage.ts'
import { listen } from './http-reply.ts'
import { passNights } from './nights.ts'
import { linkSigner } from './signed-links.ts'
import { fileShelf } from './snapshot-files.ts'
import { noStats, type SimulatorStats } from './stats.ts'
import { answerApi } from './tock-api.ts'
import { type Truth, truthOf } from './truth.ts'
import { sampleWineries, type WinerySpec } from './winery-spec.ts'
import { businessOf, makeWorld, renewKey } from './world.ts'

export type SimulatorOptions = {
  /** Of the API; 0, the preset, takes a free one. Storage always takes a free one. */
  port?: number
  /** The same seed and `now` give the same bytes. */
  seed?: number
  /** The simulated present, at first; the real one when absent. It moves with the nights alone. */
  now?: Date
  wineries?: readonly WinerySpec[]
  /** Files made are kept up to this many bytes (32 MB when absent); raise it where making them must not be measured. */
  keepBytes?: number
}

export type Simulator = {
  /** For TOCK_API_URL. */
  url: string
  businesses: SimulatedBusiness[]
  /** The simulated present. */
  now(): Date
  /** Moves time on: about 1 % of the reservations change, new ones come, every business publishes a snapshot. */
  nextNight(nights?: number): void
  /** The business group's key opens nothing from now on. @returns its new one */
  renewKey(businessGroupId: string): string
  /** null takes the fault away; without a business it is for all of them. */
  setFault(fault: Fault | FaultKind | null, businessId?: string): void
  edit(businessId: string): Editor
  /** Exactly what the business's current snapshot says, in words that tests can compare with. */
  truth(businessId: string): Truth
  stats: SimulatorStats
  close(): Promise<void>
}

export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { port = 0, seed = 1, now = new Date(), wineries = sampleWineries } = options
  const world = makeWorld({ seed, nowMs: now.getTime(), wineries })
  const faults = faultBoard()
  const stats = noStats()
  const signer = linkSigner(`simulator ${seed}`)
  const nextNight = (nights = 1) => passNights(world, nights)

  const shared = { world, faults, signer, stats }
  const storageParts = { ...shared, shelf: fileShelf(options.keepBytes) }
  const storage = await listen(0, (request) => answerStorage(storageParts, request))
  const apiParts = { ...shared, nextNight, storageOrigin: storage.origin }
  const api = await listen(port, async (request) => {
    const control = await answerControl(apiParts, request)
    return control ?? answerApi(apiParts, request)
  }).catch(async (error: unknown) => {
    await storage.close()
    throw error
  })

  return {
    url: api.origin,
    businesses: simulatedBusinesses(world),
    now: () => new Date(world.nowMs),
    nextNight,
    renewKey: (businessGroupId) => renewKey(world, businessGroupId),
    setFault: faults.set,
    edit: (businessId) => editorOf(world, businessOf(world, businessId)),
    truth: (businessId) => truthOf(businessOf(world, businessId)),
    stats,
    async close() {
      await Promise.all([api.close(), storage.close()])
    },
  }
}
