/** What `SUPPORT_CONTACT` offers: an address for mails to Support, and something to click on. */

import { emailKey } from '../contract/email-address.ts'

/** The first e-mail address in the contact: `eCELLAR Support <support@ecellar.example>`; null when there is none. */
export function supportAddress(contact: string): string | null {
  const words = contact.split(/[\s<>(),;]+/).map((word) => word.replace(/^mailto:/i, ''))
  return words.find((word) => emailKey(word) !== null) ?? null
}

/** Where "Contact us" leads to: the mail address, else a web address; null when the contact is plain words. */
export function supportLink(contact: string): string | null {
  const address = supportAddress(contact)
  if (address !== null) return `mailto:${address}`
  return /https?:\/\/[^\s<>"']+/.exec(contact)?.[0] ?? null
}
