/** `mails list`, `mails show`: a look into the outbox. */

import { type Command, Option } from 'commander'
import { findWinery } from '../crm/wineries.ts'
import { type MailState, mailStates, readMail, readOutbox } from '../notify/read-outbox.ts'
import type { Door } from './door.ts'
import { tableText } from './format-table.ts'

export function addMailsCommands(program: Command, door: Door): void {
  const mails = program
    .command('mails')
    .description('what was mailed, what waits, what could not be delivered')
  const list = mails
    .command('list')
    .description('the outbox, the newest first')
    .option('--winery <slug>', 'only of this winery')
    .addOption(new Option('--state <state>', 'only these').choices(mailStates))
    .option('--before <id>', 'only earlier ones: the last number of the page before')
    .option('--limit <n>', 'how many at most', '50')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  $ ecellar-tock mails list --state "given up"')
  list.action((options: { winery?: string; state?: MailState; before?: string; limit: string }) => {
    if (!/^[1-9]\d{0,5}$/.test(options.limit)) list.error('error: --limit takes a whole number from 1')
    if (options.before !== undefined && !/^\d{1,18}$/.test(options.before)) {
      list.error('error: --before takes the number of a mail')
    }
    return door.run(list, async ({ database, config }) => {
      const winery = options.winery === undefined ? undefined : await findWinery(database.db, options.winery)
      const rows = await readOutbox(database.db, {
        wineryId: winery?.winery_id,
        state: options.state,
        before: options.before,
        limit: Number(options.limit),
      })
      const table = tableText(
        ['mail', 'winery', 'to', 'what', 'state', 'put', 'why not'],
        rows.map((row) => [
          row.mailId,
          row.winery,
          row.recipient,
          row.template,
          row.state,
          row.putAt,
          row.lastError,
        ]),
      )
      const remark =
        config.smtpUrl === undefined
          ? '\n\nSMTP_URL is not set: mails wait here. Look at one: mails show ID'
          : ''
      return { json: rows, text: rows.length === 0 ? 'No mails.' : `${table}${remark}` }
    })
  })

  const show = mails
    .command('show <id>')
    .description('one mail as it is sent, with its link: whoever has that may use it')
    .option('--html', 'as HTML')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  $ ecellar-tock mails show 12')
  show.action((id: string, options: { html?: true }) =>
    door.run(show, async ({ database, config, secrets }) => {
      const mail = await readMail(database.db, id, {
        supportContact: config.supportContact,
        secrets: await secrets(),
      })
      return {
        json: mail,
        text: options.html ? mail.html : `To: ${mail.to}\nSubject: ${mail.subject}\n\n${mail.text.trimEnd()}`,
      }
    }),
  )
}
