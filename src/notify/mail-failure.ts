/** Why a mail was not taken, in words that quote nothing of what the server said. */

export type MailFailure = {
  words: string
  /** No later try is better: the server refuses this recipient, or this mail. */
  isFinal: boolean
  /** It is the server, not the mail: others would fare the same. */
  serverFailed: boolean
}

export function mailFailure(error: unknown): MailFailure {
  const code = fieldOf(error, 'code') ?? ''
  const status = Number(fieldOf(error, 'responseCode') ?? Number.NaN)
  const answer = Number.isNaN(status) ? '' : ` (${status})`
  if (code === 'EAUTH' || code === 'ENOAUTH' || code === 'EOAUTH2') {
    return {
      words: `The mail server refuses the login of SMTP_URL${answer}.`,
      isFinal: false,
      serverFailed: true,
    }
  }
  if (code === 'EENVELOPE' || code === 'EMESSAGE') {
    // 503 is about the order of commands, not about the mail (RFC 5321).
    const isFinal = status >= 500 && status < 600 && status !== 503
    const what = code === 'EENVELOPE' ? 'the sender or the recipient' : 'the mail'
    return { words: `The mail server refuses ${what}${answer}.`, isFinal, serverFailed: status === 421 }
  }
  if (code === 'ETLS') {
    return { words: 'The mail server offers no safe connection.', isFinal: false, serverFailed: true }
  }
  const reason = code === '' ? '' : ` (${code})`
  return {
    words: `The mail server cannot be reached, or does not answer${reason}.`,
    isFinal: false,
    serverFailed: true,
  }
}

function fieldOf(error: unknown, name: string): string | undefined {
  if (!(error instanceof Error) || !(name in error)) return undefined
  const value: unknown = Reflect.get(error, name)
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
}
