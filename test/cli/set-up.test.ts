import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshDatabaseUrl } from '../database-for-tests.ts'
import { type Ended, ended, runProgram, startProgram } from './run-program.ts'

let folder: string
let database: Awaited<ReturnType<typeof freshDatabaseUrl>>
let env: Record<string, string>
const tockKey = 'made-up.key.of-nobody'

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-'))
  database = await freshDatabaseUrl()
  env = { DATABASE_URL: database.url, ENCRYPTION_KEY: randomBytes(32).toString('base64') }
  await run('migrate')
})
afterAll(async () => {
  await database.drop()
  await rm(folder, { recursive: true })
})

const words = (line: string) => (line.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replaceAll('"', ''))
const run = (line: string, more: { input?: string; env?: Record<string, string> } = {}): Promise<Ended> =>
  runProgram(words(line), { cwd: folder, ...more, env: { ...env, ...more.env } })
async function json(line: string, more?: { input?: string; env?: Record<string, string> }) {
  const { code, stdout, stderr } = await run(`${line} --json`, more)
  return { code, stderr, answer: JSON.parse(stdout) }
}

describe('setting up a winery', () => {
  it('goes step by step, and every step says the next', async () => {
    const winery = await run('winery add --slug juniper-hill --name "Juniper Hill"')
    expect(winery).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Next: brand add --winery juniper-hill'),
    })
    const brand = await run(
      'brand add --winery juniper-hill --code JH --name "Juniper Hill" --business-group 55 --business 707',
    )
    expect(brand).toMatchObject({ code: 0, stdout: expect.stringContaining('Next: key set') })
    expect((await json('settings show --winery juniper-hill')).answer.defaults.customerSource).toBeNull()
    const settings = await json(
      'settings set --winery juniper-hill --customer-source Tock --customer-type Visitor --create --nightly-release after:3 --shared-address a@example.com --shared-address @example.org --guests-without-reservation off',
    )
    expect(settings).toMatchObject({
      code: 0,
      answer: {
        nightlyRelease: 'after:3',
        sharedAddresses: ['@example.org', 'a@example.com'],
        guestsWithoutReservation: false,
        brands: [{ brand: 'JH', effective: { customerSource: 'Tock', customerType: 'Visitor' } }],
      },
    })
    const map = await run('locations map --winery juniper-hill --brand jh --location "Main House" --create')
    expect(map.stdout).toMatch(/^This concerns 0 past reservations/)
  }, 120_000)

  it('lists arrays whose objects have the columns in camelCase', async () => {
    expect((await json('winery list')).answer).toMatchObject([
      { winery: 'juniper-hill', timeZone: 'America/Los_Angeles', brands: 1 },
    ])
    expect((await json('brand list --winery juniper-hill')).answer).toMatchObject([
      { winery: 'juniper-hill', brand: 'JH', businessGroupId: '55', businessId: '707', enabledAt: null },
    ])
    expect((await json('locations list --winery juniper-hill')).answer).toEqual([
      {
        winery: 'juniper-hill',
        brand: 'JH',
        seatingAreaId: null,
        seatingArea: null,
        reservations: 0,
        location: 'Main House',
      },
    ])
    expect((await json('experiences list --winery juniper-hill')).answer).toEqual([])
    expect((await json('exceptions list --winery juniper-hill')).answer).toEqual([])
  })

  it('says what to do where a list is empty', async () => {
    expect((await run('experiences list --winery juniper-hill')).stdout).toContain(
      'pull --winery juniper-hill',
    )
    expect((await run('exceptions list --winery juniper-hill')).stdout).toContain('Nothing needs a person')
  })
})

describe('a key', () => {
  it('comes on standard input and is shown nowhere', async () => {
    const stored = await run('key set --winery juniper-hill', { input: `${tockKey}\n` })
    expect(stored.code).toBe(0)
    expect(stored.stdout + stored.stderr).not.toContain(tockKey)
  })

  it.each(['', ' \n', 'two\nlines', 'with\u0007bell', 'two words'])(
    'that is none is refused: %j',
    async (input) => {
      const { code, answer } = await json('key set --winery juniper-hill --brand JH', { input })
      expect({ code, error: answer.error.code }).toEqual({ code: 3, error: 'invalid' })
    },
  )

  it('is needed for asking Tock', async () => {
    await run('winery add --slug other --name Other')
    await run('brand add --winery other --code O --name O --business-group 88 --business 901')
    const { code, answer } = await json('connection test --winery other --brand O')
    expect({ code, error: answer.error.code }).toEqual({ code: 3, error: 'no_key' })
  })
})

describe('what is refused', () => {
  it('ends with 3 and says code, sentence and next step', async () => {
    const { code, answer, stderr } = await json('settings show --winery juniper-hil')
    expect(code).toBe(3)
    expect(stderr).toBe('')
    expect(answer).toEqual({
      error: {
        code: 'not_found',
        message: expect.stringContaining('Did you mean "juniper-hill"?'),
        nextStep: expect.any(String),
      },
    })
    const plain = await run('enable --winery juniper-hill --brand JH')
    expect(plain).toMatchObject({ code: 3, stdout: '', stderr: expect.stringContaining('Next: ') })
    expect((await json('enable --winery juniper-hill --brand JH')).answer.error.code).toBe(
      'initial_pull_first',
    )
    expect(
      (await json('experiences map --winery juniper-hill --brand JH --experience 1 --reservation-type X'))
        .answer.error.code,
    ).toBe('not_found')
    expect((await json('winery list', { env: { PORT: 'x' } })).answer.error.code).toBe('invalid')
  })

  it.each([
    'nonsense',
    'winery',
    'winery nonsense',
    'winery list too many',
    'winery add --slug x',
    'winery list --nonsense',
    'settings set --winery juniper-hill',
    'settings set --winery juniper-hill --mail-policy maybe',
    'settings set --winery juniper-hill --guard-percent many',
    'settings set --winery juniper-hill --nightly-release after:0',
    'database url --analyst',
    'exceptions resolve 1 --winery juniper-hill --why x --shared --take',
    'experiences map --winery w --brand b --experience 1 --reservation-type t --visit --not-a-visit',
  ])('by the command line itself ends with 2: %s', async (line) => {
    expect(await run(line)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(/\S/) })
  })

  it('as a fault ends with 1, without the address of the database', async () => {
    const unreachable = { DATABASE_URL: 'postgres://somebody:secret-word@127.0.0.1:9/none' }
    const { code, answer } = await json('winery list', { env: unreachable })
    expect({ code, error: answer.error.code }).toEqual({ code: 1, error: 'failed' })
    expect(JSON.stringify(answer)).not.toContain('secret-word')
  })
})

describe('help', () => {
  it('lists every command, and shows an example for each', async () => {
    const overview = await run('--help')
    expect(overview.code).toBe(0)
    for (const name of ['demo', 'customers', 'pulls', 'experiences', 'doctor', 'simulator', 'disable']) {
      expect(overview.stdout).toContain(`  ${name} `)
    }
    for (const line of [
      'winery add',
      'brand list',
      'settings set',
      'key set',
      'connection test',
      'experiences ignore',
      'locations map',
      'exceptions resolve',
      'enable',
      'database url',
      'doctor',
      'migrate',
      'simulator',
    ]) {
      const { code, stdout } = await run(`${line} --help`)
      expect({ line, code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('Example:') })
      expect(stdout).toContain('--json')
      expect(
        Math.max(
          ...stdout
            .split('\n')
            .filter((text) => !text.includes('$'))
            .map((text) => text.length),
        ),
      ).toBeLessThanOrEqual(80)
    }
  }, 120_000)
})

describe('the installation', () => {
  it('is up to date when migrated a second time', async () => {
    const { answer } = await json('migrate')
    expect(answer.applied).toEqual([])
    expect(answer.migrations[0]).toBe('0001-crm')
    const other = await freshDatabaseUrl()
    try {
      const first = await json('migrate', { env: { DATABASE_URL: other.url } })
      expect(first.answer.applied).toEqual(answer.migrations)
    } finally {
      await other.drop()
    }
  })

  it('is examined by doctor, who ends with 1 when a stored key cannot be opened', async () => {
    const well = await json('doctor')
    expect(well).toMatchObject({ code: 0, answer: { healthy: true } })
    const lost = await json('doctor', { env: { ENCRYPTION_KEY: randomBytes(32).toString('base64') } })
    expect(lost).toMatchObject({ code: 1, answer: { healthy: false } })
    expect(lost.answer.findings.filter((one: { level: string }) => one.level === 'problem')).toMatchObject([
      { check: 'secrets', message: expect.stringContaining('the Tock key of winery') },
    ])
  })

  it("has one address for the owner and one for each winery's analyst", async () => {
    expect((await run('database url')).stdout.trim()).toBe(database.url)
    const one = await run('database url --analyst --winery juniper-hill')
    expect(new URL(one.stdout.trim()).username).toMatch(/_analyst_\d+$/)
    expect((await run('database url --analyst --winery juniper-hill')).stdout).toBe(one.stdout)
  })

  it('ends quietly when its reader has seen enough', async () => {
    const child = startProgram(['winery', 'list'], { cwd: folder, env })
    child.stdout?.destroy()
    expect(await ended(child)).toMatchObject({ code: 0, stderr: '' })
  })
})

describe('the simulator', () => {
  it('says how to pull from it, answers a connection test, and ends with Ctrl-C', async () => {
    const child = startProgram(['simulator', '--json'], { cwd: folder, env })
    const end = ended(child)
    const text = await new Promise<string>((resolve) => {
      let seen = ''
      child.stdout?.on('data', (chunk) => {
        seen += chunk
        if (seen.includes('\n}')) resolve(seen)
      })
    })
    const { url, businesses } = JSON.parse(text)
    const { apiKey } = businesses.find((one: { businessId: string }) => one.businessId === '707')
    const tock = { env: { TOCK_API_URL: url } }
    await run('key set --winery juniper-hill', { input: apiKey })
    expect(await json('connection test --winery juniper-hill --brand JH', tock)).toMatchObject({
      code: 0,
      answer: {
        businessName: 'Larkmoor Vineyards',
        timeZone: 'America/Los_Angeles',
        files: expect.any(Number),
      },
    })
    const wrong = 'brand add --winery juniper-hill --code X --name X --business-group 55 --business 4711'
    await run(wrong)
    expect((await run('connection test --winery juniper-hill --brand X', tock)).code).toBe(3)
    child.kill('SIGINT')
    expect((await end).code).toBe(0)
  })
})
