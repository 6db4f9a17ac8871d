/** What handing over a key takes, for the routes that do it. */

import { putMail } from '../notify/put-mail.ts'
import type { KeyParts } from '../pull/key-hand-over/key-parts.ts'
import type { Parts } from './parts.ts'

export function tockOf({ config }: Parts): KeyParts['tock'] {
  return { apiUrl: config.tockApiUrl, allowLoopbackHttp: config.tockApiUrlIsSet }
}

export function keyPartsOf(parts: Parts): KeyParts {
  const { database, secrets, config, clock } = parts
  return {
    db: database.db,
    secrets,
    config,
    tock: tockOf(parts),
    tell: (trx, mail) => putMail(trx, mail, secrets),
    now: clock(),
  }
}
