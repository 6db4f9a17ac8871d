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

/** What nobody but the winery can set right, or has to know because its customers stay as they were. */
const wineryToo = new Set<AlertCode>(['nothing_came', 'pulls_fail', 'old_exceptions'])

/** When Tock is down it is down for all: more of a kind than this are one mail to Support. */
const mailsPerKind = 5

export async function mailAlerts(
  trx: WineryTransaction,
  to: MailTo,
  changes: { raised: AlertChange[]; recovered: AlertChange[]; now: Date },
): Promise<void> {
  const { raised, recovered, now } = changes
  const { consoleUrl } = to
  const alert = (change: AlertChange) => ({
    template: 'alert' as const,
    wineryId: change.wineryId,
    data: {
      ...names(change),
      title: alertTitles[change.code],
      message: change.message,
      nextStep: change.nextStep,
      since: change.raisedAt.toISOString(),
      consoleUrl,
    },
  })
  const recovery = (change: AlertChange) => ({
    template: 'recovery' as const,
    wineryId: change.wineryId,
    data: {
      ...names(change),
      title: alertTitles[change.code],
      message: `This was told: ${change.message} It is over.`,
      since: change.raisedAt.toISOString(),
      until: now.toISOString(),
      consoleUrl,
    },
  })
  for (const change of raised.filter(concernsWinery)) {
    await putMail(trx, { ...alert(change), to: change.reservationContact ?? '' })
  }
  for (const change of recovered.filter(concernsWinery)) {
    await putMail(trx, { ...recovery(change), to: change.reservationContact ?? '' })
  }
  if (to.support === null) return
  for (const [code, some] of byCode(raised)) {
    if (some.length <= mailsPerKind) {
      for (const change of some) await putMail(trx, { ...alert(change), to: to.support })
    } else {
      await putMail(trx, {
        to: to.support,
        template: 'alert',
        wineryId: null,
        data: {
          wineryName: null,
          brand: null,
          title: alertTitles[code],
          message: `${some.length} brands at once: ${listed(some)}`,
          nextStep: `All of them: alerts list. The first one: ${some[0]?.message} ${some[0]?.nextStep}`,
          since: now.toISOString(),
          consoleUrl,
        },
      })
    }
  }
  for (const [code, some] of byCode(recovered)) {
    if (some.length <= mailsPerKind) {
      for (const change of some) await putMail(trx, { ...recovery(change), to: to.support })
    } else {
      await putMail(trx, {
        to: to.support,
        template: 'recovery',
        wineryId: null,
        data: {
          wineryName: null,
          brand: null,
          title: alertTitles[code],
          message: `It is over for ${some.length} brands at once: ${listed(some)}`,
          since: new Date(Math.min(...some.map(({ raisedAt }) => raisedAt.getTime()))).toISOString(),
          until: now.toISOString(),
          consoleUrl,
        },
      })
    }
  }
}

const concernsWinery = ({ code, isEnabled, reservationContact }: AlertChange) =>
  isEnabled && reservationContact !== null && wineryToo.has(code)

function names({ wineryName, brandCode, brandName }: AlertChange) {
  return { wineryName, brand: { code: brandCode, name: brandName } }
}

function byCode(changes: AlertChange[]): [AlertCode, AlertChange[]][] {
  return Object.entries(Object.groupBy(changes, ({ code }) => code)) as [AlertCode, AlertChange[]][]
}

function listed(changes: AlertChange[]): string {
  const shown = changes.slice(0, 20).map(({ wineryName, brandCode }) => `${wineryName} / ${brandCode}`)
  const more = changes.length - shown.length
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`
}
