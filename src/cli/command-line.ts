/** Runs one command line and sets the exit code; never throws. */

import { CommanderError } from 'commander'
import { exitCodes, openDoor, tell } from './door.ts'
import { buildProgram } from './program.ts'

export async function runCommandLine(
  words: readonly string[],
  surroundings: { env: NodeJS.ProcessEnv; cwd: string },
): Promise<void> {
  try {
    const program = await buildProgram(words, openDoor(surroundings))
    await program.parseAsync(words, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) return tell(error, words.includes('--json'))
    // Asking for help or the version is no mistake; a bare word that needs another one is.
    process.exitCode = error.exitCode === 0 || words.length === 0 ? exitCodes.done : exitCodes.usage
  }
}
