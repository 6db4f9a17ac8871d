/** Where the demo happens: a folder of its own with a database of its own, and a simulated Tock on a free port. */

import { chmod, mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Config } from '../config.ts'
import { type Database, openDatabase } from '../database/connect.ts'
import { type Simulator, startSimulator } from '../simulator/simulator.ts'

export type DemoWorld = {
  /** For ECELLAR_TOCK_DATA. */
  folder: string
  /** Settings that lead to this folder and this Tock, whatever the environment says. */
  config: Config
  database: Database
  simulator: Simulator
  /** Stops everything and removes the folder. */
  close(): Promise<void>
}

const dayMs = 86_400_000

export async function openDemoWorld(config: Config): Promise<DemoWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'ecellar-tock-demo-'))
  const closers: (() => Promise<void>)[] = [() => removeFolder(folder)]
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer()
  }
  try {
    // Under root the server runs as another user; it may pass through, and list nothing.
    await chmod(folder, 0o711)
    const database = await openDatabase({ dataDir: folder })
    closers.push(() => database.close())
    // Yesterday, so that the snapshot of the night that the demo lets pass is of today.
    const simulator = await startSimulator({ now: new Date(Date.now() - dayMs) })
    closers.push(() => simulator.close())
    const { databaseUrl: _, encryptionKey: __, ...others } = config
    const own = { ...others, dataDir: folder, tockApiUrl: simulator.url, tockApiUrlIsSet: true }
    return { folder, config: own, database, simulator, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** The cluster lies in the folder, or elsewhere where the server's user cannot get into the folder. */
async function removeFolder(folder: string): Promise<void> {
  const pointer = await readFile(join(folder, 'postgres-folder'), 'utf8').catch(() => undefined)
  const home = pointer?.trim() ?? folder
  // Somebody who still looks at the database ("database url" keeps it up for a while) must not find the way back.
  const gone = `${home}.gone`
  await rename(home, gone)
  await endServer(join(gone, 'postgres'))
  for (const left of new Set([gone, folder])) {
    await rm(left, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  }
}

async function endServer(cluster: string): Promise<void> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '')
  const pid = Number(text.split('\n')[0])
  if (!Number.isInteger(pid) || pid <= 1) return
  for (let tries = 0; tries < 100; tries++) {
    try {
      // "Fast": connections end, what was committed stays. Asked once; afterwards only looked after.
      process.kill(pid, tries === 0 ? 'SIGINT' : 0)
    } catch {
      return
    }
    await sleep(100)
  }
}
