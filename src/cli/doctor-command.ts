/** `doctor`: looks at the installation and says in words what is right, what is not, and what to do. */

import type { Command } from 'commander'
import { checkSecrets } from '../access/check-secrets.ts'
import { Refusal } from '../contract/errors.ts'
import { type BrandState, brandStates, brokenLinks, serverState } from '../crm/check-links.ts'
import { type RunningProgram, readRunningPrograms } from '../jobs/running-programs.ts'
import { readOutboxState } from '../notify/outbox-state.ts'
import { type Context, type Door, exitCodes } from './door.ts'
import { many } from './format-table.ts'

type Finding = { check: string; level: 'ok' | 'remark' | 'problem'; message: string }

const clockToleranceMs = 60_000
const mailToleranceMs = 3_600_000
const marks = { ok: 'ok      ', remark: 'remark  ', problem: 'PROBLEM ' }

export function addDoctorCommand(program: Command, door: Door): void {
  const doctor = program
    .command('doctor')
    .description('check the installation and say what is wrong; exit code 1 when something is')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  $ ecellar-tock doctor')
  doctor.action(() =>
    door.run(doctor, async (context) => {
      const brands = await brandStates(context.database.db)
      const findings = [
        ...(await serverFindings(context)),
        await secretsFinding(context),
        ...serviceFindings(
          await readRunningPrograms(context.database.db),
          brands.some(({ isEnabled }) => isEnabled),
        ),
        ...(await mailFindings(context)),
        ...linkFindings(await brokenLinks(context.database.db)),
        ...brandFindings(brands),
      ]
      const healthy = findings.every((finding) => finding.level !== 'problem')
      const said = healthy ? 'Nothing is wrong.' : 'Something is wrong: see PROBLEM above.'
      return {
        json: { healthy, findings },
        text: [...findings.map(({ level, message }) => `${marks[level]}${message}`), '', said].join('\n'),
        exitCode: healthy ? exitCodes.done : exitCodes.fault,
      }
    }),
  )
}

async function serverFindings({ config, database }: Context): Promise<Finding[]> {
  const { version, migrations, clockAheadMs } = await serverState(database.db)
  const where = database.embedded ? `the program's own, in ${config.dataDir}` : 'the server of DATABASE_URL'
  const seconds = Math.round(Math.abs(clockAheadMs) / 1000)
  return [
    { check: 'server', level: 'ok', message: `PostgreSQL ${version}: ${where}.` },
    {
      check: 'migrations',
      level: 'ok',
      message: `The tables are up to date: ${migrations.at(-1)?.name} is the last of ${migrations.length}.`,
    },
    Math.abs(clockAheadMs) <= clockToleranceMs
      ? { check: 'clock', level: 'ok', message: "This machine's clock agrees with the server's." }
      : {
          check: 'clock',
          level: 'problem',
          message: `The server's clock is ${seconds} seconds ${clockAheadMs > 0 ? 'ahead of' : 'behind'} this machine's: what is past and what is upcoming gets wrong. Set both by a time server.`,
        },
  ]
}

async function secretsFinding({ database, secrets }: Context): Promise<Finding> {
  try {
    const { stored, closed } = await checkSecrets(database.db, await secrets())
    if (closed.length === 0) {
      return {
        check: 'secrets',
        level: 'ok',
        message: `The encryption key opens ${stored === 0 ? 'what will be stored; nothing is yet' : `everything that is stored sealed (${many(stored, 'secret')})`}.`,
      }
    }
    return {
      check: 'secrets',
      level: 'problem',
      message: `The encryption key does not open ${closed.join(', ')}. Bring back the earlier ENCRYPTION_KEY (behind the present one, with a comma), or store them again.`,
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { check: 'secrets', level: 'problem', message: `${error.message} ${error.nextStep}` }
  }
}

async function mailFindings({ config, database }: Context): Promise<Finding[]> {
  const { waiting, waitingSince, givenUp } = await readOutboxState(database.db, new Date())
  const findings: Finding[] = []
  const add = (level: Finding['level'], message: string) => findings.push({ check: 'mail', level, message })
  if (givenUp > 0) {
    add(
      'problem',
      `${many(givenUp, 'mail')} could not be delivered in the last week: mails list --state "given up"`,
    )
  }
  if (config.smtpUrl === undefined) {
    add(
      'remark',
      `There is no mail server (SMTP_URL): mails stay in the outbox (${many(waiting, 'mail')}): mails list`,
    )
  } else if (waitingSince !== null && Date.now() - waitingSince.getTime() > mailToleranceMs) {
    add(
      'remark',
      `${many(waiting, 'mail')} wait to be sent: does "start" or a "worker" run? mails list --state waiting`,
    )
  }
  return findings
}

/** What does not run is wrong once a brand waits for it. */
function serviceFindings(programs: RunningProgram[], isWanted: boolean): Finding[] {
  const level = isWanted ? 'problem' : 'remark'
  const pulls = programs.reduce((sum, program) => sum + program.pulls, 0)
  const isTicking = programs.some(({ isClockwork }) => isClockwork)
  const service: Finding = isTicking
    ? { check: 'service', level: 'ok', message: 'The service runs.' }
    : {
        check: 'service',
        level,
        message: 'The service does not run: no nightly pulls, mails and alerts. Start it: start, or worker',
      }
  const workers: Finding =
    pulls > 0
      ? {
          check: 'workers',
          level: 'ok',
          message: `Up to ${many(pulls, 'pull')} can run at a time, in ${many(programs.filter((one) => one.pulls > 0).length, 'program')}.`,
        }
      : {
          check: 'workers',
          level,
          message: 'No worker runs, so no pull that is asked for is done: start, or worker',
        }
  return isTicking || pulls > 0 ? [service, workers] : [service]
}

function linkFindings(broken: { what: string; count: number }[]): Finding[] {
  if (broken.length === 0)
    return [{ check: 'links', level: 'ok', message: 'Every link between tables holds.' }]
  return broken.map(({ what, count }) => ({
    check: 'links',
    level: 'problem',
    message: `${count.toLocaleString('en-US')} ${what}. Restore them from a backup, or ask eCELLAR Support.`,
  }))
}

function brandFindings(brands: BrandState[]): Finding[] {
  if (brands.length === 0) {
    return [{ check: 'brands', level: 'remark', message: 'No brands yet: winery add, then brand add.' }]
  }
  return brands.flatMap((brand): Finding[] => {
    const at = `--winery ${brand.winery} --brand ${brand.brand}`
    // What a brand lacks is part of setting it up, and wrong once it is to be pulled every night.
    const level = brand.isEnabled ? 'problem' : 'remark'
    const lacks: Finding[] = []
    const add = (check: string, how: Finding['level'], message: string) =>
      lacks.push({ check, level: how, message: `${brand.winery} / ${brand.brand} ${message}` })
    if (!brand.hasDefaults) {
      add(
        'settings',
        level,
        `has no customer source or type: settings set ${at} --customer-source NAME --customer-type NAME`,
      )
    }
    if (!brand.hasKey) add('key', level, `has no Tock key: key ask ${at}`)
    if (!brand.isPulled) add('initial pull', level, `has not had its initial pull: pull ${at} --preview`)
    else if (!brand.isEnabled) add('enabled', 'remark', `is not pulled every night: enable ${at}`)
    if (brand.experiencesUnmapped > 0) {
      add(
        'experiences',
        'remark',
        `has ${many(brand.experiencesUnmapped, 'experience')} to map: experiences list ${at}`,
      )
    }
    if (brand.locationsUnmapped > 0) {
      add(
        'locations',
        'remark',
        `has ${many(brand.locationsUnmapped, 'seating area')} to map: locations list ${at}`,
      )
    }
    if (lacks.length === 0) add('brand', 'ok', 'is set up, mapped and pulled every night.')
    return lacks
  })
}
