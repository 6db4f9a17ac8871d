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
      supportContact: 'eCELLAR Support',
    })
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
