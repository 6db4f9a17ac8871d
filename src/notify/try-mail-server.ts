/** Whether the mail server lets us in: asked when the service starts, so that a wrong setting is not found out at night. */

import { createTransport } from 'nodemailer'
import { mailFailure } from './mail-failure.ts'

/** @returns what is wrong, in words that quote nothing; undefined when a mail would be taken */
export async function tryMailServer(smtpUrl: string): Promise<string | undefined> {
  const server = createTransport({
    url: smtpUrl,
    connectionTimeout: 5_000,
    greetingTimeout: 5_000,
    socketTimeout: 5_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  try {
    await server.verify()
    return undefined
  } catch (error) {
    return `SMTP_URL: ${mailFailure(error).words} Mails wait in the outbox.`
  } finally {
    server.close()
  }
}
