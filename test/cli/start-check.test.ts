/** `start` and `worker` look before they begin, and say all that is wrong at once, as lines for a log. */

import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { tryMailServer } from '../../src/notify/try-mail-server.ts'
import { startProblems, startWarnings } from '../../src/start-check.ts'
import { runProgram } from './run-program.ts'

let folder: string
const taken = createServer()
let port: number
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ecellar-tock-check-'))
  taken.listen(0, 'localhost')
  await once(taken, 'listening')
  port = (taken.address() as AddressInfo).port
})
afterAll(async () => {
  taken.close()
  await rm(folder, { recursive: true, force: true })
})

const problems = (env: Record<string, string>, api = true) =>
  startProblems(readConfig({ PORT: '0', ...env }, folder), { api })
const warnings = (env: Record<string, string>) => startWarnings(readConfig({ PORT: '0', ...env }, folder))

describe('start', () => {
  it('names wrong settings, a port that is taken, an open address and a closed folder together, without values', async () => {
    await writeFile(join(folder, 'a-file'), '')
    const env = {
      PORT: String(port),
      PUBLIC_URL: 'http://tock.winery.com',
      ECELLAR_TOCK_DATA: join(folder, 'a-file', 'data'),
      ENCRYPTION_KEY: 'too-short-and-secret',
      SMTP_URL: 'secret-place',
      METRICS_TOKEN: 'secret-token',
    }
    const { code, stdout, stderr } = await runProgram(['start'], { env, cwd: folder })
    expect(code).toBe(3)
    expect(stdout).toBe('')
    const lines = stderr.trimEnd().split('\n')
    expect(lines).toHaveLength(1)
    const { msg, ...line } = JSON.parse(lines[0] ?? '') as Record<string, string>
    expect(line).toMatchObject({ level: 'fatal', code: 'invalid', nextStep: expect.any(String) })
    for (const setting of [
      'ENCRYPTION_KEY',
      'SMTP_URL',
      'METRICS_TOKEN',
      'ECELLAR_TOCK_DATA',
      'PUBLIC_URL',
      `PORT ${port} is taken`,
    ]) {
      expect(msg).toContain(setting)
    }
    expect(stderr).not.toContain('secret')
    const asJson = await runProgram(['start', '--json'], { env, cwd: folder })
    expect(asJson.code).toBe(3)
    expect(JSON.parse(asJson.stdout)).toEqual({
      error: { code: 'invalid', message: msg, nextStep: line.nextStep },
    })
  })

  it('wants https where others come in; a network of one’s own and this machine are let be', async () => {
    for (const PUBLIC_URL of ['http://tock.winery.com', 'http://8.8.8.8']) {
      expect(await problems({ PUBLIC_URL })).toEqual([expect.stringContaining('PUBLIC_URL is not https')])
    }
    for (const PUBLIC_URL of ['http://192.168.1.5:4000', 'http://tock.internal', 'http://tock:4000']) {
      expect(await problems({ PUBLIC_URL })).toEqual([])
      expect(warnings({ PUBLIC_URL })).toContainEqual(expect.stringContaining('PUBLIC_URL is not https'))
    }
    for (const PUBLIC_URL of ['http://localhost:4000', 'http://127.0.0.1', 'https://tock.winery.com/x/']) {
      expect(await problems({ PUBLIC_URL })).toEqual([])
      expect(warnings({ PUBLIC_URL })).not.toContainEqual(expect.stringContaining('PUBLIC_URL'))
    }
    expect(await problems({ PUBLIC_URL: 'https://tock.winery.com/?a=b' })).toHaveLength(1)
  })

  it('warns of what is probably not meant', () => {
    expect(warnings({ TOCK_API_URL: 'http://tock.example' })).toContainEqual(
      expect.stringContaining('TOCK_API_URL'),
    )
    expect(warnings({ SMTP_URL: 'smtp://mail.example' })).toContainEqual(
      expect.stringContaining('PUBLIC_URL is not set'),
    )
    expect(
      warnings({
        SMTP_URL: 'smtp://mail.example',
        PUBLIC_URL: 'https://tock.winery.com',
        SUPPORT_CONTACT: 'support@ecellar.example',
      }),
    ).toEqual([])
  })

  it('says that the mail server does not answer, without its password', async () => {
    const { port: free } = await new Promise<AddressInfo>((resolve) => {
      const server = createServer().listen(0, 'localhost', () => {
        const address = server.address() as AddressInfo
        server.close(() => resolve(address))
      })
    })
    expect(await tryMailServer(`smtp://robin:secret@localhost:${free}`)).toBe(
      'SMTP_URL: The mail server cannot be reached, or does not answer (ESOCKET). Mails wait in the outbox.',
    )
  })
})

describe('worker', () => {
  it('asks for no PORT: it serves nobody. Its mails have links like those of "start"', async () => {
    expect(await problems({ PORT: String(port) }, false)).toEqual([])
    expect(await problems({ WORKER_PORT: String(port) }, false)).toEqual([
      `WORKER_PORT ${port} is taken by another program`,
    ])
    expect(await problems({ PUBLIC_URL: 'http://tock.winery.com' }, false)).toHaveLength(1)
  })

  it('that cannot reach its database says so in one line', async () => {
    const env = {
      DATABASE_URL: 'postgres://robin:secret@127.0.0.1:1/nothing',
      ENCRYPTION_KEY: Buffer.alloc(32).toString('base64'),
    }
    const { code, stderr } = await runProgram(['worker'], { env, cwd: folder })
    expect(code).toBe(1)
    const lines = stderr
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines.at(-1)).toMatchObject({
      level: 'fatal',
      msg: 'The database does not answer (ECONNREFUSED).',
    })
    expect(stderr).not.toContain('secret')
  })
})
