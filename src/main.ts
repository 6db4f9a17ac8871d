/** The door of the command line. */

import { runCommandLine } from './cli/command-line.ts'

// A reader that has seen enough (`pulls list | head`) closes the pipe: the rest is nobody's.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit()
    throw error
  })
}

await runCommandLine(process.argv.slice(2), { env: process.env, cwd: process.cwd() })
