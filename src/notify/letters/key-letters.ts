/** The Tock key on its way: asked for, not accepted yet, working. */

import type { MailData } from '../../contract/mail.ts'
import type { Letter } from '../letter.ts'
import { mailTime } from '../mail-time.ts'

export function handOverLetter(data: MailData<'hand-over-link'>, timeZone: string): Letter {
  return {
    subject: `${data.wineryName}: hand over your Tock key`,
    preview: `${data.askedBy} asks for the API key and the ids from Tock.`,
    title: `${data.wineryName}: hand over your Tock key`,
    blocks: [
      {
        kind: 'paragraph',
        text: `${data.askedBy} asks for what it takes to bring your reservations from Tock into eCELLAR, for ${listed(data.brands.map(named))}.`,
      },
      {
        kind: 'paragraph',
        text: 'You need three things from Tock: the API key, the Business Group ID, and one Business ID per brand. The key needs Tock’s PRO plan, sold today as Premium or Premium Unlimited; an account owner asks Tock for it.',
      },
      { kind: 'button', text: 'Enter key and ids', url: data.link },
      {
        kind: 'small',
        text: `The link works once, until ${mailTime(data.expiresAt, timeZone)}. Opening it does not use it up; sending the form does. Never send the key by mail or chat.`,
      },
    ],
  }
}

export function keyWorksLetter(data: MailData<'key-works'>): Letter {
  const one = data.brands.length === 1
  return {
    subject: `${data.wineryName}: Tock accepts the key`,
    preview: data.isConfirmed ? 'Nothing is left to do.' : 'Please confirm what Tock calls the business.',
    title: `${data.wineryName}: Tock accepts the key`,
    blocks: [
      {
        kind: 'paragraph',
        text: data.isConfirmed
          ? 'Nothing is left to do: the key is stored.'
          : `One step is left: look at what Tock calls ${one ? 'this business' : 'these businesses'}. Is ${one ? 'it' : 'each'} the right one? Then confirm. Until then the key is not used.`,
      },
      {
        kind: 'facts',
        rows: data.brands.map((brand) => [
          named(brand),
          `${brand.businessName ?? 'Tock tells no name before the first reservation'} (Business ID ${brand.businessId})`,
        ]),
      },
      ...(data.link === null ? [] : [{ kind: 'button', text: 'Look and confirm', url: data.link } as const]),
    ],
  }
}

export function keyNotAcceptedLetter(data: MailData<'key-not-accepted-yet'>, timeZone: string): Letter {
  const { wineryName, triesUntil } = data
  return {
    subject: `${wineryName}: Tock does not accept the key${triesUntil === null ? '' : ' yet'}`,
    preview: data.diagnosis,
    title: `${wineryName}: Tock does not accept the key${triesUntil === null ? '' : ' yet'}`,
    blocks: [
      { kind: 'attention', title: data.diagnosis, items: [data.nextStep] },
      {
        kind: 'facts',
        rows: [[data.brands.length === 1 ? 'Brand' : 'Brands', listed(data.brands.map(named))]],
      },
      {
        kind: 'paragraph',
        text:
          triesUntil === null
            ? 'It is no longer tried, and was deleted here. Ask Support for a new link when Tock has set the key up.'
            : `The key is kept, sealed, and tried again by itself until ${mailTime(triesUntil, timeZone)}. You get a mail as soon as it works; nothing has to be entered again.`,
      },
    ],
  }
}

const named = (brand: { code: string; name: string }) => `${brand.name} (${brand.code})`

function listed(names: string[]): string {
  return new Intl.ListFormat('en-US', { type: 'conjunction' }).format(names)
}
