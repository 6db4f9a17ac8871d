/** A mail server over SMTP for tests: keeps what it takes, and refuses what a test wants refused. */

import type { AddressInfo } from 'node:net'
import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'

export type MailServer = {
  url: string
  mails: ParsedMail[]
  /** The answer to each recipient: null takes the mail. */
  refuse(answer: ((recipient: string) => { code: number; text: string } | null) | null): void
  close(): Promise<void>
}

export async function startMailServer(options: { port?: number } = {}): Promise<MailServer> {
  const mails: ParsedMail[] = []
  let refusal: ((recipient: string) => { code: number; text: string } | null) | null = null
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    onRcptTo({ address }, _session, done) {
      const answer = refusal?.(address)
      done(answer ? Object.assign(new Error(answer.text), { responseCode: answer.code }) : null)
    },
    onData(stream, _session, done) {
      simpleParser(stream).then((mail) => {
        mails.push(mail)
        done()
      }, done)
    },
  })
  // A client that goes away in the middle is no fault of the test.
  server.on('error', () => {})
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve))
  const { port } = server.server.address() as AddressInfo
  return {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    refuse(answer) {
      refusal = answer
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
