/** A pull that was asked for, as it goes: over server-sent events, in words and as a bar, until it is over. */

import { Paper, Progress, Stack, Text } from '@mantine/core'
import { useEffect, useState } from 'react'
import type { z } from 'zod'
import { askedPull, progressSchema } from '../../contract/api/pull.ts'
import { ask, at, type Trouble, Trouble as TroubleClass, troubleFrom } from '../ask.ts'
import { queryClient } from '../reading.ts'
import { numberText } from './figure.tsx'
import { TroubleNotice } from './trouble-notice.tsx'

export type PullRequest = z.output<typeof askedPull>
type PullProgress = z.output<typeof progressSchema>

/** @param props.done is told once, with the report (or why there is none) */
export function PullProgressPanel(props: {
  winery: string
  requestId: string
  what: string
  done?: (request: PullRequest) => void
}) {
  const { progress, request, error } = usePullProgress(props.winery, props.requestId, props.done)
  if (error) return <TroubleNotice error={error} />
  if (request) return request.error ? <TroubleNotice error={refusalOf(request)} /> : null
  const { share, words } = told(progress)
  return (
    <Paper withBorder p="md">
      <Stack gap="xs">
        <Text fw={600}>{props.what}</Text>
        <Progress value={share} striped animated aria-label={props.what} />
        <Text size="sm" c="dimmed" role="status">
          {words}
        </Text>
      </Stack>
    </Paper>
  )
}

export function usePullProgress(winery: string, requestId: string, done?: (request: PullRequest) => void) {
  const [progress, setProgress] = useState<PullProgress | null>(null)
  const [request, setRequest] = useState<PullRequest | null>(null)
  const [error, setError] = useState<Trouble | null>(null)
  useEffect(() => {
    const path = at`/wineries/${winery}/pull-requests/${requestId}`
    const source = new EventSource(`/api/v1${path}/events`)
    const hear = ({ data }: MessageEvent<string>) => setProgress(progressSchema.parse(JSON.parse(data)))
    const end = async () => {
      source.close()
      try {
        const over = await ask('GET', path, askedPull)
        setRequest(over)
        await queryClient.invalidateQueries({ queryKey: ['api'] })
        done?.(over)
      } catch (failure) {
        setError(troubleFrom(failure))
      }
    }
    source.addEventListener('progress', hear)
    source.addEventListener('end', () => void end())
    // It comes back by itself; one that is refused for good is closed.
    source.addEventListener('error', () => {
      if (source.readyState === EventSource.CLOSED) void end()
    })
    return () => source.close()
  }, [winery, requestId])
  return { progress, request, error }
}

export function refusalOf(request: PullRequest): Trouble | null {
  return request.error ? new TroubleClass(request.error) : null
}

function told(progress: PullProgress | null): { share: number; words: string } {
  if (!progress || progress.state === 'queued') return { share: 0, words: 'Waiting for its turn …' }
  const { files, filesDone, rows } = progress
  if (files === 0) return { share: 5, words: 'Asking Tock for its newest snapshot …' }
  const read = `${numberText(filesDone)} of ${numberText(files)} files read, ${numberText(rows)} rows`
  // Matching and writing follow the reading; how long they take, nobody knows before.
  return filesDone < files
    ? { share: 5 + (75 * filesDone) / files, words: `${read} …` }
    : { share: 90, words: `${read}. Matching guests to customers …` }
}
