/** The folder that PostgreSQL keeps its data in: found, checked, or made. */

import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chown, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { ifAbsent } from './embedded-absent.ts'
import { type Account, asAccount, ownAccount, runsAsRoot, serviceAccount } from './embedded-account.ts'
import { type Binaries, embeddedBinaries } from './embedded-binaries.ts'
import { lastLines } from './embedded-log-file.ts'
import { clusterFolder, ensureWay, type Place, settleCluster } from './embedded-place.ts'
import { syncFolder, writeWhole } from './embedded-whole-file.ts'

export const superuser = 'ecellar'

export type Cluster = { folder: string; account: Account; binaries: Binaries }

/**
 * The data folder's cluster, ready to be started; made when there is none.
 * @throws a sentence when it cannot be made, is another user's or another PostgreSQL's, or is not whole
 */
export async function ensureCluster(
  place: Place,
  options: { mayMake: boolean; log: (line: string) => void },
): Promise<Cluster> {
  const folder = await clusterFolder(place)
  const known = await clusterAccount(folder)
  if (known) {
    await ensureWay(place, folder, known)
    const binaries = await embeddedBinaries(known)
    await checkVersion(folder, binaries)
    await readPassword(place) // a server that nobody can open must not be started
    return { folder, account: known, binaries }
  }
  if (!options.mayMake) throw new Error(`The database in "${folder}" is gone.`)
  const account = runsAsRoot() ? await serviceAccount() : ownAccount()
  const binaries = await embeddedBinaries(account)
  const cluster = { folder: await settleCluster(place, account, options.log), account, binaries }
  options.log(`Making the database in "${cluster.folder}".`)
  await makeCluster(cluster, await ensurePassword(place))
  return cluster
}

/** @throws a sentence when the file is not there or may not be read */
export async function readPassword(place: Place): Promise<string> {
  try {
    return (await readFile(place.passwordFile, 'utf8')).trim()
  } catch (error) {
    throw new Error(
      `The password of the embedded database cannot be read ("${place.passwordFile}": ${error instanceof Error ? error.message : String(error)}). Run the program as the user who owns the data folder; where the file is lost, bring it back from a backup.`,
    )
  }
}

async function ensurePassword(place: Place): Promise<string> {
  const known = (await readFile(place.passwordFile, 'utf8').catch(ifAbsent(''))).trim()
  if (known !== '') return known
  const made = randomBytes(24).toString('base64url')
  await writeWhole(place.passwordFile, `${made}\n`, 0o600, place.owner)
  return made
}

/** Whose server a cluster needs; `undefined` when there is no cluster yet. */
async function clusterAccount(folder: string): Promise<Account | undefined> {
  const found = await stat(folder).catch(ifAbsent(undefined))
  if (!found) return undefined
  const files = await readdir(folder)
  if (files.length === 0) return undefined
  if (
    !files.includes('PG_VERSION') ||
    !(await stat(join(folder, 'global', 'pg_control')).catch(() => false))
  ) {
    throw new Error(
      `"${folder}" is not a whole PostgreSQL folder, and nothing in it was touched. Bring it back from a backup; or move it away, and the next start makes an empty database.`,
    )
  }
  // Root has copied it here, say from a backup. Only the top tells: all files of a cluster have one owner.
  return found.uid === 0 ? giveToService(folder) : { uid: found.uid, gid: found.gid }
}

async function giveToService(folder: string): Promise<Account> {
  const account = await serviceAccount()
  await finished('chown', ['-R', `${account.uid}:${account.gid}`, folder], {})
  return account
}

async function checkVersion(folder: string, binaries: Binaries): Promise<void> {
  const made = (await readFile(join(folder, 'PG_VERSION'), 'utf8')).trim()
  if (made === String(binaries.major)) return
  throw new Error(
    `The database in "${folder}" was made by PostgreSQL ${made}, and this program brings PostgreSQL ${binaries.major}; nothing was changed. Use the version of this program that made it, run that folder with a PostgreSQL ${made} server and name it in DATABASE_URL, or convert the folder with pg_upgrade.`,
  )
}

/** Made under another name and renamed when it is complete, so that a half one is never taken for a cluster. */
async function makeCluster(cluster: Cluster, password: string): Promise<void> {
  const { folder, account } = cluster
  await removeHalfOnes(folder)
  const half = await mkdtemp(`${folder}.half-`)
  try {
    const passwordFile = join(half, 'password')
    await writeWhole(passwordFile, `${password}\n`, 0o600, account)
    if (runsAsRoot()) await chown(half, account.uid, account.gid)
    await initialise(cluster, join(half, 'cluster'), passwordFile)
    await rename(join(half, 'cluster'), folder)
    await syncFolder(dirname(folder))
  } finally {
    await rm(half, { recursive: true, force: true })
  }
}

async function removeHalfOnes(folder: string): Promise<void> {
  const names = await readdir(dirname(folder))
  const half = names.filter((name) => name.startsWith(`${basename(folder)}.half-`))
  // The initdb of a killed program may still be writing there: removing it again makes it give up.
  const patiently = { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }
  await Promise.all(half.map((name) => rm(join(dirname(folder), name), patiently)))
}

async function initialise(cluster: Cluster, folder: string, passwordFile: string): Promise<void> {
  try {
    await finished(
      cluster.binaries.initdb,
      [
        `--pgdata=${folder}`,
        `--username=${superuser}`,
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        // PostgreSQL's own C.UTF-8: the same order on every machine, and no index breaks when a system's locales change.
        '--locale=C',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--no-instructions',
      ],
      asAccount(cluster.account),
    )
  } catch (error) {
    throw new Error(
      `PostgreSQL could not make its folder "${cluster.folder}"; nothing of it was kept. Set right what it says, then start again:\n${error instanceof Error ? error.message : String(error)}`,
    )
  }
}

/** Runs a program to its end. @throws the last lines of its output when it fails */
async function finished(
  program: string,
  args: string[],
  options: { cwd?: string; uid?: number; gid?: number },
): Promise<void> {
  // Its own small environment: ours holds secrets, and settings (PG…, LC_…) that would change what it does.
  const env = { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C' }
  const child = spawn(program, args, { ...options, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-16_000)
    })
  }
  const code = await new Promise<number | NodeJS.Signals | null>((resolve, reject) => {
    child.on('error', (error: NodeJS.ErrnoException) => {
      // The file was looked at before; what is missing is the loader that it names.
      const noLoader = `"${program}" cannot run here: it needs a system with the GNU C library (Alpine has another). Name a server in DATABASE_URL.`
      reject(error.code === 'ENOENT' ? new Error(noLoader) : error)
    })
    child.on('close', (status, signal) => resolve(status ?? signal))
  })
  if (code !== 0) throw new Error(lastLines(output, 12) || `${basename(program)} ended with ${code}`)
}
