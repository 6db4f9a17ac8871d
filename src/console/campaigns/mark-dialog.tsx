/** Marks a segment as the audience of a campaign that is scheduled elsewhere: its name, and when it is sent. */

import { Modal, Select, Text, TextInput } from '@mantine/core'
import { savedSegmentSchema } from '../../contract/api/segment.ts'
import { ask, at } from '../ask.ts'
import { useSegments } from '../segments/use-segments.ts'
import { ServerForm, useServerForm } from '../shared/server-form.tsx'
import { useWinery } from '../winery.tsx'
import type { Campaign } from './campaigns-page.tsx'
import { fromWineryClock, toWineryClock } from './winery-clock.ts'

export function MarkDialog({ campaign, close }: { campaign: Campaign | null; close: () => void }) {
  const { winery, timeZone } = useWinery()
  const segments = useSegments().data?.items ?? []
  const form = useServerForm({
    initialValues: {
      segment: campaign?.segmentId ?? '',
      name: campaign?.campaign ?? '',
      at: campaign?.campaignAt ? toWineryClock(campaign.campaignAt, timeZone) : '',
    },
    check: ({ segment, name }) => ({
      ...(segment === '' ? { segment: 'Choose the segment' } : {}),
      ...(name.trim() === '' ? { name: 'Give the campaign its name' } : {}),
    }),
    submit: ({ segment, name, at: local }) =>
      ask('PUT', at`/wineries/${winery}/segments/${segment}/campaign`, savedSegmentSchema, {
        body: { name, at: local === '' ? null : fromWineryClock(local, timeZone) },
      }),
    done: close,
  })
  return (
    <Modal
      opened
      onClose={close}
      title={campaign ? `Change “${campaign.campaign}”` : 'Mark a segment as an audience'}
      centered
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <ServerForm form={form} action={campaign ? 'Save' : 'Mark'}>
        <Select
          label="Segment"
          data={segments.map(({ segmentId, name }) => ({ value: segmentId, label: name }))}
          searchable
          disabled={campaign !== null}
          {...form.fields.getInputProps('segment')}
        />
        <TextInput label="Campaign" maxLength={100} {...form.fields.getInputProps('name')} />
        <TextInput
          type="datetime-local"
          label="Sent"
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          description={`On the clock of ${timeZone}. Empty: not known`}
          {...form.fields.getInputProps('at')}
        />
        <Text size="sm" c="dimmed">
          Nothing is sent from here: the campaign is your mail program's.
        </Text>
      </ServerForm>
    </Modal>
  )
}
