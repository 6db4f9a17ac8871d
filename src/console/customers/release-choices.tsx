/** Of which pull, of which segment: the choices of a release. */

import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { pageOf } from '../../contract/api/paging.ts'
import { pullSchema } from '../../contract/api/pull.ts'
import { at } from '../ask.ts'
import { reading } from '../reading.ts'
import { useSegments } from '../segments/use-segments.ts'
import { numberText } from '../shared/figure.tsx'
import { whenText } from '../shared/when.tsx'
import { useWinery } from '../winery.tsx'

type Choice = { value: string; change: (value: string) => void; error: ReactNode }

export function PullChoice(props: Choice) {
  const { winery, timeZone, hasSeveralBrands } = useWinery()
  const { data } = useQuery(
    reading(at`/wineries/${winery}/pulls`, pageOf(pullSchema), { status: 'applied', limit: 200 }),
  )
  const pulls = (data?.items ?? []).filter(({ customers }) => customers.created > 0)
  const choices = pulls.map(({ pullId, brand, kind, finishedAt, customers }) => ({
    value: pullId,
    label: [
      `${kind === 'initial' ? 'Initial pull' : 'Pull'} ${pullId}${hasSeveralBrands ? ` of ${brand}` : ''}`,
      whenText(finishedAt, timeZone),
      `${numberText(customers.created)} created`,
    ].join(', '),
  }))
  return (
    <Select
      label="Pull"
      placeholder={data && choices.length === 0 ? 'No pull has created customers' : 'Choose one'}
      data={choices}
      value={props.value || null}
      onChange={(pullId) => props.change(pullId ?? '')}
      searchable
      error={props.error}
    />
  )
}

export function SegmentChoice(props: Choice) {
  const { data } = useSegments()
  return (
    <Select
      label="Segment"
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      description="As if they were released already: many a segment asks for that itself"
      placeholder={data && data.items.length === 0 ? 'No segment is saved' : 'Choose one'}
      data={(data?.items ?? []).map(({ segmentId, name }) => ({ value: segmentId, label: name }))}
      value={props.value || null}
      onChange={(segmentId) => props.change(segmentId ?? '')}
      searchable
      error={props.error}
    />
  )
}
