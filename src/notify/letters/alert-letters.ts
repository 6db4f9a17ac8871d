/** Something went wrong, and: it is over. */

import type { MailData } from '../../contract/mail.ts'
import type { Block, Letter } from '../letter.ts'
import { mailTime } from '../mail-time.ts'

export function alertLetter(data: MailData<'alert'>, timeZone: string): Letter {
  return {
    subject: `${about(data)}${data.title}`,
    preview: data.message,
    title: data.title,
    blocks: [
      { kind: 'attention', title: data.message, items: [data.nextStep] },
      { kind: 'facts', rows: [...whose(data), ['Since', mailTime(data.since, timeZone)]] },
      ...consoleButton(data.consoleUrl),
    ],
  }
}

export function recoveryLetter(data: MailData<'recovery'>, timeZone: string): Letter {
  return {
    subject: `${about(data)}over: ${data.title}`,
    preview: data.message,
    title: `Over: ${data.title}`,
    blocks: [
      { kind: 'paragraph', text: data.message },
      {
        kind: 'facts',
        rows: [
          ...whose(data),
          ['From', mailTime(data.since, timeZone)],
          ['To', mailTime(data.until, timeZone)],
        ],
      },
      ...consoleButton(data.consoleUrl),
    ],
  }
}

type About = Pick<MailData<'alert'>, 'wineryName' | 'brand'>

function about({ wineryName, brand }: About): string {
  if (wineryName === null) return 'eCELLAR Tock Integration: '
  return brand === null ? `${wineryName}: ` : `${wineryName}, ${brand.code}: `
}

function whose({ wineryName, brand }: About): [string, string][] {
  return [
    ...(wineryName === null ? [] : [['Winery', wineryName] as [string, string]]),
    ...(brand === null ? [] : [['Brand', `${brand.name} (${brand.code})`] as [string, string]]),
  ]
}

function consoleButton(url: string | null): Block[] {
  return url === null ? [] : [{ kind: 'button', text: 'Open the console', url }]
}
