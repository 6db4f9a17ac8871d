import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { errorCodes } from '../../src/contract/errors.ts'
import { pullKinds } from '../../src/contract/pull-report.ts'
import { whenAgain } from '../../src/jobs/when-again.ts'

const due = new Date('2026-07-01T08:00:00Z')
const minuteMs = 60_000
const codes = [...errorCodes, 'failed'] as const
const helps = ['tock_unavailable', 'incomplete_snapshot', 'older_snapshot', 'failed'] as const

/** The minutes after the start at which a pull that always fails this way is tried. */
function tries(kind: (typeof pullKinds)[number], code: (typeof codes)[number], tookMinutes = 0): number[] {
  const minutes = [0]
  let now = due.getTime() + tookMinutes * minuteMs
  for (let attempt = 1; attempt < 500; attempt++) {
    const again = whenAgain({ kind, code, attempt, requestedAt: due, now: new Date(now) })
    if (!again) return minutes
    minutes.push((again.getTime() - due.getTime()) / minuteMs)
    now = again.getTime() + tookMinutes * minuteMs
  }
  throw new Error('It is tried for ever')
}

describe('a nightly pull that fails', () => {
  it.each(helps)('is tried again later and later, and given up before the night is over: %s', (code) => {
    expect(tries('nightly', code)).toEqual([0, 2, 7, 17, 37, 77, 137, 197, 257])
  })

  it('is not tried again where trying cannot help', () => {
    for (const code of codes) {
      if (code === 'pull_running' || helps.some((one) => one === code)) continue
      expect(tries('nightly', code), code).toEqual([0])
    }
  })
})

describe('any pull', () => {
  it('waits for its turn while another one of the brand runs, two hours at most', () => {
    for (const kind of pullKinds) {
      const minutes = tries(kind, 'pull_running')
      expect(minutes.slice(0, 4)).toEqual([0, 1, 2, 3])
      expect(minutes.at(-1)).toBe(120)
    }
  })

  it('that a person asked for is not tried again: the person sees why it failed', () => {
    for (const kind of ['preview', 'initial', 'manual'] as const) {
      for (const code of codes) if (code !== 'pull_running') expect(tries(kind, code)).toEqual([0])
    }
  })

  it('comes to an end, however long each try takes', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...pullKinds),
        fc.constantFrom(...codes),
        fc.integer({ min: 0, max: 600 }),
        (kind, code, took) => {
          expect(tries(kind, code, took).at(-1)).toBeLessThanOrEqual(5 * 60)
        },
      ),
    )
  })
})
