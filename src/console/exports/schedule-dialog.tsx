/** Schedules an export, or changes one: which segment, when, what kind of file, which columns. */

import { Checkbox, Group, Modal, Radio, Select, SimpleGrid, TextInput } from '@mantine/core'
import { exportScheduleSchema } from '../../contract/api/export-schedule.ts'
import {
  type ExportColumn,
  type ExportFormat,
  exportColumns,
  usualColumns,
} from '../../contract/segment-export.ts'
import { ask, at } from '../ask.ts'
import { exportColumnWords } from '../segments/export-words.ts'
import { useSegments } from '../segments/use-segments.ts'
import { ServerForm, useServerForm } from '../shared/server-form.tsx'
import { useWinery } from '../winery.tsx'
import type { ExportSchedule } from './export-schedules-page.tsx'
import { weekdays } from './schedule-words.ts'

type Wish = { segment: string; weekday: string; atTime: string; format: ExportFormat; columns: string[] }

/** Notes leave with no scheduled export. */
const offered = exportColumns.filter((column) => column !== 'notes')

export function ScheduleDialog({ schedule, close }: { schedule: ExportSchedule | null; close: () => void }) {
  const { winery, timeZone } = useWinery()
  const segments = useSegments().data?.items ?? []
  const initialValues: Wish = {
    segment: schedule?.segment ?? '',
    weekday: schedule?.weekday?.toString() ?? '',
    atTime: schedule?.atTime ?? '06:30',
    format: schedule?.format ?? 'csv',
    columns: schedule?.columns ?? usualColumns,
  }
  const form = useServerForm<Wish, unknown>({
    initialValues,
    check: ({ segment, atTime, columns }) => ({
      ...(segment === '' ? { segment: 'Choose the segment' } : {}),
      ...(atTime === '' ? { atTime: 'Give a time of day' } : {}),
      ...(columns.length === 0 ? { columns: 'Choose at least one column' } : {}),
    }),
    submit: ({ segment, weekday, atTime, format, columns }) => {
      const chosen = offered.filter((column) => columns.includes(column)) satisfies ExportColumn[]
      const body = { format, columns: chosen, atTime, weekday: weekday === '' ? null : Number(weekday) }
      return schedule === null
        ? ask('POST', at`/wineries/${winery}/export-schedules`, exportScheduleSchema, {
            body: { segment, ...body },
          })
        : ask(
            'PATCH',
            at`/wineries/${winery}/export-schedules/${schedule.scheduleId}`,
            exportScheduleSchema,
            {
              body,
            },
          )
    },
    done: close,
  })
  const { fields } = form
  return (
    <Modal
      opened
      onClose={close}
      size="lg"
      title={schedule === null ? 'Schedule an export' : `Change the export of “${schedule.segment}”`}
      centered
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <ServerForm form={form} action={schedule === null ? 'Schedule' : 'Save'}>
        <Select
          label="Segment"
          data={segments.map(({ name }) => name)}
          searchable
          disabled={schedule !== null}
          {...fields.getInputProps('segment')}
        />
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <Select
            label="Day"
            data={[
              { value: '', label: 'Every day' },
              ...weekdays.map((label, index) => ({ value: String(index + 1), label })),
            ]}
            allowDeselect={false}
            {...fields.getInputProps('weekday')}
          />
          <TextInput
            type="time"
            label="Time"
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            description={`On the clock of ${timeZone}`}
            {...fields.getInputProps('atTime')}
          />
        </SimpleGrid>
        <Radio.Group label="File" {...fields.getInputProps('format')}>
          <Group mt="xs">
            <Radio value="csv" label="CSV, for spreadsheets" />
            <Radio value="jsonl" label="JSON Lines, for programs" />
          </Group>
        </Radio.Group>
        <Checkbox.Group
          label="Columns"
          description="Whether the customer may be mailed stands on every row. Notes never leave on a schedule."
          {...fields.getInputProps('columns')}
        >
          <Group mt="xs" gap="xs">
            {offered.map((column) => (
              <Checkbox
                key={column}
                value={column}
                label={exportColumnWords[column]}
                w={{ base: '100%', xs: 200 }}
              />
            ))}
          </Group>
        </Checkbox.Group>
      </ServerForm>
    </Modal>
  )
}
