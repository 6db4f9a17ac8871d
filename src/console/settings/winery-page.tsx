/** The winery itself: name, time zone, who gets mail. */

import { Autocomplete, Radio, Stack, TextInput } from '@mantine/core'
import { winerySchema } from '../../contract/api/winery.ts'
import { type NightMail, nightMails } from '../../contract/vocabulary.ts'
import { ask, at } from '../ask.ts'
import { Section } from '../shared/section.tsx'
import { ServerForm, useServerForm } from '../shared/server-form.tsx'
import { useWinery } from '../winery.tsx'
import { changeSettings, type Settings, tellSaved, useMayChange } from './settings.ts'
import { SettingsPage } from './settings-page.tsx'

export function WineryPage() {
  return (
    <SettingsPage title="Winery" intro="Its name, its time zone, and who hears of the pulls.">
      {(settings) => (
        <>
          <NameAndZone settings={settings} />
          <Contact settings={settings} />
        </>
      )}
    </SettingsPage>
  )
}

const zones = Intl.supportedValuesOf('timeZone')

function NameAndZone({ settings }: { settings: Settings }) {
  const { winery, hasSeveralBrands } = useWinery()
  const mayChange = useMayChange()
  const form = useServerForm({
    initialValues: { name: settings.name, timeZone: settings.timeZone },
    check: ({ name }) => (name.trim() === '' ? { name: 'A name is needed' } : {}),
    submit: (values) => ask('PATCH', at`/wineries/${winery}`, winerySchema, { body: values }),
    done: tellSaved,
  })
  return (
    <Section title="Name and time zone">
      <ServerForm form={form} action="Save" mayChange={mayChange}>
        <TextInput label="Name" maw="26rem" readOnly={!mayChange} {...form.fields.getInputProps('name')} />
        <Autocomplete
          label="Time zone"
          description={
            hasSeveralBrands
              ? "For what has no brand; a brand's days are those of its place"
              : 'Reservations keep the time of their place'
          }
          data={zones}
          limit={50}
          maw="26rem"
          readOnly={!mayChange}
          {...form.fields.getInputProps('timeZone')}
        />
      </ServerForm>
    </Section>
  )
}

const mails: Record<NightMail, { label: string; description: string }> = {
  'each-time': {
    label: 'After each night',
    description: 'What the pulls brought, and what waits for somebody',
  },
  'when-needed': { label: 'When somebody is needed', description: 'Nothing of nights that went well' },
  never: { label: 'Never', description: 'The console shows it all the same' },
}

function Contact({ settings }: { settings: Settings }) {
  const { winery } = useWinery()
  const mayChange = useMayChange()
  const form = useServerForm({
    initialValues: {
      reservationContact: settings.reservationContact ?? '',
      nightMail: settings.nightMail as string,
    },
    submit: async ({ reservationContact, nightMail }) => {
      const contact = reservationContact.trim()
      await ask('PATCH', at`/wineries/${winery}`, winerySchema, {
        body: { reservationContact: contact === '' ? null : contact },
      })
      return changeSettings(winery, { nightMail: nightMail as NightMail })
    },
    done: tellSaved,
  })
  return (
    <Section
      title="Reservation contact"
      intro="Gets the mail after the pulls. It has counts in it, no guests."
    >
      <ServerForm form={form} action="Save" mayChange={mayChange}>
        <TextInput
          label="E-mail address"
          type="email"
          placeholder="Nobody"
          maw="26rem"
          readOnly={!mayChange}
          {...form.fields.getInputProps('reservationContact')}
        />
        <Radio.Group label="The mail after the night's pulls" {...form.fields.getInputProps('nightMail')}>
          <Stack gap="xs" mt="xs">
            {nightMails.map((value) => (
              <Radio key={value} value={value} disabled={!mayChange} {...mails[value]} />
            ))}
          </Stack>
        </Radio.Group>
      </ServerForm>
    </Section>
  )
}
