/** A segment over time: who entered and left since the last night and why, and its size as a chart on demand. */

import { Button, Group, Select, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { pageOf } from '../../contract/api/paging.ts'
import { segmentHistorySchema, segmentMoveSchema } from '../../contract/api/segment-history.ts'
import type { MoveReason } from '../../contract/segment-move.ts'
import { at } from '../ask.ts'
import { customerName } from '../customers/customer-words.tsx'
import { reading } from '../reading.ts'
import { DataTable, wholeList } from '../shared/data-table.tsx'
import { numberText } from '../shared/figure.tsx'
import { FigureRows } from '../shared/figure-rows.tsx'
import { TextLink } from '../shared/links.tsx'
import { Loading } from '../shared/loading.tsx'
import { Section } from '../shared/section.tsx'
import { StatusBadge } from '../shared/status-badge.tsx'
import { TroubleNotice } from '../shared/trouble-notice.tsx'
import { When } from '../shared/when.tsx'
import { useWinery } from '../winery.tsx'

const SizeChart = lazy(() => import('./size-chart.tsx').then(({ SizeChart }) => ({ default: SizeChart })))

export function SegmentHistory({ segmentId }: { segmentId: string }) {
  const { winery, timeZone } = useWinery()
  const [days, setDays] = useState('1')
  const [isCharted, setCharted] = useState(false)
  const path = at`/wineries/${winery}/segments/${segmentId}/history`
  const { data, error, refetch } = useQuery(reading(path, segmentHistorySchema, { days }))
  return (
    <Section
      title="Entered and left"
      intro={
        data && (
          <>
            Recorded after each pull and once a day, last <When at={data.recordedAt} zone={timeZone} />.
          </>
        )
      }
      actions={
        <Select
          label="Looking back"
          size="xs"
          data={[
            { value: '1', label: 'Since the last night' },
            { value: '7', label: '7 days' },
            { value: '30', label: '30 days' },
            { value: '365', label: 'A year' },
          ]}
          value={days}
          onChange={(value) => setDays(value ?? '1')}
          allowDeselect={false}
        />
      }
    >
      <TroubleNotice error={error} again={refetch} />
      {!data && !error && <Loading />}
      {data && (
        <Stack gap="md">
          {data.moves.length === 0 ? (
            <Text size="sm">Nobody entered or left.</Text>
          ) : (
            <FigureRows
              rows={data.moves.map(({ entered, because, customers }) => ({
                what: `${entered ? 'Entered' : 'Left'}: ${reasonWords[because]}`,
                value: `${entered ? '+' : '−'}${numberText(customers)}`,
              }))}
            />
          )}
          {data.moves.length > 0 && <LatestMoves segmentId={segmentId} />}
          {data.sizes.length > 1 &&
            (isCharted ? (
              <Suspense fallback={<Loading />}>
                <SizeChart sizes={data.sizes} />
              </Suspense>
            ) : (
              <Group>
                <Button size="xs" variant="default" onClick={() => setCharted(true)}>
                  Show the size over time
                </Button>
              </Group>
            ))}
        </Stack>
      )}
    </Section>
  )
}

const shown = 20

function LatestMoves({ segmentId }: { segmentId: string }) {
  const { winery, timeZone } = useWinery()
  const [isOpen, setOpen] = useState(false)
  const list = useQuery({
    ...reading(at`/wineries/${winery}/segments/${segmentId}/moves`, pageOf(segmentMoveSchema), {
      limit: shown,
    }),
    enabled: isOpen,
  })
  if (!isOpen) {
    return (
      <Group>
        <Button size="xs" variant="default" onClick={() => setOpen(true)}>
          Show who
        </Button>
      </Group>
    )
  }
  return (
    <>
      <Text size="sm" c="dimmed">
        The latest {shown}
      </Text>
      <DataTable
        name="Entered and left"
        list={wholeList(list)}
        isWhole
        rowKey={({ moveId }) => moveId}
        columns={[
          {
            id: 'who',
            header: 'Customer',
            isTitle: true,
            cell: (move) => (
              <TextLink
                to="/wineries/$winery/customers/$customer"
                params={{ winery, customer: move.customerId }}
              >
                {customerName(move)}
              </TextLink>
            ),
          },
          {
            id: 'what',
            header: 'What',
            cell: ({ entered, isWaiting }) => (
              <Group gap={6} component="span" display="inline-flex">
                {entered ? 'Entered' : 'Left'}
                {isWaiting && <StatusBadge look="waits">Waits for confirmation</StatusBadge>}
              </Group>
            ),
          },
          { id: 'why', header: 'Why', cell: ({ because }) => reasonWords[because] },
          { id: 'when', header: 'When', cell: ({ movedAt }) => <When at={movedAt} zone={timeZone} /> },
        ]}
        empty={<Text size="sm">Nobody entered or left.</Text>}
      />
    </>
  )
}

const reasonWords: Record<MoveReason, string> = {
  'initial pull': 'an initial pull',
  decision: 'a decision on an exception',
  mapping: 'a mapping',
  pull: 'a pull',
  import: 'an import',
  edit: 'an edit of the customer',
  release: 'a release for marketing',
  definition: 'the segment was changed',
  time: 'time has passed',
}
