/**
 * The product's own PostgreSQL server: no program owns it. The first that comes makes and starts it, others join it,
 * the last that leaves stops it. A program that is killed leaves it running for the next one.
 */

import { setTimeout as sleep } from 'node:timers/promises'
import { ensureCluster, readPassword } from './embedded-cluster.ts'
import { withEmbeddedLock } from './embedded-lock.ts'
import { clusterFolder, giveToOwner, openPlace, type Place } from './embedded-place.ts'
import { patienceMs, runningPort, startPostmaster, stopPostmaster } from './embedded-postmaster.ts'
import { embeddedUrl, isAnybodyElseThere, openPresence, type Presence } from './embedded-presence.ts'

export type EmbeddedServer = {
  /** Connection URL of the product's database as its owner: a secret. */
  url: string
  /** Takes this program off the server; the last one out stops it. Never fails: trouble is logged. */
  leave(): Promise<void>
}

type Log = (line: string) => void
type Seat = { url: string; presence: Presence }

/**
 * Joins the server of this data folder; starts it, and makes it, where needed.
 * @throws a sentence when that is not possible
 */
export async function joinEmbeddedServer(options: { dataDir: string; log?: Log }): Promise<EmbeddedServer> {
  const log = options.log ?? (() => {})
  if (process.platform === 'win32') {
    throw new Error(
      'The embedded database does not run on Windows. Name a PostgreSQL server in DATABASE_URL, or run the program in WSL.',
    )
  }
  const place = await openPlace(options.dataDir)
  const leaving = new AbortController()
  let seat = await takeSeat(place, { mayMake: true, log })
  const { url } = seat
  let comingBack = Promise.resolve()
  watch()

  function watch(): void {
    seat.presence.client.once('end', () => {
      if (!leaving.signal.aborted) comingBack = comeBack()
    })
  }

  // Without it, a program that lost its presence would be overlooked, and the server stopped under it.
  async function comeBack(): Promise<void> {
    let told = 'The connection to the embedded database was lost; joining it again.'
    log(told)
    for (let attempt = 0; !leaving.signal.aborted; attempt++) {
      try {
        seat = await takeSeat(place, { mayMake: false, log, signal: leaving.signal })
        watch()
        log(
          seat.url === url
            ? 'The embedded database is back.'
            : 'The embedded database is back on another port; start this program again.',
        )
        return
      } catch (error) {
        if (sentence(error) !== told && !leaving.signal.aborted) {
          told = sentence(error)
          log(told)
        }
        // Nothing to wait for must keep a program alive that is done otherwise.
        const pauseMs = Math.min(5_000, 100 * 2 ** attempt)
        await sleep(pauseMs, undefined, { signal: leaving.signal, ref: false }).catch(() => {})
      }
    }
  }

  let left: Promise<void> | undefined
  const leave = async () => {
    leaving.abort()
    await comingBack
    await leaveSeat(place, seat.presence, log).catch((error) => log(sentence(error)))
  }
  return {
    url,
    leave: () => {
      left ??= leave()
      return left
    },
  }
}

/** The lock is held until the presence is there, so that nobody who leaves stops the server in between. */
async function takeSeat(
  place: Place,
  options: { mayMake: boolean; log: Log; signal?: AbortSignal },
): Promise<Seat> {
  return underLock(place, options, async () => {
    await giveToOwner(place)
    const deadline = performance.now() + 30_000
    for (;;) {
      const seat = await trySeat(place, options)
      if (seat) return seat
      if (performance.now() > deadline) {
        throw new Error(
          'The embedded database runs but does not answer. See postgres.log in the data folder, end its postgres process, and try again.',
        )
      }
      await sleep(20)
    }
  }).catch((error: NodeJS.ErrnoException) => {
    // What the operating system says by itself (a full disk, a folder that changed hands) is half a sentence.
    if (error.syscall === undefined) throw error
    throw new Error(
      `The embedded database in "${place.dataDir}" cannot be used: ${error.message}. Set that right, then try again.`,
      { cause: error },
    )
  })
}

async function trySeat(place: Place, options: { mayMake: boolean; log: Log }): Promise<Seat | undefined> {
  const running = await runningPort(await clusterFolder(place), options.log)
  const port = running ?? (await startPostmaster(place, await ensureCluster(place, options), options.log))
  try {
    const password = await readPassword(place)
    const presence = await openPresence(port, password)
    // It tells the server that this program is there; it must not keep it there.
    presence?.socket.unref()
    return presence && { url: embeddedUrl(port, password), presence }
  } catch (error) {
    // Nobody would ever stop a server that we started and cannot enter.
    if (running === undefined) await stopPostmaster(await clusterFolder(place), options.log)
    throw error
  }
}

async function leaveSeat(place: Place, presence: Presence, log: Log): Promise<void> {
  presence.socket.ref()
  await underLock(place, { log }, async () => {
    const others = await isAnybodyElseThere(presence).catch(() => undefined)
    await presence.client.end()
    // No answer: the server is gone, or another program's to judge.
    if (others === false) await stopPostmaster(await clusterFolder(place), log)
  })
}

function underLock<T>(
  place: Place,
  options: { log: Log; signal?: AbortSignal },
  work: () => Promise<T>,
): Promise<T> {
  // Longer than the holder's own patience, so that whoever waits hears the holder's reason, not his own.
  return withEmbeddedLock({ ...options, file: place.lockFile, waitMs: patienceMs + 60_000 }, work)
}

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
