/** Releases customers for marketing: whom, how many at a time, what it does (shown first); past releases. */

import { Alert, Button, NumberInput, Select, SimpleGrid, Stack, Text, TextInput } from '@mantine/core'
import { ExclamationTriangleIcon } from '@radix-ui/react-icons'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import type { z } from 'zod'
import { pageOf } from '../../contract/api/paging.ts'
import { pullSchema } from '../../contract/api/pull.ts'
import { releasedSchema, type releasing } from '../../contract/api/release.ts'
import { ask, at } from '../ask.ts'
import { reading, useWriting } from '../reading.ts'
import { numberText } from '../shared/figure.tsx'
import { TextLink } from '../shared/links.tsx'
import { Page } from '../shared/page.tsx'
import { Section } from '../shared/section.tsx'
import { ServerForm, useServerForm } from '../shared/server-form.tsx'
import { TroubleNotice } from '../shared/trouble-notice.tsx'
import { whenText } from '../shared/when.tsx'
import { filter, listSearch, useUrlSearch } from '../url-search.ts'
import { useWinery } from '../winery.tsx'
import { PastReleases } from './past-releases.tsx'

/** A link may name the pull whose customers it is about. */
const releaseSearch = listSearch({ pull: filter })

type Wish = {
  whom: 'all' | 'pull' | 'created'
  pullId: string
  from: string
  to: string
  atMost: number | ''
}
type Body = z.input<typeof releasing>

export function ReleasePage() {
  const { winery, may } = useWinery()
  return (
    <Page
      title="Release for marketing"
      intro="Customers of an initial pull are kept from marketing until somebody of the winery releases them: all at once, or a part at a time."
    >
      {may('customers.release') ? (
        <ReleaseForm />
      ) : (
        <Text>The winery admin releases customers. Here is what was released so far.</Text>
      )}
      <PastReleases />
      <TextLink to="/wineries/$winery/customers" params={{ winery }} search={{ released: 'false' }}>
        Customers that are not released
      </TextLink>
    </Page>
  )
}

function ReleaseForm() {
  const { winery } = useWinery()
  const [search] = useUrlSearch(releaseSearch)
  const [shown, setShown] = useState<{ body: Body; effect: z.output<typeof releasedSchema> } | null>(null)
  const [done, setDone] = useState<z.output<typeof releasedSchema> | null>(null)
  const path = at`/wineries/${winery}/releases`
  const form = useServerForm({
    initialValues: {
      whom: search.pull === undefined ? 'all' : 'pull',
      pullId: search.pull ?? '',
      from: '',
      to: '',
      atMost: '',
    } as Wish,
    check: (wish) => ({
      ...(wish.whom === 'pull' && wish.pullId === '' ? { pullId: 'Choose the pull' } : {}),
      ...(wish.whom === 'created' && wish.from === '' && wish.to === ''
        ? { from: 'Give at least one of the two days' }
        : {}),
    }),
    submit: async (wish) => {
      const body = bodyOf(wish)
      return { body, effect: await ask('POST', path, releasedSchema, { body: { ...body, dryRun: true } }) }
    },
    done: (result) => {
      setDone(null)
      setShown(result)
    },
  })
  const release = useWriting((body: Body) => ask('POST', path, releasedSchema, { body }))
  const { values } = form.fields
  const change = <Name extends keyof Wish>(name: Name, value: Wish[Name]) => {
    setShown(null)
    form.fields.setFieldValue(name, value as never)
  }
  return (
    <Section title="Whom to release">
      <ServerForm form={form} action="Show the effect">
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <Select
            label="Customers"
            allowDeselect={false}
            data={[
              { value: 'all', label: 'All who are not released' },
              { value: 'pull', label: 'Those whom a pull created' },
              { value: 'created', label: 'Those created in a time' },
            ]}
            value={values.whom}
            onChange={(whom) => change('whom', (whom ?? 'all') as Wish['whom'])}
          />
          {values.whom === 'pull' && (
            <PullChoice
              value={values.pullId}
              change={(pullId) => change('pullId', pullId)}
              error={form.fields.errors.pullId}
            />
          )}
          {values.whom === 'created' && (
            <SimpleGrid cols={2}>
              <TextInput
                type="date"
                label="From"
                value={values.from}
                onChange={({ currentTarget: { value } }) => change('from', value)}
                error={form.fields.errors.from}
              />
              <TextInput
                type="date"
                label="Until"
                value={values.to}
                onChange={({ currentTarget: { value } }) => change('to', value)}
              />
            </SimpleGrid>
          )}
          <NumberInput
            label="At most"
            description="In stages: those first who were created first. Empty: all of them"
            min={1}
            allowDecimal={false}
            thousandSeparator=","
            value={values.atMost}
            onChange={(value) => change('atMost', typeof value === 'number' ? value : '')}
          />
        </SimpleGrid>
      </ServerForm>
      {shown && (
        <Effect
          effect={shown.effect}
          isBusy={release.isPending}
          release={() =>
            release.mutate(shown.body, {
              onSuccess: (result) => {
                setShown(null)
                setDone(result)
              },
            })
          }
        />
      )}
      <TroubleNotice error={release.error} />
      {done && (
        <Alert color="green" role="status" title={`${people(done.released)} released`}>
          {numberText(done.mayBeMailed)} of them may be mailed. It can be taken back below, as long as no
          export has carried them.
        </Alert>
      )}
    </Section>
  )
}

function Effect(props: { effect: z.output<typeof releasedSchema>; release: () => void; isBusy: boolean }) {
  const { released, mayBeMailed } = props.effect
  if (released === 0) {
    return (
      <Alert color="gray" role="status" title="There is nobody to release">
        All of them were released before, or there are none.
      </Alert>
    )
  }
  return (
    <Alert
      color="orange"
      icon={<ExclamationTriangleIcon />}
      role="status"
      title={`${people(released)} would be released`}
    >
      <Stack gap="sm" align="flex-start">
        <Text size="sm">
          {numberText(mayBeMailed)} of them may be mailed. Once released they count as New customers:
          scheduled e-mail campaigns for New customers will include those who may be mailed.
        </Text>
        <Button onClick={props.release} loading={props.isBusy}>
          Release {people(released)}
        </Button>
      </Stack>
    </Alert>
  )
}

function PullChoice(props: { value: string; change: (pullId: string) => void; error: ReactNode }) {
  const { winery, timeZone, hasSeveralBrands } = useWinery()
  const { data } = useQuery(
    reading(at`/wineries/${winery}/pulls`, pageOf(pullSchema), { status: 'applied', limit: 200 }),
  )
  const pulls = (data?.items ?? []).filter(({ customers }) => customers.created > 0)
  const choices = pulls.map(({ pullId, brand, kind, finishedAt, customers }) => ({
    value: pullId,
    label: [
      `${kind === 'initial' ? 'Initial pull' : 'Pull'} ${pullId}${hasSeveralBrands ? ` of ${brand}` : ''}`,
      whenText(finishedAt, timeZone),
      `${numberText(customers.created)} created`,
    ].join(', '),
  }))
  return (
    <Select
      label="Pull"
      placeholder={data && choices.length === 0 ? 'No pull has created customers' : 'Choose one'}
      data={choices}
      value={props.value || null}
      onChange={(pullId) => props.change(pullId ?? '')}
      searchable
      error={props.error}
    />
  )
}

function bodyOf({ whom, pullId, from, to, atMost }: Wish): Body {
  const days = { ...(from === '' ? {} : { from }), ...(to === '' ? {} : { to }) }
  return {
    whom:
      whom === 'pull'
        ? { kind: 'pull', pullId }
        : whom === 'created'
          ? { kind: 'created', ...days }
          : { kind: 'all' },
    ...(atMost === '' ? {} : { atMost }),
  }
}

function people(count: number): string {
  return `${numberText(count)} ${count === 1 ? 'customer' : 'customers'}`
}
