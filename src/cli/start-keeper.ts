/** Starts the program that keeps the embedded server up after this one has ended. */

import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const patienceMs = 20_000

/** Resolves when the keeper has joined the server, so that it does not stop in between. */
export async function startKeeper(dataDir: string, seconds: string): Promise<void> {
  const main = fileURLToPath(new URL('../main.ts', import.meta.url))
  const keeper = spawn(process.execPath, [main, 'database', 'keep', '--seconds', seconds], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, ECELLAR_TOCK_DATA: dataDir },
  })
  const joined = await new Promise<boolean>((resolve) => {
    const timer = setTimeout(() => resolve(false), patienceMs)
    const settle = (value: boolean) => {
      clearTimeout(timer)
      resolve(value)
    }
    keeper.stdout.once('data', () => settle(true))
    keeper.once('error', () => settle(false))
    keeper.once('exit', () => settle(false))
  })
  keeper.stdout.destroy()
  keeper.unref()
  if (!joined) throw new Error('The database could not be kept running for its address to be of use.')
}
