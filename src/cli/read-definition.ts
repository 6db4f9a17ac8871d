/** A segment's definition from a file or standard input. */

import { readFile } from 'node:fs/promises'
import { Refusal } from '../contract/errors.ts'
import { readDefinition, type SegmentDefinition } from '../contract/segment.ts'

/** @throws Refusal invalid */
export async function readDefinitionFile(file: string): Promise<SegmentDefinition> {
  return readDefinition(asJson(file, await textOf(file)))
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file === '-' ? '/dev/stdin' : file, 'utf8')
  } catch {
    throw new Refusal('invalid', `The file ${file} cannot be read.`, 'Give the path of a definition.')
  }
}

function asJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Refusal('invalid', `The file ${file} is no JSON.`, 'docs/segments.md has an example.')
  }
}
