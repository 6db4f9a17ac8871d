import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSecrets } from '../../src/access/secrets.ts'
import { readConfig } from '../../src/config.ts'
import { openDatabase } from '../../src/database/connect.ts'
import { putMail } from '../../src/notify/put-mail.ts'
import { submitKey } from '../../src/pull/key-hand-over/submit-key.ts'
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts'
import { freshDatabaseUrl } from '../database-for-tests.ts'
import { runProgram } from './run-program.ts'

let folder: string
let database: Awaited<ReturnType<typeof freshDatabaseUrl>>
let simulator: Simulator
let env: Record<string, string>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-key-'))
  database = await freshDatabaseUrl()
  simulator = await startSimulator()
  env = {
    DATABASE_URL: database.url,
    ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    TOCK_API_URL: simulator.url,
    PUBLIC_URL: 'https://tock.example/console/',
    SUPPORT_CONTACT: 'eCELLAR Support <support@ecellar.example>',
  }
  const { businessGroupId, businessId } = simulator.businesses[0] ?? {}
  await run('winery add --slug juniper-hill --name "Juniper Hill" --reservation-contact desk@example.com')
  await run(
    `brand add --winery juniper-hill --code JH --name JH --business-group ${businessGroupId} --business ${businessId}`,
  )
}, 120_000)
afterAll(async () => {
  await simulator.close()
  await database.drop()
  await rm(folder, { recursive: true })
})

const words = (line: string) => (line.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replaceAll('"', ''))
const run = (line: string, input = '') => runProgram(words(line), { cwd: folder, env, input })
async function json(line: string) {
  const { code, stdout } = await run(`${line} --json`)
  return { code, answer: JSON.parse(stdout) }
}

/** What the page behind the link does. */
async function fillIn(link: string): Promise<void> {
  const config = readConfig(env, folder)
  const opened = await openDatabase({ databaseUrl: database.url, dataDir: folder })
  const secrets = await openSecrets({ db: opened.db, config, note: () => {} })
  const { apiKey = '', businessGroupId = '', businessId = '' } = simulator.businesses[0] ?? {}
  await submitKey(
    {
      db: opened.db,
      secrets,
      config,
      tock: { apiUrl: simulator.url, allowLoopbackHttp: true },
      tell: (trx, mail) => putMail(trx, mail, secrets),
      now: new Date(),
    },
    new URL(link).hash.slice(1),
    { apiKey, businessGroupId, businesses: [{ brand: 'JH', businessId }] },
  )
  await opened.close()
}

describe('key ask, status, confirm, revoke', () => {
  it('lead from the link to a key that works, and away again', async () => {
    const asked = await json('key ask --winery juniper-hill')
    expect(asked).toMatchObject({
      code: 0,
      answer: { winery: 'juniper-hill', brands: ['JH'], mailedTo: 'desk@example.com' },
    })
    const { link } = asked.answer
    expect(link).toMatch(/^https:\/\/tock\.example\/console\/hand-over#[\w-]{43}$/)
    const waiting = await json('key status --winery juniper-hill')
    expect(waiting.answer).toMatchObject([
      { brand: 'JH', storedFor: null, linkExpiresAt: asked.answer.expiresAt },
    ])
    expect((await json('key confirm --winery juniper-hill --brand JH')).answer.error.code).toBe('not_found')

    await fillIn(link)
    const status = await run('key status --winery juniper-hill')
    expect(status.stdout).toMatch(/to be confirmed: Tock calls/)
    expect(status.stdout).toContain('key confirm --winery juniper-hill --brand JH')
    expect((await json('connection test --winery juniper-hill --brand JH')).answer.error.code).toBe('no_key')
    expect((await json('key confirm --winery juniper-hill --brand jh')).answer).toEqual({
      winery: 'juniper-hill',
      brands: ['JH'],
      otherBusiness: [],
    })
    expect((await json('connection test --winery juniper-hill --brand JH')).code).toBe(0)

    expect((await json('key revoke --winery juniper-hill --brand JH')).answer).toMatchObject({
      stored: 1,
      links: 0,
    })
    expect((await json('key revoke --winery juniper-hill')).answer.error.code).toBe('not_found')
    expect((await json('connection test --winery juniper-hill --brand JH')).answer.error.code).toBe('no_key')
  }, 120_000)

  it('a key that is stored by hand takes the place of one on its way', async () => {
    const { answer } = await json('key ask --winery juniper-hill --brand JH --no-mail')
    expect(answer.mailedTo).toBeNull()
    await fillIn(answer.link)
    await run('key set --winery juniper-hill', 'made-up.key')
    expect((await json('key status --winery juniper-hill')).answer).toMatchObject([
      { brand: 'JH', storedFor: 'winery', handedOver: { state: 'dropped' } },
    ])
  }, 120_000)

  it('never show a key', async () => {
    const key = simulator.businesses[0]?.apiKey ?? ''
    for (const line of ['key status --winery juniper-hill', 'mails list', 'doctor']) {
      const { stdout, stderr } = await run(`${line} --json`)
      expect(stdout + stderr).not.toContain(key)
    }
  }, 120_000)
})

describe('mails list, mails show', () => {
  it('show the outbox, and a mail with its link to whoever may run the program', async () => {
    const { answer } = await json('key ask --winery juniper-hill --to owner@example.com')
    const list = await json('mails list --winery juniper-hill --state waiting --limit 1')
    expect(list.answer).toMatchObject([
      {
        winery: 'juniper-hill',
        recipient: 'owner@example.com',
        template: 'hand-over-link',
        state: 'waiting',
      },
    ])
    expect(JSON.stringify(list.answer)).not.toContain(new URL(answer.link).hash)
    const id = list.answer[0].mailId
    const shown = await run(`mails show ${id}`)
    expect(shown.stdout).toMatch(/^To: owner@example\.com\nSubject: Juniper Hill: hand over your Tock key\n/)
    expect(shown.stdout).toContain(answer.link)
    expect((await run(`mails show ${id} --html`)).stdout).toMatch(/^<!doctype html>/)
    const older = await json(`mails list --before ${id} --limit 1`)
    expect(Number(older.answer[0].mailId)).toBeLessThan(Number(id))
    expect((await json('mails show 99999')).answer.error.code).toBe('not_found')
    expect((await run('mails list')).stdout).toContain('SMTP_URL is not set')
    expect((await run('doctor')).stdout).toContain('There is no mail server (SMTP_URL)')
  }, 120_000)

  it('say when they are asked for what cannot be', async () => {
    for (const line of [
      'mails list --state lost',
      'mails list --limit none',
      'mails list --before x',
      'key confirm --winery w',
    ]) {
      expect(await run(line)).toMatchObject({ code: 2, stdout: '' })
    }
    const nobody = await json('key ask --winery juniper-hill --to nobody')
    expect(nobody).toMatchObject({ code: 3, answer: { error: { code: 'invalid' } } })
  }, 120_000)
})
