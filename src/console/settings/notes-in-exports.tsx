/** Whether notes may leave in exports: the winery admin's decision alone, for they hold what guests said of health and diet. */

import { Radio, Stack } from '@mantine/core'
import { Section } from '../shared/section.tsx'
import { ServerForm, useServerForm } from '../shared/server-form.tsx'
import { useWinery } from '../winery.tsx'
import { changeSettings, type Settings, tellSaved } from './settings.ts'

export function NotesInExports({ settings }: { settings: Settings }) {
  const { winery, may, me } = useWinery()
  const mayChange = may('exports.allow-notes') && me.brands === null
  const form = useServerForm({
    initialValues: { notes: settings.exportNotes ? 'leave' : 'stay' },
    submit: ({ notes }) => changeSettings(winery, { exportNotes: notes === 'leave' }),
    done: tellSaved,
  })
  return (
    <Section
      title="Notes in exports"
      intro="Notes of reservations hold what guests said of their health and diet. The winery admin decides, and it is recorded. In exports on a schedule they never leave."
    >
      <ServerForm form={form} action="Save" mayChange={mayChange}>
        <Radio.Group label="In exports, notes" {...form.fields.getInputProps('notes')}>
          <Stack gap="xs" mt="xs">
            <Radio value="stay" disabled={!mayChange} label="stay out" />
            <Radio
              value="leave"
              disabled={!mayChange}
              label="may leave"
              description="Whoever exports can choose them as a column"
            />
          </Stack>
        </Radio.Group>
      </ServerForm>
    </Section>
  )
}
