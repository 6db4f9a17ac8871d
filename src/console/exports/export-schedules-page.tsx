/** Exports of segments to a file, again and again: what is scheduled, and what became of the last one. */

import { Button, Group, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { z } from 'zod'
import { exportScheduleSchema, exportSchedulesSchema } from '../../contract/api/export-schedule.ts'
import { ask, at } from '../ask.ts'
import { reading, useWriting } from '../reading.ts'
import { NotForYou } from '../segments/not-for-you.tsx'
import { ConfirmDialog } from '../shared/confirm-dialog.tsx'
import { DataTable, wholeList } from '../shared/data-table.tsx'
import { EmptyState } from '../shared/empty-state.tsx'
import { numberText } from '../shared/figure.tsx'
import { TextLink } from '../shared/links.tsx'
import { Loading } from '../shared/loading.tsx'
import { Page } from '../shared/page.tsx'
import { StatusBadge } from '../shared/status-badge.tsx'
import { TroubleNotice } from '../shared/trouble-notice.tsx'
import { When } from '../shared/when.tsx'
import { useWinery } from '../winery.tsx'
import { scheduleWords } from './schedule-words.ts'

const ScheduleDialog = lazy(() =>
  import('./schedule-dialog.tsx').then(({ ScheduleDialog }) => ({ default: ScheduleDialog })),
)

export type ExportSchedule = z.output<typeof exportScheduleSchema>
type Asked = { what: 'edit'; schedule: ExportSchedule | null } | { what: 'remove'; schedule: ExportSchedule }

export function ExportSchedulesPage() {
  return useWinery().me.brands === null ? <Schedules /> : <NotForYou />
}

function Schedules() {
  const { winery, timeZone, may } = useWinery()
  const [asked, setAsked] = useState<Asked | null>(null)
  const path = at`/wineries/${winery}/export-schedules`
  const list = useQuery(reading(path, exportSchedulesSchema))
  const turn = useWriting(({ scheduleId, isOn }: { scheduleId: string; isOn: boolean }) =>
    ask('PATCH', at`/wineries/${winery}/export-schedules/${scheduleId}`, exportScheduleSchema, {
      body: { isOn },
    }),
  )
  const remove = useWriting((scheduleId: string) =>
    ask('DELETE', at`/wineries/${winery}/export-schedules/${scheduleId}`, z.object({ removed: z.string() })),
  )
  const close = () => setAsked(null)
  const mayChange = may('exports.make')
  return (
    <Page
      title="Scheduled exports"
      intro="A segment as a file in the folder of exports, every day or every week. Only those who may be mailed, and nobody whose entry waits for a confirmation."
      actions={
        mayChange && (
          <Button onClick={() => setAsked({ what: 'edit', schedule: null })}>Schedule an export</Button>
        )
      }
    >
      <TroubleNotice error={turn.error} />
      <DataTable
        name="Scheduled exports"
        list={wholeList(list)}
        isWhole
        rowKey={({ scheduleId }) => scheduleId}
        columns={[
          {
            id: 'segment',
            header: 'Segment',
            isTitle: true,
            cell: ({ segment, segmentId }) => (
              <TextLink to="/wineries/$winery/segments/$segment" params={{ winery, segment: segmentId }}>
                {segment}
              </TextLink>
            ),
          },
          { id: 'when', header: 'When', cell: (schedule) => scheduleWords(schedule) },
          { id: 'state', header: 'Now', cell: (schedule) => <State schedule={schedule} /> },
          {
            id: 'last',
            header: 'Last file',
            cell: ({ doneAt, rows, waiting }) =>
              doneAt === null ? (
                'none yet'
              ) : (
                <>
                  <When at={doneAt} zone={timeZone} />, {numberText(rows ?? 0)}{' '}
                  {rows === 1 ? 'customer' : 'customers'}
                  {waiting !== null && waiting > 0 && `; ${numberText(waiting)} waited, and stayed out`}
                </>
              ),
          },
          mayChange && {
            id: 'actions',
            header: 'Change',
            hidesLabel: true,
            cell: (schedule) => (
              <Group gap={6}>
                <Button
                  size="compact-sm"
                  variant="default"
                  aria-label={`Change the export of ${schedule.segment}`}
                  onClick={() => setAsked({ what: 'edit', schedule })}
                >
                  Change
                </Button>
                <Button
                  size="compact-sm"
                  variant="default"
                  aria-label={`${schedule.pausedAt === null ? 'Stop' : 'Start'} the export of ${schedule.segment}`}
                  loading={turn.isPending && turn.variables.scheduleId === schedule.scheduleId}
                  onClick={() =>
                    turn.mutate({ scheduleId: schedule.scheduleId, isOn: schedule.pausedAt !== null })
                  }
                >
                  {schedule.pausedAt === null ? 'Stop' : 'Start'}
                </Button>
                <Button
                  size="compact-sm"
                  variant="default"
                  aria-label={`Remove the export of ${schedule.segment}`}
                  onClick={() => setAsked({ what: 'remove', schedule })}
                >
                  Remove
                </Button>
              </Group>
            ),
          },
        ]}
        empty={
          <EmptyState
            title="No export is scheduled"
            next="A scheduled export hands a segment to your mail program by itself, day by day."
          />
        }
      />
      <Text size="sm" c="dimmed">
        Whoever runs the installation says where the folder is and who can fetch files from it. What was
        handed out so far:{' '}
        <TextLink to="/wineries/$winery/settings/exports" params={{ winery }}>
          past exports
        </TextLink>
        .
      </Text>
      {asked?.what === 'edit' && (
        <Suspense fallback={<Loading />}>
          <ScheduleDialog schedule={asked.schedule} close={close} />
        </Suspense>
      )}
      <ConfirmDialog
        opened={asked?.what === 'remove'}
        close={close}
        title="Remove this scheduled export?"
        action="Remove"
        isBusy={remove.isPending}
        error={remove.error}
        confirm={() => asked?.schedule && remove.mutate(asked.schedule.scheduleId, { onSuccess: close })}
      >
        <Text>
          “{asked?.schedule?.segment}” is exported no more, and its file is deleted within a minute. The
          segment stays.
        </Text>
      </ConfirmDialog>
    </Page>
  )
}

function State({ schedule }: { schedule: ExportSchedule }) {
  const { timeZone } = useWinery()
  if (schedule.pausedAt !== null) {
    return (
      <Stack gap={2}>
        <div>
          <StatusBadge look="plain">Stopped</StatusBadge>
        </div>
        <Text size="sm">
          by {schedule.pausedBy}, <When at={schedule.pausedAt} zone={timeZone} />
        </Text>
      </Stack>
    )
  }
  if (schedule.stoppedBecause !== null) {
    return (
      <Stack gap={2}>
        <div>
          <StatusBadge look="bad">Not made</StatusBadge>
        </div>
        <Text size="sm">{schedule.stoppedBecause} It is made as soon as that is over.</Text>
      </Stack>
    )
  }
  return <StatusBadge look="good">On</StatusBadge>
}
