/** Whoever may be mailed leaves as a file; the others only by a winery admin, with a reason, and marked. */

import { Alert, Button, Checkbox, Group, Modal, Progress, Radio, Stack, Text, Textarea } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import {
  type ExportColumn,
  type ExportFormat,
  exportColumns,
  usualColumns,
} from '../../contract/segment-export.ts'
import { send, type Trouble, troubleFrom } from '../ask.ts'
import { useSettings } from '../settings/settings.ts'
import { numberText } from '../shared/figure.tsx'
import { saveFile } from '../shared/save-file.ts'
import { TroubleNotice } from '../shared/trouble-notice.tsx'
import { useWinery } from '../winery.tsx'
import type { Asked, SegmentCount } from './asking.ts'
import { download } from './download.ts'
import { exportColumnWords } from './export-words.ts'

export function ExportDialog(props: {
  opened: boolean
  close: () => void
  asked: Asked
  count: SegmentCount
  name: string
}) {
  const { asked, count } = props
  const { winery, may } = useWinery()
  const client = useQueryClient()
  const { data: settings } = useSettings()
  // Notes tell of health and diet: they leave only where the winery's admin said so.
  const offered = exportColumns.filter((column) => column !== 'notes' || settings?.exportNotes === true)
  const [format, setFormat] = useState<ExportFormat>('csv')
  const [columns, setColumns] = useState<ExportColumn[]>(usualColumns)
  const [isForAll, setForAll] = useState(false)
  const [why, setWhy] = useState('')
  const [state, setState] = useState<State>({ is: 'asking' })
  const stop = useRef<AbortController | null>(null)
  const others = count.matching - count.mayMail
  const rows = isForAll ? count.matching : count.mayMail
  const make = async () => {
    stop.current = new AbortController()
    setState({ is: 'loading', rows: 0 })
    try {
      const answer = await send('POST', `/api/v1/wineries/${encodeURIComponent(winery)}/segments/export`, {
        body: { ...asked, format, columns, ...(isForAll ? { notForMailing: { why: why.trim() } } : {}) },
        signal: stop.current.signal,
      })
      const file = await download(answer, format === 'csv', (lines) =>
        // The head of a CSV is no customer.
        setState({ is: 'loading', rows: Math.max(0, lines - (format === 'csv' ? 1 : 0)) }),
      )
      saveFile(file.name, file.content)
      setState({ is: 'done', rows: file.lines - (format === 'csv' ? 1 : 0), name: file.name })
      await client.invalidateQueries({ queryKey: ['api'] })
    } catch (error) {
      setState(stop.current.signal.aborted ? { is: 'asking' } : { is: 'failed', trouble: troubleFrom(error) })
    }
  }
  const close = () => {
    stop.current?.abort()
    setState({ is: 'asking' })
    props.close()
  }
  return (
    <Modal
      opened={props.opened}
      onClose={close}
      title={`Export: ${props.name}`}
      centered
      size="lg"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Stack gap="md">
        <Text>
          <strong>{numberText(count.mayMail)}</strong> of {numberText(count.matching)} customers may be mailed
          and leave as a file.
        </Text>
        <Radio.Group label="Format" value={format} onChange={(value) => setFormat(value as ExportFormat)}>
          <Group mt="xs">
            <Radio value="csv" label="CSV, for spreadsheets and mail tools" />
            <Radio value="jsonl" label="JSON Lines, for programs" />
          </Group>
        </Radio.Group>
        <Checkbox.Group
          label="Columns"
          description="Whether the customer may be mailed stands on every row."
          value={columns}
          onChange={(chosen) => setColumns(exportColumns.filter((column) => chosen.includes(column)))}
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
        {may('exports.not-for-mailing') && others > 0 && (
          <Checkbox
            checked={isForAll}
            onChange={({ currentTarget: { checked } }) => setForAll(checked)}
            label={`Also the ${numberText(others)} who may not be mailed`}
            description="The file’s name and their rows then say “not for mailing”. It is recorded who wanted it, and why."
          />
        )}
        {isForAll && (
          <Textarea
            label="Reason"
            description="No guest’s name or address, please."
            value={why}
            onChange={({ currentTarget: { value } }) => setWhy(value)}
            maxLength={500}
            autosize
            minRows={2}
          />
        )}
        {state.is === 'failed' && <TroubleNotice error={state.trouble} />}
        {state.is === 'loading' && (
          <div role="status">
            <Text size="sm">
              {numberText(state.rows)} of about {numberText(rows)} customers …
            </Text>
            <Progress
              value={rows === 0 ? 100 : Math.min(100, (100 * state.rows) / rows)}
              aria-label="Export"
            />
          </div>
        )}
        {state.is === 'done' && (
          <Alert
            color="green"
            role="status"
            title={`${numberText(state.rows)} ${state.rows === 1 ? 'customer' : 'customers'} exported`}
          >
            {state.name} lies where your browser keeps what it downloads. The export is remembered, with who
            made it and whom it carried.
          </Alert>
        )}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={close}>
            {state.is === 'done' ? 'Close' : 'Cancel'}
          </Button>
          {state.is !== 'done' && (
            <Button
              onClick={make}
              loading={state.is === 'loading'}
              disabled={columns.length === 0 || rows === 0 || (isForAll && why.trim() === '')}
            >
              Export {numberText(rows)} {rows === 1 ? 'customer' : 'customers'}
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  )
}

type State =
  | { is: 'asking' }
  | { is: 'loading'; rows: number }
  | { is: 'done'; rows: number; name: string }
  | { is: 'failed'; trouble: Trouble }
