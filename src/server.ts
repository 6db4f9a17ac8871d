/** The service put together by hand: the only composition of it. What starts first stops last. */

import { join } from 'node:path'
import type { SendMail } from './access/access-mail.ts'
import { openAccess } from './access/open-access.ts'
import { openSecrets } from './access/secrets.ts'
import { buildApi } from './api/app.ts'
import { buildProbes } from './api/probes.ts'
import type { Config } from './config.ts'
import { openDatabase, withLockPatience } from './database/connect.ts'
import { startClockwork } from './jobs/clockwork.ts'
import { openQueue } from './jobs/queue.ts'
import { startWorker } from './jobs/worker.ts'
import { type Log, openLog } from './log.ts'
import { supportAddress } from './notify/mail-address.ts'
import { putMail } from './notify/put-mail.ts'
import { tryMailServer } from './notify/try-mail-server.ts'
import { listenHost, startWarnings } from './start-check.ts'

export type Service = {
  /** Where the API answers, or a worker's probes; null without a port. */
  address: string | null
  /** A one-time link for the first Support user, while there is none. A secret: for whoever starts the program. */
  firstSupportLink: string | null
  /** Takes nothing new, lets what runs finish within the grace, and gives the rest back. */
  stop(): Promise<void>
}

export type ServiceParts = {
  /** The API and the console. The clockwork goes in every process: schedule, mails, alerts. */
  api: boolean
  /** How many pulls run at a time; 0: no worker. */
  pulls: number
  log?: Log
}

/** A pull that is applied holds the winery's lock: long enough for most, shorter than proxies and browsers wait. */
const lockPatienceMs = 20_000

export async function startServer(settings: Config, parts: ServiceParts): Promise<Service> {
  // A copy, for the port that is really taken.
  const config = { ...settings }
  const { log = openLog() } = parts
  const clock = () => new Date()
  const stops: [what: string, stop: () => Promise<void>][] = []
  const stop = async () => {
    for (const [what, stopIt] of stops.splice(0).reverse()) {
      await stopIt().catch((error: unknown) => log.error({ err: error, what }, 'A part did not stop well'))
    }
  }
  try {
    const note = (line: string) => log.warn(line)
    const database = await openDatabase({
      databaseUrl: config.databaseUrl,
      dataDir: config.dataDir,
      connections: 8,
      note,
    })
    stops.push(['database', () => database.close()])

    const secrets = await openSecrets({ db: database.db, config, note })
    // With another machine's key nothing would work: better told now than by the first pull.
    await secrets.signInKey()

    const queue = await openQueue({ database, log, clockwork: true })
    // Worker and clockwork are the queue's to stop.
    stops.push(['queue', () => queue.close()])

    const tock = { apiUrl: config.tockApiUrl, allowLoopbackHttp: config.tockApiUrlIsSet }
    if (parts.pulls > 0) await startWorker({ queue, secrets, tock, clock, pulls: parts.pulls })

    const mail = {
      smtpUrl: config.smtpUrl,
      from: config.mailFrom,
      supportContact: config.supportContact,
      support: supportAddress(config.supportContact),
      consoleUrl: config.publicUrl ?? null,
    }
    // Guests' data stays where people look for it: not on the disk of a worker elsewhere.
    const exportsFolder = parts.api ? join(config.dataDir, 'exports') : null
    await startClockwork({ queue, secrets, mail, keys: { tock, config }, exportsFolder, clock })

    // The API starts last and stops first: nobody is let in before all is there.
    let address: string | null = null
    let firstSupportLink: string | null = null
    if (parts.api) {
      const sendMail: SendMail = async (mail, db) => {
        await putMail(db, mail, secrets)
      }
      const ofRequests = withLockPatience(database, { patienceMs: lockPatienceMs, connections: 16 })
      stops.push(['database of requests', () => ofRequests.close()])
      const access = await openAccess({ database: ofRequests, secrets, config, log, sendMail, now: clock })
      const app = await buildApi({ database: ofRequests, secrets, access, config, log, queue, clock })
      stops.push(['API', () => app.close()])
      address = await app.listen({ port: config.port, host: listenHost(config) })
      // Links lead to it from now on, where no PUBLIC_URL is set.
      const taken = app.server.address()
      if (taken !== null && typeof taken === 'object') config.port = taken.port
      firstSupportLink = await access.firstSupportLink()
    } else if (config.workerPort !== undefined) {
      const probes = await buildProbes({ database, config, log, queue, clock })
      stops.push(['probes', () => probes.close()])
      address = await probes.listen({ port: config.workerPort, host: listenHost(config) })
    }

    for (const warning of startWarnings(config)) log.warn(warning)
    log.info({ address, pulls: parts.pulls, pid: process.pid }, 'Ready')
    // It may take its time, and nobody is to wait for it.
    if (config.smtpUrl !== undefined) {
      void tryMailServer(config.smtpUrl).then((wrong) => wrong && log.warn(wrong))
    }
    return { address, firstSupportLink, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
