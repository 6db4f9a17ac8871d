/** Every setting of the program, with its default and its meaning. Read once, then handed down. */

import { existsSync, readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { join, resolve } from 'node:path'
import { parseEnv } from 'node:util'
import { z } from 'zod'
import { emailKey } from './contract/email-address.ts'
import { Refusal } from './contract/errors.ts'

const tockApi = 'https://api.exploretock.com'
const httpUrl = z.url({ protocol: /^https?$/, error: 'is no http(s) address' })

const port = z.coerce.number({ error: 'is no port number' }).int().min(0).max(65_535)

const settings = z.object({
  /** A PostgreSQL server (15 or newer). Unset: the program's own, kept in the data folder. */
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'is no postgres:// address' }).optional(),
  /** The data folder: the program's own database, and the encryption key where none is set. */
  ECELLAR_TOCK_DATA: z.string().default('./data'),
  /** Tock, or something that behaves like it (then file links may be plain http on this machine). */
  TOCK_API_URL: httpUrl.optional(),
  /**
   * Seals Tock keys and passwords: 32 bytes in base64. Several, with commas between them: the first seals, the others
   * only open what they sealed before.
   */
  ENCRYPTION_KEY: z
    .string()
    .refine((text) => text.split(',').every((key) => is32Bytes(key.trim())), {
      error: 'is not 32 bytes in base64 (make one with: openssl rand -base64 32)',
    })
    .optional(),
  /** Where API and console answer. */
  PORT: port.default(4000),
  /** Where a `worker` answers probes and Prometheus. Unset: nowhere. */
  WORKER_PORT: port.optional(),
  /** The address as users see it. */
  PUBLIC_URL: httpUrl.optional(),
  /** Whose word about the client (`X-Forwarded-For`) is believed: addresses, networks, `loopback`, `uniquelocal`, `linklocal`. */
  TRUSTED_PROXIES: z
    .string()
    .default('loopback')
    .transform((text) => text.split(',').map((one) => one.trim()))
    .refine((all) => all.every(isProxyPlace), {
      error: 'has something that is no address, no network like 10.0.0.0/8, and none of its words',
    }),
  /** The mail server. */
  SMTP_URL: z.url({ protocol: /^smtps?$/, error: 'is no smtp:// address' }).optional(),
  /** The sender of all mails: an address, or `Name <address>`. */
  MAIL_FROM: z
    .string()
    .refine((text) => emailKey(/^[^<>]*<([^<>]+)>$/.exec(text.trim())?.[1] ?? text) !== null, {
      error: 'is no e-mail address, nor "Name <address>"',
    })
    .optional(),
  /** Lets whatever scrapes `/metrics` in: `Authorization: Bearer …`. Unset: Support and operators alone, signed in. */
  METRICS_TOKEN: z.string().min(24, { error: 'is shorter than 24 characters' }).optional(),
  /** Whom "Still need help? Contact us" names. Mails to Support go to an address in it. */
  SUPPORT_CONTACT: z.string().default('eCELLAR Support'),
})

export type Config = {
  databaseUrl?: string
  /** An absolute path. */
  dataDir: string
  tockApiUrl: string
  tockApiUrlIsSet: boolean
  encryptionKey?: string
  port: number
  workerPort?: number
  trustedProxies: string[]
  publicUrl?: string
  smtpUrl?: string
  mailFrom: string
  supportContact: string
  metricsToken?: string
}

/**
 * The settings of an environment and of the file `.env` in the folder `cwd`; the environment wins.
 * @throws Refusal `invalid` that names each wrong setting, never its value
 */
export function readConfig(env: NodeJS.ProcessEnv, cwd: string): Config {
  const { config, problems } = readSettings(env, cwd)
  assertUsable(problems)
  return config
}

/** @throws Refusal `invalid` that names all problems, when there are any */
export function assertUsable(problems: string[]): void {
  if (problems.length === 0) return
  throw new Refusal(
    'invalid',
    `The settings cannot be used: ${problems.join('; ')}.`,
    'Correct the environment or the file .env, then try again.',
  )
}

/** The same, with the wrong settings named and their presets in their place: for whoever looks for more problems. */
export function readSettings(env: NodeJS.ProcessEnv, cwd: string): { config: Config; problems: string[] } {
  const file = join(cwd, '.env')
  const given = { ...(existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {}), ...env }
  // An empty value is how a shell or a compose file says "not set".
  const present = Object.entries(given).filter(([, value]) => value !== undefined && value.trim() !== '')
  const issues = settings.safeParse(Object.fromEntries(present)).error?.issues ?? []
  const wrong = new Set(issues.map((issue) => String(issue.path[0])))
  const data = settings.parse(Object.fromEntries(present.filter(([name]) => !wrong.has(name))))
  return {
    config: configOf(data, cwd),
    problems: issues.map((issue) => `${issue.path.join('.')} ${issue.message}`),
  }
}

function configOf(data: z.output<typeof settings>, cwd: string): Config {
  return {
    ...(data.DATABASE_URL === undefined ? {} : { databaseUrl: data.DATABASE_URL }),
    dataDir: resolve(cwd, data.ECELLAR_TOCK_DATA),
    tockApiUrl: data.TOCK_API_URL ?? tockApi,
    tockApiUrlIsSet: data.TOCK_API_URL !== undefined,
    ...(data.ENCRYPTION_KEY === undefined ? {} : { encryptionKey: data.ENCRYPTION_KEY }),
    port: data.PORT,
    ...(data.WORKER_PORT === undefined ? {} : { workerPort: data.WORKER_PORT }),
    ...(data.PUBLIC_URL === undefined ? {} : { publicUrl: data.PUBLIC_URL }),
    trustedProxies: data.TRUSTED_PROXIES,
    ...(data.SMTP_URL === undefined ? {} : { smtpUrl: data.SMTP_URL }),
    mailFrom: data.MAIL_FROM?.trim() ?? usualSender(data.SMTP_URL, data.PUBLIC_URL),
    supportContact: data.SUPPORT_CONTACT,
    ...(data.METRICS_TOKEN === undefined ? {} : { metricsToken: data.METRICS_TOKEN }),
  }
}

/** Most mail servers take mail only from who has signed in; otherwise from the host that users know. */
function usualSender(smtpUrl: string | undefined, publicUrl: string | undefined): string {
  const smtp = smtpUrl === undefined ? null : URL.parse(smtpUrl)
  const login = decoded(smtp?.username ?? '')
  const host =
    (publicUrl === undefined ? null : URL.parse(publicUrl))?.hostname ?? smtp?.hostname ?? 'localhost'
  return `eCELLAR Tock Integration <${emailKey(login) === null ? `no-reply@${host}` : login}>`
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function isProxyPlace(text: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(text)) return true
  const [, address = '', bits = '0'] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? []
  const version = isIP(address)
  return version !== 0 && Number(bits) <= (version === 4 ? 32 : 128)
}

function is32Bytes(base64: string): boolean {
  return /^[A-Za-z0-9+/_-]{43}=?$/.test(base64) && Buffer.from(base64, 'base64').length === 32
}
