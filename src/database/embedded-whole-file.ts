/** Writes a small file so that it is there whole or not at all, also after a power failure. */

import { open, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type Account, runsAsRoot } from './embedded-account.ts'

export async function writeWhole(file: string, text: string, mode: number, owner?: Account): Promise<void> {
  const half = `${file}.half`
  const handle = await open(half, 'w', mode)
  try {
    await handle.chmod(mode)
    if (owner && runsAsRoot()) await handle.chown(owner.uid, owner.gid)
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(half, file)
  await syncFolder(dirname(file))
}

/** Makes renames inside the folder last. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
