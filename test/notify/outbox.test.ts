import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Mail } from '../../src/contract/mail.ts'
import { addWinery } from '../../src/crm/wineries.ts'
import { inWinery } from '../../src/database/tenant-session.ts'
import { openLog } from '../../src/log.ts'
import { purgeOutbox } from '../../src/notify/purge-outbox.ts'
import { putMail } from '../../src/notify/put-mail.ts'
import { readMail, readOutbox } from '../../src/notify/read-outbox.ts'
import { sendOutbox } from '../../src/notify/send-outbox.ts'
import { actor } from '../actor.ts'
import { freshDatabase, type TestDatabase } from '../database-for-tests.ts'
import { type MailServer, startMailServer } from '../mail-server.ts'
import { openSecrets } from '../pull/open-secrets.ts'

let database: TestDatabase
let server: MailServer
let wineryId: string
const noon = new Date('2026-06-02T12:00:00Z')
const after = (hours: number) => new Date(noon.getTime() + hours * 3_600_000)

beforeAll(async () => {
  database = await freshDatabase()
  const { winery } = await addWinery(database.db, { slug: 'juniper-hill', name: 'Juniper Hill' }, actor)
  wineryId = winery.winery_id
})
afterAll(() => database.drop())
beforeEach(async () => {
  server = await startMailServer()
})
afterEach(async () => {
  await server.close()
  await sql`delete from ecellar.outbox`.execute(database.db)
})

const alert = (more: Partial<Mail<'alert'>> = {}): Mail<'alert'> => ({
  to: 'desk@example.com',
  template: 'alert',
  wineryId,
  putAt: noon,
  data: {
    wineryName: 'Juniper Hill',
    brand: { code: 'JH', name: 'Juniper Hill' },
    title: 'No good pull for 30 hours',
    message: 'The last good pull was 30 hours ago.',
    nextStep: 'Test the connection.',
    since: '2026-06-01T06:00:00Z',
    consoleUrl: null,
  },
  ...more,
})
const invitation: Mail<'invitation'> = {
  to: 'new@example.com',
  template: 'invitation',
  wineryId: null,
  putAt: noon,
  data: {
    wineryName: null,
    invitedBy: 'Robin Example',
    role: 'support',
    link: 'https://console.example/invitation/very-secret-token',
    expiresAt: '2026-06-05T12:00:00Z',
  },
}
const logged: string[] = []
const log = openLog({
  stream: new (await import('node:stream')).Writable({
    write(chunk, _encoding, done) {
      logged.push(String(chunk))
      done()
    },
  }),
})
const send = (now = noon, smtpUrl: string | undefined = server.url) =>
  sendOutbox({
    db: database.db,
    smtpUrl,
    from: 'eCELLAR Tock Integration <no-reply@ecellar.example>',
    supportContact: 'eCELLAR Support <support@ecellar.example>',
    secrets: openSecrets,
    log,
    now,
  })

describe('a mail', () => {
  it('is sent once, as HTML and as text, from the sender that is set', async () => {
    await putMail(database.db, alert())
    expect(await send()).toEqual({ sent: 1, failed: 0, givenUp: 0 })
    expect(await send(after(1))).toEqual({ sent: 0, failed: 0, givenUp: 0 })
    expect(server.mails).toHaveLength(1)
    const [mail] = server.mails
    expect(mail).toMatchObject({
      subject: 'Juniper Hill, JH: No good pull for 30 hours',
      from: { text: '"eCELLAR Tock Integration" <no-reply@ecellar.example>' },
      to: { text: 'desk@example.com' },
      replyTo: { text: 'support@ecellar.example' },
    })
    for (const body of [mail?.text, mail?.html]) {
      expect(body).toContain('The last good pull was 30 hours ago.')
      expect(body).toContain('Sun, May 31, 2026, 11:00 PM PDT')
      expect(body).toMatch(/Still need help\?[\s\S]*Contact us/)
      expect(body).toContain('support@ecellar.example')
    }
    expect(mail?.headers.get('auto-submitted')).toBe('auto-generated')
  })

  it('is not put when its transaction is rolled back', async () => {
    const failing = inWinery(database.db, wineryId, async (trx) => {
      await putMail(trx, alert())
      throw new Error('rolled back')
    })
    await expect(failing).rejects.toThrow('rolled back')
    expect(await readOutbox(database.db, { limit: 10 })).toEqual([])
  })

  it('is put once under the same words, also by two at once; another winery has its own', async () => {
    const put = () => inWinery(database.db, wineryId, (trx) => putMail(trx, alert({ oncePer: 'night 2' })))
    const ids = await Promise.all([put(), put(), put()])
    expect(ids.filter((id) => id !== null)).toHaveLength(1)
    expect(await putMail(database.db, alert({ oncePer: 'night 2', wineryId: null }))).not.toBeNull()
    expect(await send()).toMatchObject({ sent: 2 })
    expect(await put()).toBeNull()
  })

  it('takes nothing that its template does not name', async () => {
    const data = { ...alert().data, guest: 'Ada Example' }
    await expect(putMail(database.db, alert({ data }))).rejects.toThrow(/guest/)
    await expect(putMail(database.db, alert({ to: 'nobody' }))).rejects.toThrow('no e-mail address')
    await expect(putMail(database.db, alert({ to: 'a@example.com\nBcc: b@example.com' }))).rejects.toThrow()
  })

  it('of a winery is not seen from another one, nor are those of the installation', async () => {
    const { winery } = await addWinery(database.db, { slug: 'creekside', name: 'Creekside' }, actor)
    await putMail(database.db, alert())
    await putMail(database.db, alert({ wineryId: null }))
    const seenFrom = (id: string) => inWinery(database.db, id, (trx) => readOutbox(trx, { limit: 10 }))
    expect(await seenFrom(winery.winery_id)).toEqual([])
    expect((await seenFrom(wineryId)).map((mail) => mail.winery)).toEqual(['juniper-hill'])
    const forOther = inWinery(database.db, winery.winery_id, (trx) => putMail(trx, alert()))
    await expect(forOther).rejects.toThrow(/row-level security/)
  })
})

describe('a link', () => {
  it('lies sealed until it is sent, is told to its recipient, and then is gone', async () => {
    const sealed = { ...openSecrets, seal: async () => 'sealed', open: async () => invitation.data.link }
    const id = await putMail(database.db, invitation, sealed)
    const rows = await sql<Record<string, unknown>>`select * from ecellar.outbox`.execute(database.db)
    expect(rows.rows[0]).toMatchObject({ sealed_link: 'sealed' })
    expect(JSON.stringify(rows.rows)).not.toContain('very-secret-token')
    const shown = await readMail(database.db, id ?? '', { supportContact: 'Support' })
    expect(shown.text + shown.html).not.toContain('very-secret-token')
    const opened = await readMail(database.db, id ?? '', { supportContact: 'Support', secrets: sealed })
    expect(opened.text).toContain(invitation.data.link)

    await sendOutbox({
      db: database.db,
      smtpUrl: server.url,
      from: 'no-reply@ecellar.example',
      supportContact: 'Support',
      secrets: sealed,
      log,
      now: noon,
    })
    expect(server.mails[0]?.text).toContain(invitation.data.link)
    expect(server.mails[0]?.html).toContain(invitation.data.link)
    const sent = await sql<Record<string, unknown>>`select * from ecellar.outbox`.execute(database.db)
    expect(sent.rows[0]).toMatchObject({ state: 'sent', sealed_link: null })
    expect(logged.join('')).not.toContain('very-secret-token')
  })

  it('is not put in clear', async () => {
    const unsealed = putMail as (db: typeof database.db, mail: Mail) => Promise<string | null>
    await expect(unsealed(database.db, invitation)).rejects.toThrow('must be sealed')
  })
})

describe('a mail server', () => {
  it('that is not set leaves all mails in the outbox, to be looked at', async () => {
    const id = await putMail(database.db, alert())
    expect(await send(noon, '')).toEqual({ sent: 0, failed: 0, givenUp: 0 })
    expect(await readOutbox(database.db, { limit: 10 })).toMatchObject([
      { mailId: id, winery: 'juniper-hill', recipient: 'desk@example.com', state: 'waiting', tries: 0 },
    ])
    expect(await readMail(database.db, id ?? '', { supportContact: 'x' })).toMatchObject({
      to: 'desk@example.com',
      subject: 'Juniper Hill, JH: No good pull for 30 hours',
    })
  })

  it('that is set later does not bring the mails of weeks', async () => {
    await putMail(database.db, alert())
    await putMail(database.db, alert({ putAt: after(23 * 24) }))
    expect(await send(after(24 * 24))).toEqual({ sent: 1, failed: 0, givenUp: 1 })
  })

  it('that is down gets the mail later; others are not tried in vain meanwhile', async () => {
    const { port } = new URL(server.url)
    const { url } = server
    await server.close()
    await putMail(database.db, alert())
    await putMail(database.db, alert())
    expect(await send(noon, url)).toEqual({ sent: 0, failed: 1, givenUp: 0 })
    expect(await readOutbox(database.db, { limit: 10 })).toMatchObject([
      { tries: 0, lastError: null },
      { tries: 1, lastError: expect.stringContaining('cannot be reached'), nextTryAt: after(1 / 60) },
    ])
    server = await startMailServer({ port: Number(port) })
    expect(await send(after(1))).toEqual({ sent: 2, failed: 0, givenUp: 0 })
  })

  it('that stays down: after four days the mail is given up, for all to see', async () => {
    await server.close()
    await putMail(database.db, alert())
    let given = 0
    let tried = 0
    for (let hour = 0; hour < 24 * 6; hour += 0.5) {
      const outcome = await send(after(hour))
      given += outcome.givenUp
      tried += outcome.failed
    }
    expect(given).toBe(1)
    expect(tried).toBeGreaterThan(20)
    expect(tried).toBeLessThan(60)
    expect(await readOutbox(database.db, { state: 'given up', limit: 10 })).toMatchObject([
      { lastError: expect.stringContaining('cannot be reached'), nextTryAt: null },
    ])
    expect(logged.join('')).toContain('mail given up')
    server = await startMailServer()
  })

  it('that refuses a recipient for good is not asked again; one that is busy is', async () => {
    server.refuse((to) => (to.startsWith('gone') ? { code: 550, text: 'no such Ada Example here' } : null))
    await putMail(database.db, alert({ to: 'gone@example.com' }))
    await putMail(database.db, alert({ to: 'here@example.com' }))
    expect(await send()).toEqual({ sent: 1, failed: 0, givenUp: 1 })
    const [given] = await readOutbox(database.db, { state: 'given up', limit: 10 })
    expect(given).toMatchObject({ lastError: 'The mail server refuses the sender or the recipient (550).' })

    server.refuse(() => ({ code: 451, text: 'greylisted' }))
    await putMail(database.db, alert())
    expect(await send()).toEqual({ sent: 0, failed: 1, givenUp: 0 })
    server.refuse(null)
    expect(await send(after(1))).toEqual({ sent: 1, failed: 0, givenUp: 0 })
    expect(logged.join('')).not.toContain('Ada')
    expect(logged.join('')).not.toContain('@example.com')
  })

  it('gets each mail once from several senders at once', async () => {
    const other = await import('../../src/database/connect.ts').then(({ openDatabase }) =>
      openDatabase({ databaseUrl: database.url, dataDir: '/nowhere' }),
    )
    for (let n = 0; n < 30; n += 1) await putMail(database.db, alert({ to: `desk${n}@example.com` }))
    const senders = [database.db, other.db, database.db, other.db].map((db) =>
      sendOutbox({
        db,
        smtpUrl: server.url,
        from: 'a@example.com',
        supportContact: 'x',
        secrets: openSecrets,
        log,
        now: noon,
      }),
    )
    const outcomes = await Promise.all(senders)
    await other.close()
    expect(outcomes.reduce((sum, { sent }) => sum + sent, 0)).toBe(30)
    expect(new Set(server.mails.map((mail) => mail.messageId)).size).toBe(30)
    expect(server.mails).toHaveLength(30)
  })
})

describe('the outbox', () => {
  it('is read in pages, the newest first', async () => {
    for (let n = 0; n < 5; n += 1) await putMail(database.db, alert({ to: `desk${n}@example.com` }))
    const first = await readOutbox(database.db, { limit: 3 })
    const second = await readOutbox(database.db, { limit: 3, before: first.at(-1)?.mailId })
    expect([...first, ...second].map((mail) => mail.recipient)).toEqual(
      [4, 3, 2, 1, 0].map((n) => `desk${n}@example.com`),
    )
  })

  it('forgets mails after 90 days', async () => {
    await putMail(database.db, alert())
    await putMail(database.db, alert({ putAt: after(48) }))
    expect(await purgeOutbox(database.db, after(90 * 24 + 1))).toBe(1)
    expect(await readOutbox(database.db, { limit: 10 })).toHaveLength(1)
  })

  it('says so when a mail is not there, or was put by another version', async () => {
    await expect(readMail(database.db, '999999', { supportContact: 'x' })).rejects.toMatchObject({
      code: 'not_found',
    })
    const id = await putMail(database.db, alert())
    await sql`update ecellar.outbox set data = '{"other": 1}'`.execute(database.db)
    await expect(readMail(database.db, id ?? '', { supportContact: 'x' })).rejects.toMatchObject({
      code: 'invalid',
    })
    expect(await send()).toEqual({ sent: 0, failed: 0, givenUp: 1 })
  })
})
