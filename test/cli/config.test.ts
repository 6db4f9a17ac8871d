import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readConfig } from '../../src/config.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'config-'))
})
afterEach(() => rm(folder, { recursive: true }))

describe('the settings', () => {
  it('have presets', () => {
    expect(readConfig({}, folder)).toEqual({
      dataDir: join(folder, 'data'),
      tockApiUrl: 'https://api.exploretock.com',
      tockApiUrlIsSet: false,
      port: 4000,
      trustedProxies: ['loopback'],
      mailFrom: 'eCELLAR Tock Integration <no-reply@localhost>',
      supportContact: 'eCELLAR Support',
    })
  })

  it.each([
    [{ SMTP_URL: 'smtps://robin%40winery.example:word@mail.example' }, 'robin@winery.example'],
    [
      { SMTP_URL: 'smtps://apikey:word@mail.example', PUBLIC_URL: 'https://tock.winery.example/' },
      'no-reply@tock.winery.example',
    ],
    [{ SMTP_URL: 'smtp://mail.example' }, 'no-reply@mail.example'],
  ])('make out a sender that the mail server is likely to take: %j', (env, address) => {
    expect(readConfig(env, folder).mailFrom).toBe(`eCELLAR Tock Integration <${address}>`)
  })

  it('take a sender with a name or without', () => {
    for (const MAIL_FROM of ['tock@winery.example', 'Juniper Hill <tock@winery.example>']) {
      expect(readConfig({ MAIL_FROM }, folder).mailFrom).toBe(MAIL_FROM)
    }
    expect(() => readConfig({ MAIL_FROM: 'nobody' }, folder)).toThrow('MAIL_FROM is no e-mail address')
  })

  it('take proxies as addresses, networks and words, and nothing else', () => {
    const read = (TRUSTED_PROXIES: string) => readConfig({ TRUSTED_PROXIES }, folder).trustedProxies
    expect(read('10.0.0.7, fd00::/8,uniquelocal')).toEqual(['10.0.0.7', 'fd00::/8', 'uniquelocal'])
    for (const wrong of ['everybody', '10.0.0.0/33', 'proxy.example', '10.0.0.7,']) {
      expect(() => read(wrong)).toThrow('TRUSTED_PROXIES')
    }
  })

  it('come from the environment, else from .env, and an empty one is not set', async () => {
    await writeFile(join(folder, '.env'), 'PORT=5000\nECELLAR_TOCK_DATA=kept\nDATABASE_URL=\n')
    const config = readConfig({ PORT: '6000', TOCK_API_URL: 'http://127.0.0.1:1', SMTP_URL: '' }, folder)
    expect(config).toMatchObject({ port: 6000, dataDir: join(folder, 'kept'), tockApiUrlIsSet: true })
    expect(config).not.toHaveProperty('databaseUrl')
    expect(config).not.toHaveProperty('smtpUrl')
  })

  it('that cannot be are named all at once, without their values', () => {
    const wrong = { PORT: 'secret-port', DATABASE_URL: 'mysql://secret-word@x', TOCK_API_URL: 'secret-place' }
    const read = () => readConfig(wrong, folder)
    expect(read).toThrow(/DATABASE_URL .*TOCK_API_URL .*PORT /)
    expect(read).not.toThrow(/secret/)
  })
})
