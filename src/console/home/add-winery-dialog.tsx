/** A new winery: its name, how it stands in addresses, its zone, whom to mail. */

import { Select, TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { winerySchema } from '../../contract/api/winery.ts'
import { ask } from '../ask.ts'
import { Dialog } from '../shared/dialog.tsx'
import { ServerForm, useServerForm } from '../shared/server-form.tsx'

export function AddWineryDialog({ opened, close }: { opened: boolean; close: () => void }) {
  const navigate = useNavigate()
  const form = useServerForm({
    initialValues: { name: '', slug: '', timeZone: 'America/Los_Angeles', reservationContact: '' },
    check: ({ name, slug }) => ({
      ...(name.trim() === '' ? { name: 'Its name is needed' } : {}),
      ...(/^[a-z0-9]+(-[a-z0-9]+)*$/.test(slug)
        ? {}
        : { slug: 'Small letters, digits and hyphens: juniper-hill' }),
    }),
    submit: ({ reservationContact, ...values }) =>
      ask('POST', '/wineries', winerySchema, {
        body: {
          ...values,
          ...(reservationContact.trim() === '' ? {} : { reservationContact: reservationContact.trim() }),
        },
      }),
    done: ({ winery }) => {
      close()
      void navigate({ to: '/wineries/$winery/set-up', params: { winery } })
    },
  })
  const slugOf = (name: string) =>
    name
      .toLowerCase()
      .normalize('NFD')
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, '')
  return (
    <Dialog opened={opened} close={close} title="Add a winery">
      <ServerForm form={form} action="Add the winery">
        <TextInput
          label="Name"
          data-autofocus
          {...form.fields.getInputProps('name')}
          onBlur={({ currentTarget: { value } }) => {
            if (form.fields.getValues().slug === '') form.fields.setFieldValue('slug', slugOf(value))
          }}
        />
        <TextInput
          label="Short name for addresses"
          description="It stays, also when the name changes"
          {...form.fields.getInputProps('slug')}
        />
        <Select
          label="Time zone"
          searchable
          data={Intl.supportedValuesOf('timeZone')}
          {...form.fields.getInputProps('timeZone')}
        />
        <TextInput
          label="Reservation contact"
          description="Gets the mail after the pulls. You can give it later."
          type="email"
          {...form.fields.getInputProps('reservationContact')}
        />
      </ServerForm>
    </Dialog>
  )
}
