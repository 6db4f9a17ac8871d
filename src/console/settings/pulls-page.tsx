/** When brands are pulled, what makes a pull wait for somebody, how long changes are remembered. */

import { Checkbox, NumberInput } from '@mantine/core'
import { lazy, Suspense } from 'react'
import { Loading } from '../shared/loading.tsx'
import { Section } from '../shared/section.tsx'
import { ServerForm, useServerForm } from '../shared/server-form.tsx'
import { useWinery } from '../winery.tsx'
import { changeSettings, type Settings, tellSaved, useMayChange } from './settings.ts'
import { SettingsPage } from './settings-page.tsx'

/** The times take an input of their own: they come after the page. */
const ScheduleForm = lazy(() =>
  import('./schedule-form.tsx').then(({ ScheduleForm }) => ({ default: ScheduleForm })),
)

export function PullSettingsPage() {
  const { brands } = useWinery()
  return (
    <SettingsPage title="Pulls" intro="When Tock is asked, and what makes a pull wait for approval.">
      {(settings) => (
        <>
          {brands.map((brand) => (
            <Suspense key={brand.brand} fallback={<Loading />}>
              <ScheduleForm brand={brand} />
            </Suspense>
          ))}
          <Guards settings={settings} />
        </>
      )}
    </SettingsPage>
  )
}

function Guards({ settings }: { settings: Settings }) {
  const { winery, hasSeveralBrands } = useWinery()
  const mayChange = useMayChange()
  const form = useServerForm({
    initialValues: {
      guardPercent: settings.guardPercent as number | string,
      historyDays: settings.historyDays as number | string,
      guestsWithoutReservation: settings.guestsWithoutReservation,
    },
    check: ({ guardPercent, historyDays }) => ({
      ...(isWithin(guardPercent, 1, 100) ? {} : { guardPercent: 'From 1 to 100 percent' }),
      ...(isWithin(historyDays, 1, 36_500) ? {} : { historyDays: 'From 1 to 36,500 days' }),
    }),
    submit: ({ guardPercent, historyDays, guestsWithoutReservation }) =>
      changeSettings(winery, {
        guardPercent: Number(guardPercent),
        historyDays: Number(historyDays),
        guestsWithoutReservation,
      }),
    done: tellSaved,
  })
  return (
    <Section title="Guards and retention">
      <ServerForm form={form} action="Save" mayChange={mayChange}>
        <NumberInput
          label="A pull waits for approval above"
          description={`Of ${hasSeveralBrands ? "a brand's" : 'the'} upcoming or past reservations that it would cancel or find no longer in Tock, when they are more than 20`}
          suffix=" %"
          min={1}
          max={100}
          allowDecimal={false}
          maw="26rem"
          readOnly={!mayChange}
          {...form.fields.getInputProps('guardPercent')}
        />
        <NumberInput
          label="Changes are remembered for"
          description="Before and after, per reservation and customer. Older ones are deleted"
          suffix=" days"
          thousandSeparator=","
          min={1}
          max={36_500}
          allowDecimal={false}
          maw="26rem"
          readOnly={!mayChange}
          {...form.fields.getInputProps('historyDays')}
        />
        <Checkbox
          label="Guests without any reservation become customers, too"
          description="Tock's list has everybody who ever signed up. From the next pull on"
          disabled={!mayChange}
          {...form.fields.getInputProps('guestsWithoutReservation', { type: 'checkbox' })}
        />
      </ServerForm>
    </Section>
  )
}

function isWithin(given: number | string, least: number, most: number): boolean {
  const value = Number(given)
  return given !== '' && Number.isInteger(value) && value >= least && value <= most
}
