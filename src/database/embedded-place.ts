/**
 * Where the embedded server keeps its things.
 *
 * In the data folder: `postgres` (the cluster), `postgres.log`, `postgres.lock`, `postgres-password`. Only where the
 * program runs as root and the server's user cannot reach the data folder, the cluster lies elsewhere, and
 * `postgres-folder` in the data folder says where.
 */

import { createHash } from 'node:crypto'
import { access, chmod, chown, constants, mkdir, mkdtemp, readFile, realpath, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { ifAbsent } from './embedded-absent.ts'
import { type Account, ownAccount, passes, runsAsRoot } from './embedded-account.ts'
import { writeWhole } from './embedded-whole-file.ts'

export type Place = {
  dataDir: string
  lockFile: string
  passwordFile: string
  logFile: string
  pointerFile: string
  /** Whose the data folder is: files that root adds become theirs, so that they can use it without root. */
  owner: Account
}

/**
 * Makes the data folder when it is absent; the folder around it must exist.
 * @throws a sentence when it cannot be made or written to
 */
export async function openPlace(dataDir: string): Promise<Place> {
  const path = resolve(dataDir)
  await mkdir(path, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw unusable(path, error)
  })
  const folder = await stat(path)
  if (!folder.isDirectory()) throw unusable(path, { code: 'ENOTDIR' })
  await access(path, constants.R_OK | constants.W_OK | constants.X_OK).catch((error) => {
    throw unusable(path, error)
  })
  const real = await realpath(path)
  return {
    dataDir: real,
    lockFile: join(real, 'postgres.lock'),
    passwordFile: join(real, 'postgres-password'),
    logFile: join(real, 'postgres.log'),
    pointerFile: join(real, 'postgres-folder'),
    owner: { uid: folder.uid, gid: folder.gid },
  }
}

/** Root may have made the lock's file. By its name: opening and closing the file would drop a lock that this program holds on it. */
export async function giveToOwner(place: Place): Promise<void> {
  if (runsAsRoot()) await chown(place.lockFile, place.owner.uid, place.owner.gid)
}

/**
 * The folder of this data folder's cluster, whether it is there yet or not.
 * @throws a sentence when it is another user's, or lay elsewhere and that folder is gone
 */
export async function clusterFolder(place: Place): Promise<string> {
  const folder = join(await clusterHome(place), 'postgres')
  const found = await stat(folder).catch(ifAbsent(undefined))
  if (found && !runsAsRoot() && found.uid !== ownAccount().uid) {
    throw new Error(
      `The database in "${folder}" belongs to another user of this machine (number ${found.uid}). Run the program as that user or as root, or name another data folder in ECELLAR_TOCK_DATA.`,
    )
  }
  return folder
}

/** Chooses the folder for a new cluster: the data folder where `account` can get there, otherwise a place where it can. */
export async function settleCluster(
  place: Place,
  account: Account,
  log: (line: string) => void,
): Promise<string> {
  const chosen = await clusterFolder(place)
  if (!runsAsRoot() || dirname(chosen) !== place.dataDir) return chosen
  if (await hasWay(place, account)) return chosen
  const name = createHash('sha256').update(place.dataDir).digest('hex').slice(0, 12)
  const home = await mkdtemp(join(await sharedFolder(), `${name}-`))
  await chmod(home, 0o755)
  await writeWhole(join(home, 'data-folder'), `${place.dataDir}\n`, 0o644)
  await writeWhole(place.pointerFile, `${home}\n`, 0o644, place.owner)
  log(`The server's user cannot reach "${place.dataDir}"; the database is kept in "${home}".`)
  return join(home, 'postgres')
}

/**
 * The machine's folder for what cannot lie in the checkout or the data folder; for root only.
 * @throws a sentence when it cannot be made
 */
export async function sharedFolder(): Promise<string> {
  const folder = process.platform === 'darwin' ? '/usr/local/var/ecellar-tock' : '/var/lib/ecellar-tock'
  try {
    await mkdir(folder, { recursive: true })
    await chmod(folder, 0o755)
    return folder
  } catch (error) {
    throw new Error(
      `The server's user cannot reach the program's folders, and "${folder}" cannot be made instead (${error instanceof Error ? error.message : String(error)}). Put the checkout and the data folder where every user can go, or name a server in DATABASE_URL.`,
    )
  }
}

/** @throws a sentence when the server's user cannot get to a cluster in the data folder (any more) */
export async function ensureWay(place: Place, folder: string, account: Account): Promise<void> {
  if (!runsAsRoot() || dirname(folder) !== place.dataDir) return
  if (await hasWay(place, account)) return
  throw new Error(
    `The database in "${folder}" runs as the system user number ${account.uid}, and that user cannot enter "${place.dataDir}". Let it in (chmod a+x on that folder and the folders above it), or move the data folder where it can go.`,
  )
}

async function clusterHome(place: Place): Promise<string> {
  const home = (await readFile(place.pointerFile, 'utf8').catch(ifAbsent(''))).trim()
  if (home === '') return place.dataDir
  if (await stat(home).catch(ifAbsent(undefined))) return home
  throw new Error(
    `"${place.pointerFile}" says that the database lies in "${home}", and that folder is not there. Bring it back from where it went; or, to begin with an empty database, delete "${place.pointerFile}".`,
  )
}

async function hasWay(place: Place, account: Account): Promise<boolean> {
  if (await passes(account, '-x', place.dataDir)) return true
  // A folder that root made for itself is closed to every group; letting in that of the server's user, to pass only,
  // takes nothing from anybody.
  const { uid, mode } = await stat(place.dataDir)
  if (uid !== 0 || (mode & 0o070) !== 0) return false
  if (!(await passes(account, '-x', dirname(place.dataDir)))) return false
  await chown(place.dataDir, uid, account.gid)
  await chmod(place.dataDir, (mode & 0o7777) | 0o010)
  return passes(account, '-x', place.dataDir)
}

function unusable(path: string, error: { code?: string }): Error {
  const parent = dirname(path)
  const reasons: Record<string, string> = {
    ENOENT: `The data folder "${path}" cannot be made because "${parent}" does not exist. Make that folder, or name another data folder in ECELLAR_TOCK_DATA.`,
    EROFS: `The data folder "${path}" lies on a disk that is read-only. Name a data folder that can be written to in ECELLAR_TOCK_DATA.`,
    ENOTDIR: `The data folder "${path}" is a file, or lies inside one. Name a folder in ECELLAR_TOCK_DATA.`,
  }
  return new Error(
    reasons[error.code ?? ''] ??
      `This user may not write to the data folder "${path}" (${error.code}). Run the program as the user who owns it, or name another data folder in ECELLAR_TOCK_DATA.`,
  )
}
