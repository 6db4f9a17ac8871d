/** What Node itself would print as text, with whatever a message quotes, becomes a line of the service's log. */

import type { Log } from '../log.ts'

export function logProcessFaults(log: Log): void {
  process.removeAllListeners('warning')
  process.on('warning', (warning) => log.warn({ err: warning }, 'Node warns'))
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'Something unforeseen ends the program')
    process.exit(1)
  })
}
