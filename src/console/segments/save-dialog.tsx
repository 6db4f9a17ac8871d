/** Keeps a definition as a segment of its own: its name, and whether it is asked anew or stays the list of now. */

import { Modal, Radio, Stack, TextInput } from '@mantine/core'
import { savedSegmentSchema } from '../../contract/api/segment.ts'
import type { SegmentDefinition } from '../../contract/segment.ts'
import { ask, at } from '../ask.ts'
import { ServerForm, useServerForm } from '../shared/server-form.tsx'
import { useWinery } from '../winery.tsx'
import type { SavedSegment } from './use-segments.ts'

export function SaveDialog(props: {
  opened: boolean
  close: () => void
  definition: SegmentDefinition
  name: string
  saved: (segment: SavedSegment) => void
}) {
  const { winery } = useWinery()
  const form = useServerForm({
    initialValues: { name: props.name, kind: 'dynamic' },
    check: ({ name }) => (name.trim() === '' ? { name: 'Give it a name' } : {}),
    submit: (values) =>
      ask('POST', at`/wineries/${winery}/segments`, savedSegmentSchema, {
        body: { ...values, name: values.name.trim(), definition: props.definition },
      }),
    done: props.saved,
  })
  return (
    <Modal
      opened={props.opened}
      onClose={props.close}
      title="Save as a segment"
      centered
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <ServerForm form={form} action="Save">
        <Stack gap="md">
          <TextInput label="Name" maxLength={100} data-autofocus {...form.fields.getInputProps('name')} />
          <Radio.Group label="Who belongs to it" {...form.fields.getInputProps('kind')}>
            <Stack gap="xs" mt="xs">
              <Radio
                value="dynamic"
                label="Dynamic"
                description="Whoever matches when it is asked: customers come and go by themselves."
              />
              <Radio
                value="static"
                label="Static"
                description="The customers who match now, as a list that stays. Whether they may be mailed is asked each time."
              />
            </Stack>
          </Radio.Group>
        </Stack>
      </ServerForm>
    </Modal>
  )
}
