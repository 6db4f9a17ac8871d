/**
 * Asks the HTTP API: a request, and an answer that is held against its shape of `contract`. What goes wrong becomes a
 * `Trouble`: a sentence and a next step, for a person.
 */

import type { z } from 'zod'
import { type Problem, problemSchema } from '../contract/api/problem.ts'

export type Query = Record<string, string | number | boolean | null | undefined>
type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** @param path below `/api/v1`; @throws Trouble */
export async function ask<Answer extends z.ZodType>(
  method: Method,
  path: string,
  answer: Answer,
  more: { query?: Query; body?: unknown; signal?: AbortSignal; headers?: Record<string, string> } = {},
): Promise<z.output<Answer>> {
  const response = await send(method, `/api/v1${path}${queryText(more.query)}`, more)
  const read = answer.safeParse(response.status === 204 ? undefined : await response.json())
  if (read.success) return read.data
  throw new Trouble({
    code: 'failed',
    message: 'The service answered something that this page does not understand.',
    nextStep: 'Load the page again: the service may be newer than what your browser has kept.',
  })
}

/** A path with its parts made safe: `` at`/wineries/${slug}/pulls` ``. */
export function at(texts: TemplateStringsArray, ...parts: (string | number)[]): string {
  return texts
    .map((text, index) => text + (index < parts.length ? encodeURIComponent(parts[index] ?? '') : ''))
    .join('')
}

/** The answer as it comes: for downloads and for sign-in. @throws Trouble */
export async function send(
  method: Method,
  url: string,
  more: { body?: unknown; signal?: AbortSignal; headers?: Record<string, string> } = {},
): Promise<Response> {
  const isFile = more.body instanceof Blob
  const response = await fetch(url, {
    method,
    ...(more.signal ? { signal: more.signal } : {}),
    headers: {
      ...(more.body === undefined || isFile ? {} : { 'content-type': 'application/json' }),
      ...more.headers,
    },
    ...(more.body === undefined ? {} : { body: isFile ? (more.body as Blob) : JSON.stringify(more.body) }),
  }).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new Trouble({
      code: 'unreachable',
      message: 'The service does not answer.',
      nextStep: 'Check your connection, then try again.',
    })
  })
  if (response.ok) return response
  throw await troubleOf(response)
}

/** What went wrong, in words. */
export class Trouble extends Error {
  readonly code: string
  readonly nextStep: string
  readonly requestId: string | null
  /** By field of a form: what is wrong with it. */
  readonly fields: Record<string, string>

  constructor(of: {
    code: string
    message: string
    nextStep: string
    requestId?: string
    fields?: Record<string, string>
  }) {
    super(of.message)
    this.name = 'Trouble'
    this.code = of.code
    this.nextStep = of.nextStep
    this.requestId = of.requestId ?? null
    this.fields = of.fields ?? {}
  }
}

export function troubleFrom(error: unknown): Trouble {
  if (error instanceof Trouble) return error
  return new Trouble({
    code: 'failed',
    message: 'Something went wrong on this page.',
    nextStep: 'Load it again. If it stays, contact us: the address is at the end of the page.',
  })
}

async function troubleOf(response: Response): Promise<Trouble> {
  const body: unknown = await response.json().catch(() => null)
  const problem = problemSchema.safeParse(body)
  if (problem.success) return fromProblem(problem.data)
  // Of something that stands before the service.
  return new Trouble({
    code: 'failed',
    message: `The service could not do this (${response.status}).`,
    nextStep: 'Try again.',
  })
}

function fromProblem(problem: Problem): Trouble {
  const fields = Object.fromEntries(
    (problem.errors ?? []).map(({ field, message }) => [field.replace(/^(body|query|path)\./, ''), message]),
  )
  const { code, detail: message, nextStep, requestId } = problem
  return new Trouble({ code, message, nextStep, requestId, fields })
}

export function queryText(query: Query = {}): string {
  const pairs = Object.entries(query).filter(
    ([, value]) => value !== undefined && value !== null && value !== '',
  )
  return pairs.length === 0
    ? ''
    : `?${new URLSearchParams(pairs.map(([name, value]) => [name, String(value)]))}`
}
