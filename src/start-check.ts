/** What stands in the way of the service, looked for before it begins: all of it at once, in words, without values. */

import { constants } from 'node:fs'
import { access, mkdir } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { Config } from './config.ts'
import { supportAddress } from './notify/mail-address.ts'

/** Without an address for others, nobody else is to come in. */
export function listenHost(config: Pick<Config, 'publicUrl'>): string {
  return config.publicUrl === undefined ? 'localhost' : '0.0.0.0'
}

/** What must be put right first. `api`: the process serves it. */
export async function startProblems(config: Config, { api }: { api: boolean }): Promise<string[]> {
  const found = [
    await folderProblem(config),
    publicUrlProblem(config),
    api
      ? await portProblem('PORT', config.port, config)
      : await portProblem('WORKER_PORT', config.workerPort, config),
  ]
  return found.filter((problem) => problem !== undefined)
}

/** What works, and probably is not meant. */
export function startWarnings({ publicUrl, smtpUrl, tockApiUrl, supportContact }: Config): string[] {
  const found = [
    isOpen(tockApiUrl) ? 'TOCK_API_URL is not https: the Tock keys travel in clear.' : undefined,
    publicUrl !== undefined && isOpen(publicUrl)
      ? "PUBLIC_URL is not https: passwords and guests' data travel in clear."
      : undefined,
    publicUrl === undefined && smtpUrl !== undefined
      ? 'PUBLIC_URL is not set: links in mails open on this machine alone, and only this machine is let in.'
      : undefined,
    smtpUrl === undefined ? 'SMTP_URL is not set: mails stay in the outbox.' : undefined,
    supportAddress(supportContact) === null
      ? 'SUPPORT_CONTACT has no e-mail address: mails to Support go to nobody.'
      : undefined,
  ]
  return found.filter((warning) => warning !== undefined)
}

async function folderProblem({ dataDir, databaseUrl, encryptionKey }: Config): Promise<string | undefined> {
  // With both elsewhere nothing is put there.
  if (databaseUrl !== undefined && encryptionKey !== undefined) return undefined
  try {
    await mkdir(dataDir, { recursive: true })
    await access(dataDir, constants.W_OK)
    return undefined
  } catch {
    return 'ECELLAR_TOCK_DATA is a folder that cannot be written to'
  }
}

function publicUrlProblem({ publicUrl }: Config): string | undefined {
  if (publicUrl === undefined) return undefined
  const url = new URL(publicUrl)
  if (url.search !== '' || url.hash !== '' || url.username !== '') {
    return 'PUBLIC_URL has more than host, port and path'
  }
  if (!isOpen(publicUrl) || isPrivate(url.hostname)) return undefined
  return "PUBLIC_URL is not https (passwords and guests' data would travel in clear: put a proxy with TLS in front)"
}

async function portProblem(
  setting: 'PORT' | 'WORKER_PORT',
  port: number | undefined,
  config: Config,
): Promise<string | undefined> {
  // 0: whichever is free.
  if (!port) return undefined
  const code = await new Promise<string | undefined>((resolve) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''))
    server.listen({ port, host: listenHost(config), exclusive: true }, () =>
      server.close(() => resolve(undefined)),
    )
  })
  if (code === undefined) return undefined
  return code === 'EADDRINUSE'
    ? `${setting} ${port} is taken by another program`
    : `${setting} ${port} cannot be listened to (${code})`
}

/** In clear, and over more than this machine. */
function isOpen(address: string): boolean {
  const { protocol, hostname } = new URL(address)
  return protocol === 'http:' && !/^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)
}

/** A network of one's own, as for a trial: told, and let be. */
function isPrivate(host: string): boolean {
  return (
    !host.includes('.') ||
    /\.(local|internal|lan|home\.arpa|test)$/.test(host) ||
    /^(10|192\.168|172\.(1[6-9]|2\d|3[01]))\.[\d.]+$/.test(host) ||
    /^\[(fd|fe80)/.test(host)
  )
}
