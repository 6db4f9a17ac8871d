/** Starts the program as a person would, and waits for its end. */

import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export type Ended = { code: number | null; stdout: string; stderr: string }

const bin = fileURLToPath(new URL('../../bin/ecellar-tock.js', import.meta.url))

export async function runProgram(
  words: string[],
  options: { env: Record<string, string>; cwd: string; input?: string },
): Promise<Ended> {
  const child = startProgram(words, options)
  child.stdin?.end(options.input ?? '')
  return ended(child)
}

/** Nothing of the tester's own settings reaches it. */
export function startProgram(
  words: string[],
  options: { env: Record<string, string>; cwd: string },
): ChildProcess {
  const { PATH = '', HOME = '' } = process.env
  return spawn(process.execPath, [bin, ...words], {
    cwd: options.cwd,
    env: { PATH, HOME, ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
}

export function ended(child: ChildProcess): Promise<Ended> {
  let stdout = ''
  let stderr = ''
  child.stdout?.on('data', (chunk) => {
    stdout += chunk
  })
  child.stderr?.on('data', (chunk) => {
    stderr += chunk
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, stdout, stderr }))
  })
}
