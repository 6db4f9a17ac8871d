/** A mail from its template and data: subject, plain text, HTML. */

import type { MailData, MailTemplate } from '../contract/mail.ts'
import type { Letter } from './letter.ts'
import { alertLetter, recoveryLetter } from './letters/alert-letters.ts'
import { handOverLetter, keyNotAcceptedLetter, keyWorksLetter } from './letters/key-letters.ts'
import { nightReportLetter } from './letters/night-report-letter.ts'
import { invitationLetter, passwordResetLetter, twoFactorResetLetter } from './letters/sign-in-letters.ts'
import { mailHtml } from './mail-html.ts'
import { mailText } from './mail-text.ts'

/** What all mails share; times are told in the zone of the mail's winery, else in UTC. */
export type Letterhead = { supportContact: string; timeZone: string }

export type RenderedMail = { subject: string; text: string; html: string }

export async function renderMail(
  mail: { template: MailTemplate; data: MailData<MailTemplate> },
  letterhead: Letterhead,
): Promise<RenderedMail> {
  const letter = letterOf(mail.template, mail.data, letterhead.timeZone)
  return {
    subject: oneLine(letter.subject),
    text: mailText(letter, letterhead.supportContact),
    html: await mailHtml(letter, letterhead.supportContact),
  }
}

const letters: { [Template in MailTemplate]: (data: MailData<Template>, timeZone: string) => Letter } = {
  'night-report': nightReportLetter,
  alert: alertLetter,
  recovery: recoveryLetter,
  invitation: invitationLetter,
  'password-reset': passwordResetLetter,
  'two-factor-reset': twoFactorResetLetter,
  'hand-over-link': handOverLetter,
  'key-works': keyWorksLetter,
  'key-not-accepted-yet': keyNotAcceptedLetter,
}

function letterOf<Template extends MailTemplate>(
  template: Template,
  data: MailData<Template>,
  timeZone: string,
): Letter {
  return letters[template](data, timeZone)
}

/** A subject is one header line; names may be long. */
function oneLine(subject: string): string {
  const line = subject.replaceAll(/\s+/g, ' ').trim()
  return line.length > 120 ? `${line.slice(0, 119)}…` : line
}
