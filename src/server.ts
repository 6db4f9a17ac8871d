/** The service put together by hand: the only composition of it. What starts first stops last. */

import { openSecrets } from './access/secrets.ts'
import type { Config } from './config.ts'
import { openDatabase } from './database/connect.ts'
import { startClockwork } from './jobs/clockwork.ts'
import { openQueue } from './jobs/queue.ts'
import { startWorker } from './jobs/worker.ts'
import { openLog } from './log.ts'
import { supportAddress } from './notify/mail-address.ts'

export type Service = {
  /** Where the API answers; null without one. */
  address: string | null
  /** Takes nothing new, lets what runs finish within the grace, and gives the rest back. */
  stop(): Promise<void>
}

export type ServiceParts = {
  /** The API, and the clockwork: schedule, mails, alerts. */
  api: boolean
  /** How many pulls run at a time; 0: no worker. */
  pulls: number
}

export async function startServer(config: Config, parts: ServiceParts): Promise<Service> {
  const log = openLog()
  const clock = () => new Date()
  const stops: [what: string, stop: () => Promise<void>][] = []
  const stop = async () => {
    for (const [what, stopIt] of stops.splice(0).reverse()) {
      await stopIt().catch((error: unknown) => log.error({ err: error, what }, 'A part did not stop well'))
    }
  }
  try {
    const database = await openDatabase({ databaseUrl: config.databaseUrl, dataDir: config.dataDir })
    stops.push(['database', () => database.close()])

    const secrets = await openSecrets({ db: database.db, config, note: (line) => log.warn(line) })

    const queue = await openQueue({ database, log, clockwork: parts.api })
    // Worker and clockwork are the queue's to stop.
    stops.push(['queue', () => queue.close()])

    const tock = { apiUrl: config.tockApiUrl, allowLoopbackHttp: config.tockApiUrlIsSet }
    if (parts.pulls > 0) await startWorker({ queue, secrets, tock, clock, pulls: parts.pulls })

    if (parts.api) {
      const mail = {
        smtpUrl: config.smtpUrl,
        from: config.mailFrom,
        supportContact: config.supportContact,
        support: supportAddress(config.supportContact),
        consoleUrl: config.publicUrl ?? null,
      }
      await startClockwork({ queue, secrets, mail, keys: { tock, config }, clock })
    }

    // The API starts here and stops first: nobody is let in before all is there.
    const address = null

    log.info({ address, pulls: parts.pulls, clockwork: parts.api, pid: process.pid }, 'Ready')
    return { address, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
