/** A pull in a process of its own, to be killed. Its arguments: database URL, Tock's URL, winery, kind. */

import { openDatabase } from '../../src/database/connect.ts'
import { runPull } from '../../src/pull/run-pull.ts'
import { openSecrets } from './open-secrets.ts'

const [databaseUrl = '', apiUrl = '', winery = '', kind = ''] = process.argv.slice(2)
const database = await openDatabase({ databaseUrl, dataDir: 'unused' })
process.stdout.write('begun\n')
const report = await runPull({
  database,
  secrets: openSecrets,
  winery,
  brand: 'N',
  kind: kind === 'initial' ? 'initial' : 'nightly',
  tock: { apiUrl, allowLoopbackHttp: true, retry: { tries: 2, totalMs: 2_000 } },
})
await database.close()
process.stdout.write(`${report.status}\n`)
