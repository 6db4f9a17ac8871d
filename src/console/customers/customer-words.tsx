/** How customers are spoken of, in lists and on the card. */

import type { z } from 'zod'
import type { customerSchema } from '../../contract/api/customer.ts'
import type { EmailConsent } from '../../contract/vocabulary.ts'
import { type Look, StatusBadge } from '../shared/status-badge.tsx'

type Customer = z.output<typeof customerSchema>

export const consentWords: Record<EmailConsent, string> = {
  in: 'Opted in',
  out: 'Opted out',
  unknown: 'No choice known',
}
const consentLooks: Record<EmailConsent, Look> = { in: 'good', out: 'bad', unknown: 'plain' }

export const originWords: Record<Customer['createdBy'], string> = {
  tock: 'Pulled from Tock',
  import: 'Imported',
  staff: 'Staff',
}

export function Consent({ consent }: { consent: EmailConsent }) {
  return <StatusBadge look={consentLooks[consent]}>{consentWords[consent]}</StatusBadge>
}

export function Released({ isReleased }: { isReleased: boolean }) {
  return isReleased ? (
    <StatusBadge look="good">Released</StatusBadge>
  ) : (
    <StatusBadge look="waits">Not released</StatusBadge>
  )
}

export function MayMail({ mayMail }: { mayMail: boolean }) {
  return mayMail ? (
    <StatusBadge look="good">May be mailed</StatusBadge>
  ) : (
    <StatusBadge look="plain">Not to be mailed</StatusBadge>
  )
}

export function customerName(of: { firstName: string | null; lastName: string | null }): string {
  return [of.firstName, of.lastName].filter(Boolean).join(' ') || 'No name'
}

/** Rule by rule, the first that stands in the way. */
export function whyNotMailed(customer: Customer): string | null {
  if (customer.mayMail) return null
  if (customer.email === null) return 'There is no e-mail address.'
  if (customer.emailConsent === 'out') return 'The customer has opted out.'
  if (customer.bounced) return 'Mail to the address came back.'
  if (!customer.active) return 'The customer is not active in eCELLAR.'
  if (customer.releasedAt === null) return 'The customer is not released for marketing.'
  return "The winery's mail policy asks for an opt-in, and none is known."
}
