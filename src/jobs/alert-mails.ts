/** Mails about what has begun and what is over: to Support, and to the winery what is the winery's to do. */

import { type AlertCode, alertTitles } from '../contract/alert.ts'
import type { WineryTransaction } from '../database/tenant-session.ts'
import { putMail } from '../notify/put-mail.ts'

export type MailTo = {
  /** null: the contact is no address; the alerts can be read all the same. */
  support: string | null
  consoleUrl: string | null
}

export type AlertChange = {
  alertId: string
  wineryId: string
  code: AlertCode
  message: string
  nextStep: string
  raisedAt: Date
  wineryName: string
  reservationContact: string | null
  brandCode: string
  brandName: string
  isEnabled: boolean
}

/**
 * What the winery is told too, because it alone can set it right or its customers stay as they were: with a next step
 * for somebody who has no command line. `null`: the alert's own, which is about the key or the plan.
 */
const forWinery: Partial<Record<AlertCode, string | null>> = {
  nothing_came: 'eCELLAR Support looks after it.',
  pulls_fail: null,
  old_exceptions: 'Sign in and decide on them, or ask eCELLAR Support.',
}

/** When Tock is down it is down for all: more of a kind than this are one mail to Support. */
const mailsPerKind = 5

export async function mailAlerts(
  trx: WineryTransaction,
  to: MailTo,
  changes: { raised: AlertChange[]; recovered: AlertChange[]; now: Date },
): Promise<void> {
  const { consoleUrl } = to
  for (const { to: recipient, subject } of letters(changes.raised, to.support)) {
    const { wineryId, wineryName, brand, title, message, nextStep, since } = subject
    await putMail(trx, {
      to: recipient,
      template: 'alert',
      wineryId,
      data: { wineryName, brand, title, message, nextStep, since: since.toISOString(), consoleUrl },
    })
  }
  const until = changes.now.toISOString()
  for (const { to: recipient, subject } of letters(changes.recovered, to.support)) {
    const { wineryId, wineryName, brand, title, since } = subject
    const message = `It is over. This had been told: ${subject.message}`
    await putMail(trx, {
      to: recipient,
      template: 'recovery',
      wineryId,
      data: { wineryName, brand, title, message, since: since.toISOString(), until, consoleUrl },
    })
  }
}

type Subject = {
  wineryId: string | null
  wineryName: string | null
  brand: { code: string; name: string } | null
  title: string
  message: string
  nextStep: string
  since: Date
}

function letters(changes: AlertChange[], support: string | null): { to: string; subject: Subject }[] {
  const toSupport = support === null ? [] : forSupport(changes).map((subject) => ({ to: support, subject }))
  const toWineries = changes.flatMap((change) => {
    const nextStep = forWinery[change.code]
    if (nextStep === undefined || !change.isEnabled || change.reservationContact === null) return []
    const subject = { ...single(change), ...(nextStep === null ? {} : { nextStep }) }
    return [{ to: change.reservationContact, subject }]
  })
  return [...toSupport, ...toWineries]
}

function forSupport(changes: AlertChange[]): Subject[] {
  return [...Map.groupBy(changes, ({ code }) => code).values()].flatMap((some) =>
    some.length <= mailsPerKind ? some.map(single) : [together(some)],
  )
}

function single(change: AlertChange): Subject {
  const { wineryId, wineryName, brandCode, brandName, code, message, nextStep, raisedAt } = change
  const brand = { code: brandCode, name: brandName }
  return { wineryId, wineryName, brand, title: alertTitles[code], message, nextStep, since: raisedAt }
}

function together(some: AlertChange[]): Subject {
  const [first] = some
  const names = some.slice(0, 20).map(({ wineryName, brandCode }) => `${wineryName} / ${brandCode}`)
  const more = some.length > names.length ? ` and ${some.length - names.length} more` : ''
  return {
    wineryId: null,
    wineryName: null,
    brand: null,
    title: first ? alertTitles[first.code] : '',
    message: `${some.length} brands at once: ${names.join(', ')}${more}. The first one: ${first?.message}`,
    nextStep: `See all of them: alerts list. For the first one: ${first?.nextStep}`,
    since: new Date(Math.min(...some.map(({ raisedAt }) => raisedAt.getTime()))),
  }
}
