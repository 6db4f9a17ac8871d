/** How new customers are released, and who may be mailed: with what it comes to, in numbers. */

import { Alert, NumberInput, Radio, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { customersPage } from '../../contract/api/customer.ts'
import { mailPolicyEffects } from '../../contract/api/settings.ts'
import type { MailPolicy } from '../../contract/vocabulary.ts'
import { at } from '../ask.ts'
import { reading } from '../reading.ts'
import { Figure, numberText } from '../shared/figure.tsx'
import { TextLink } from '../shared/links.tsx'
import { Section } from '../shared/section.tsx'
import { ServerForm, useServerForm } from '../shared/server-form.tsx'
import { useWinery } from '../winery.tsx'
import { NotesInExports } from './notes-in-exports.tsx'
import { changeSettings, type Settings, tellSaved, useMayChange } from './settings.ts'
import { SettingsPage } from './settings-page.tsx'

export function MarketingPage() {
  return (
    <SettingsPage
      title="Marketing"
      intro="Whom scheduled campaigns can reach. Nothing is ever sent from here."
    >
      {(settings) => (
        <>
          <MailPolicyForm settings={settings} />
          <ReleaseRule settings={settings} />
          <NotesInExports settings={settings} />
        </>
      )}
    </SettingsPage>
  )
}

function MailPolicyForm({ settings }: { settings: Settings }) {
  const { winery, me } = useWinery()
  const mayChange = useMayChange()
  const counts = useQuery({
    ...reading(at`/wineries/${winery}/mail-policies`, mailPolicyEffects),
    enabled: me.brands === null,
  }).data
  const form = useServerForm({
    initialValues: { mailPolicy: settings.mailPolicy as string },
    submit: ({ mailPolicy }) => changeSettings(winery, { mailPolicy: mailPolicy as MailPolicy }),
    done: tellSaved,
  })
  const chosen = form.fields.values.mailPolicy
  return (
    <Section
      title="Mail policy"
      intro="Who is never mailed under either: whoever opted out, has no address, whose mail came back, is not active, or not released."
    >
      <ServerForm form={form} action="Save" mayChange={mayChange}>
        <Radio.Group label="A customer may be mailed who" {...form.fields.getInputProps('mailPolicy')}>
          <Stack gap="xs" mt="xs">
            <Radio
              value="opted-in"
              disabled={!mayChange}
              label="has opted in"
              description={counts && `Now ${people(counts.optedIn)}`}
            />
            <Radio
              value="not-opted-out"
              disabled={!mayChange}
              label="has not opted out"
              description={
                counts &&
                `Now ${people(counts.notOptedOut)}. Customers whom a pull created need an opt-in all the same`
              }
            />
          </Stack>
        </Radio.Group>
        {counts && chosen !== settings.mailPolicy && (
          <Alert color="orange" role="status" title="What saving does">
            {effect(
              settings.mailPolicy === 'opted-in' ? counts.optedIn : counts.notOptedOut,
              chosen === 'opted-in' ? counts.optedIn : counts.notOptedOut,
            )}
          </Alert>
        )}
      </ServerForm>
    </Section>
  )
}

function effect(before: number, after: number): string {
  if (before === after) return `Nothing now: ${people(after)} may be mailed either way.`
  const change = after - before
  const words = change > 0 ? `${people(change)} more` : `${people(-change)} fewer`
  return `${words} may be mailed: ${numberText(after)} instead of ${numberText(before)}.`
}

function people(count: number): string {
  return `${numberText(count)} ${count === 1 ? 'customer' : 'customers'}`
}

type Rule = { how: string; days: number | string }

function ReleaseRule({ settings }: { settings: Settings }) {
  const { winery } = useWinery()
  const mayChange = useMayChange()
  const waiting = useQuery(
    reading(at`/wineries/${winery}/customers`, customersPage, { released: 'false', limit: 1 }),
  ).data?.total
  const [how, days] = settings.nightlyRelease.split(':')
  const form = useServerForm<Rule, Settings>({
    initialValues: { how: how ?? 'with-pull', days: days === undefined ? 14 : Number(days) },
    check: (rule) =>
      rule.how === 'after' && !(Number(rule.days) >= 1 && Number(rule.days) <= 9999)
        ? { days: 'From 1 to 9,999 days' }
        : {},
    submit: (rule) =>
      changeSettings(winery, {
        nightlyRelease: rule.how === 'after' ? `after:${Number(rule.days)}` : rule.how,
      }),
    done: tellSaved,
  })
  return (
    <Section
      title="Release of new customers"
      intro="For customers whom nightly pulls create. Those of an initial pull always wait for the winery admin."
    >
      <ServerForm form={form} action="Save" mayChange={mayChange}>
        <Radio.Group label="They are released for marketing" {...form.fields.getInputProps('how')}>
          <Stack gap="xs" mt="xs">
            <Radio
              value="with-pull"
              disabled={!mayChange}
              label="With the pull"
              description="Scheduled campaigns for New customers reach them the next day"
            />
            <Radio value="after" disabled={!mayChange} label="Some days later" />
            <Radio value="by-hand" disabled={!mayChange} label="By hand, when the winery admin does it" />
          </Stack>
        </Radio.Group>
        {form.fields.values.how === 'after' && (
          <NumberInput
            label="Days"
            min={1}
            max={9999}
            allowDecimal={false}
            maw="12rem"
            readOnly={!mayChange}
            {...form.fields.getInputProps('days')}
          />
        )}
      </ServerForm>
      {waiting !== undefined && waiting !== null && (
        <Text size="sm">
          <Figure
            value={waiting}
            what="customers that are not released"
            to="/wineries/$winery/customers"
            params={{ winery }}
            search={{ released: 'false' }}
          />{' '}
          {waiting === 1 ? 'customer is' : 'customers are'} not released now.{' '}
          <TextLink to="/wineries/$winery/customers/release" params={{ winery }}>
            Release
          </TextLink>
        </Text>
      )}
    </Section>
  )
}
