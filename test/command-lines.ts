/** Command lines as documents and texts show them, and whether the program knows them. */

import type { Door } from '../src/cli/door.ts'
import { buildProgram } from '../src/cli/program.ts'

/** The `ecellar-tock …` lines of a text, each as the words that a shell would hand over. */
export function commandLines(text: string): string[][] {
  return text
    .split('\n')
    .map((line) => /^\s*(?:\$ )?(?:npx )?ecellar-tock(\s.*)?$/.exec(line))
    .filter((match) => match !== null)
    .map((match) => shellWords(match[1] ?? ''))
}

/** What the fenced blocks of a Markdown text hold. */
export function fencedBlocks(markdown: string): string {
  return [...markdown.matchAll(/^```[^\n]*\n(.*?)^```/gms)].map(([, block]) => block).join('\n')
}

/** Parses as the program does; nothing is run. @returns what is wrong with it */
export async function faultOf(words: string[]): Promise<string | undefined> {
  let reached = false
  const reach = async () => {
    reached = true
  }
  const door: Door = { run: reach, runWithoutDatabase: reach, runService: reach }
  const program = await buildProgram(words, door)
  silence(program)
  try {
    await program.parseAsync(words, { from: 'user' })
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
  return reached ? undefined : 'is no command'
}

type Program = Awaited<ReturnType<typeof buildProgram>>

function silence(command: Program): void {
  command.configureOutput({ writeOut: () => {}, writeErr: () => {} })
  for (const sub of command.commands) silence(sub)
}

/** Enough of a shell: quotes, comments, and what follows `<`, `>`, `|` belongs to others. */
function shellWords(line: string): string[] {
  const words: string[] = []
  for (const [, double, single, plain] of line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)) {
    if (plain !== undefined && /^(?:[<>|#]|&&|2>)/.test(plain)) break
    words.push(double ?? single ?? plain ?? '')
  }
  return words
}
