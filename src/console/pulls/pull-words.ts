/** Pulls in words: kinds, causes; as everything on these pages says them. */

import type { GuestOutcome } from '../../contract/pull-details.ts'
import type { PullKind } from '../../contract/pull-report.ts'
import type { ExceptionCode } from '../../contract/vocabulary.ts'

export const kindWords: Record<PullKind, string> = {
  preview: 'Preview',
  initial: 'Initial pull',
  manual: 'Pull by hand',
  nightly: 'Nightly pull',
}

export const outcomeWords: Record<GuestOutcome, { what: string; why: string }> = {
  created: { what: 'Become customers', why: 'Their e-mail address is not in eCELLAR yet.' },
  customer: {
    what: 'Are customers already',
    why: 'Found by their e-mail address; nothing of theirs is overwritten.',
  },
  no_email: { what: 'No e-mail address', why: 'Tock has none of them. Their reservations are kept.' },
  invalid_email: { what: 'Address is not one', why: 'What stands in Tock cannot be an e-mail address.' },
  shared_address: {
    what: 'Shared address',
    why: 'The address is on the shared-address list: a concierge, an agent.',
  },
  several_customers: {
    what: 'Several customers have the address',
    why: 'Nobody can tell which one it is. Each is an exception to decide.',
  },
  bookers_only: { what: 'Have only booked for others', why: 'Who dines becomes a customer, not who books.' },
  no_reservation: {
    what: 'Have no reservation',
    why: 'They become customers once the whole business group has had its initial pulls, unless the settings say no.',
  },
}

export const exceptionWords: Record<ExceptionCode, { what: string; means: string; todo: string }> = {
  row_without_id: {
    what: 'Reservation without a number',
    means: 'Tock sent a reservation without its number, so it could not be stored.',
    todo: 'Tell Tock. When it is mended there, the next pull takes it and this closes by itself.',
  },
  unreadable_time: {
    what: 'Reservation without a readable time',
    means: 'The start or the time zone of a reservation cannot be read, so it could not be stored.',
    todo: 'Look at the reservation in Tock and save it anew, then try again.',
  },
  invalid_email: {
    what: 'E-mail address is not one',
    means: 'What stands as a guest’s e-mail address in Tock is none, so no customer could be found or made.',
    todo: 'Correct it in Tock, then try again. Or close it: the reservations are kept without a customer.',
  },
  several_customers: {
    what: 'Several customers with one address',
    means:
      'More than one customer of eCELLAR has the guest’s e-mail address; the guest was given to none of them.',
    todo: 'Say which customer it is. Or leave only one of them active in eCELLAR, import, and try again.',
  },
  email_of_another: {
    what: 'New address belongs to somebody else',
    means: 'A guest has a new e-mail address in Tock that is another customer’s. Nothing was changed.',
    todo: 'Say which customer the guest is, or close it: the guest stays with the customer of before.',
  },
  email_changed: {
    what: 'Guest has a new address',
    means:
      'A guest who is a customer has another e-mail address in Tock. The customer keeps the old one for now.',
    todo: 'Let the customer take the new address over, or close it: the customer keeps the old one.',
  },
  shared_address_proposed: {
    what: 'One address, many names',
    means:
      'Five or more different names have booked with one e-mail address: perhaps a concierge or an agent.',
    todo: 'Say that it is shared (it then becomes and matches no customer), or that it is one person’s.',
  },
  same_address_other_name: {
    what: 'Same address, quite another name',
    means: 'A guest has a customer’s e-mail address, and no word of the names is alike.',
    todo: 'Say whether they are the same person, two people, or whether the address is shared.',
  },
  similar_name: {
    what: 'Similar name, another address',
    means:
      'Two customers, at least one of them made by a pull, have a name that is alike and rare, and different addresses.',
    todo: 'Say whether they are the same person: the guests and their reservations then move to one customer.',
  },
}

export function durationText(ms: number): string {
  if (ms < 1000) return `${ms} ms`
  const seconds = Math.round(ms / 1000)
  if (seconds < 60) return `${(ms / 1000).toFixed(1)} s`
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

export function bytesText(bytes: number): string {
  const [amount, unit] =
    bytes < 1e6 ? [bytes / 1e3, 'kB'] : bytes < 1e9 ? [bytes / 1e6, 'MB'] : [bytes / 1e9, 'GB']
  return `${amount.toFixed(1)} ${unit}`
}
