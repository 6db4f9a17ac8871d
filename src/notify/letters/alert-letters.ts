/** Something went wrong, and: it is over. */

import type { MailData } from '../../contract/mail.ts'
import type { Block, Letter } from '../letter.ts'
import { mailTime } from '../mail-time.ts'

export function alertLetter(data: MailData<'alert'>): Letter {
  return {
    subject: `${about(data)}${data.title}`,
    preview: data.message,
    title: data.title,
    blocks: [
      { kind: 'attention', title: data.message, items: [data.nextStep] },
      { kind: 'facts', rows: [...whose(data), ['Since', mailTime(data.since, data.timeZone)]] },
      ...consoleButton(data.consoleUrl),
    ],
  }
}

export function recoveryLetter(data: MailData<'recovery'>): Letter {
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
          ['From', mailTime(data.since, data.timeZone)],
          ['To', mailTime(data.until, data.timeZone)],
        ],
      },
      ...consoleButton(data.consoleUrl),
    ],
  }
}

type About = Pick<MailData<'alert'>, 'winery' | 'brand'>

function about({ winery, brand }: About): string {
  if (winery === null) return 'eCELLAR Tock Integration: '
  return brand === null ? `${winery}: ` : `${winery}, ${brand.code}: `
}

function whose({ winery, brand }: About): [string, string][] {
  return [
    ...(winery === null ? [] : [['Winery', winery] as [string, string]]),
    ...(brand === null ? [] : [['Brand', `${brand.name} (${brand.code})`] as [string, string]]),
  ]
}

function consoleButton(url: string | null): Block[] {
  return url === null ? [] : [{ kind: 'button', text: 'Open the console', url }]
}
