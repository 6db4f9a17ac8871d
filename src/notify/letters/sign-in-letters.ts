/** Invitations, and what concerns a user's own sign-in. */

import type { MailData } from '../../contract/mail.ts'
import type { Letter } from '../letter.ts'
import { mailTime } from '../mail-time.ts'

export function invitationLetter(data: MailData<'invitation'>, timeZone: string): Letter {
  const where = data.wineryName ?? 'eCELLAR Tock Integration'
  return {
    subject: `${where}: you are invited`,
    preview: `${data.invitedBy} invites you.`,
    title: `You are invited to ${where}`,
    blocks: [
      {
        kind: 'paragraph',
        text: `${data.invitedBy} invites you to eCELLAR Tock Integration${data.wineryName === null ? '' : ` of ${data.wineryName}`}. Your role: ${data.role}.`,
      },
      { kind: 'button', text: 'Accept the invitation', url: data.link },
      {
        kind: 'small',
        text: `The link is yours alone; do not pass it on. It is good until ${mailTime(data.expiresAt, timeZone)}. If you do not know what this is about, you can ignore this mail.`,
      },
    ],
  }
}

export function passwordResetLetter(data: MailData<'password-reset'>, timeZone: string): Letter {
  return {
    subject: 'eCELLAR Tock Integration: a new password',
    preview: 'The link for a new password.',
    title: 'A new password',
    blocks: [
      {
        kind: 'paragraph',
        text: `Hello ${data.name}. Somebody, hopefully you, asked for a new password for your account.`,
      },
      { kind: 'button', text: 'Choose a new password', url: data.link },
      {
        kind: 'small',
        text: `The link is good until ${mailTime(data.expiresAt, timeZone)}. If it was not you, ignore this mail: your password stays as it is.`,
      },
    ],
  }
}

export function twoFactorResetLetter(data: MailData<'two-factor-reset'>, timeZone: string): Letter {
  return {
    subject: 'eCELLAR Tock Integration: your two-factor sign-in was reset',
    preview: `${data.resetBy} reset it.`,
    title: 'Your two-factor sign-in was reset',
    blocks: [
      {
        kind: 'paragraph',
        text: `${data.resetBy} reset it on ${mailTime(data.at, timeZone)}. The next time you sign in, you set it up anew.`,
      },
      ...(data.signInUrl === null ? [] : [{ kind: 'button', text: 'Sign in', url: data.signInUrl } as const]),
      { kind: 'small', text: 'If you did not ask for it, tell us at once.' },
    ],
  }
}
