/** Whom to release and how many; the effect is shown before anything is done. */

import { Alert, NumberInput, Select, SimpleGrid, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { z } from 'zod'
import { type ManyToRelease, releasedSchema, type releasing } from '../../contract/api/release.ts'
import { releasePlannedSchema, type releasePlanning } from '../../contract/api/release-plan.ts'
import { ask, at } from '../ask.ts'
import { useWriting } from '../reading.ts'
import { numberText } from '../shared/figure.tsx'
import { Section } from '../shared/section.tsx'
import { ServerForm, useServerForm } from '../shared/server-form.tsx'
import { TroubleNotice } from '../shared/trouble-notice.tsx'
import { filter, listSearch, useUrlSearch } from '../url-search.ts'
import { useWinery } from '../winery.tsx'
import { PullChoice, SegmentChoice } from './release-choices.tsx'
import { people, ReleaseEffect, type Shown } from './release-effect.tsx'

/** A link may name the pull whose customers it is about. */
const releaseSearch = listSearch({ pull: filter })

type Wish = {
  whom: ManyToRelease['kind']
  pullId: string
  segmentId: string
  from: string
  to: string
  how: 'all' | 'part' | 'daily'
  atMost: number | ''
  atTime: string
}
type Now = z.input<typeof releasing>
type Plan = z.input<typeof releasePlanning>
/** What was looked at: exactly that is done, or nothing. */
type Looked = Shown & ({ how: 'now'; body: Now } | { how: 'daily'; body: Plan })

export function ReleaseForm() {
  const { winery } = useWinery()
  const [search] = useUrlSearch(releaseSearch)
  const [looked, setLooked] = useState<Looked | null>(null)
  const [done, setDone] = useState<string | null>(null)
  const releases = at`/wineries/${winery}/releases`
  const plans = at`/wineries/${winery}/release-plans`
  const initialValues: Wish = {
    whom: search.pull === undefined ? 'all' : 'pull',
    pullId: search.pull ?? '',
    segmentId: '',
    from: '',
    to: '',
    how: 'all',
    atMost: '',
    atTime: '06:00',
  }
  const form = useServerForm<Wish, Looked>({
    initialValues,
    check: (wish) => ({
      ...(wish.whom === 'pull' && wish.pullId === '' ? { pullId: 'Choose the pull' } : {}),
      ...(wish.whom === 'segment' && wish.segmentId === '' ? { segmentId: 'Choose the segment' } : {}),
      ...(wish.whom === 'created' && wish.from === '' && wish.to === ''
        ? { from: 'Give at least one of the two days' }
        : {}),
      ...(wish.how !== 'all' && wish.atMost === '' ? { atMost: 'Say how many' } : {}),
    }),
    submit: async (wish) => {
      const whom = whomOf(wish)
      if (wish.how === 'daily') {
        const body = { whom, aDay: Number(wish.atMost), atTime: wish.atTime }
        const planned = await ask('POST', plans, releasePlannedSchema, { body: { ...body, dryRun: true } })
        return { how: 'daily', body, aDay: body.aDay, ...planned }
      }
      const body = { whom, ...(wish.how === 'part' ? { atMost: Number(wish.atMost) } : {}) }
      const { released, mayBeMailed, campaigns } = await ask('POST', releases, releasedSchema, {
        body: { ...body, dryRun: true },
      })
      return { how: 'now', body, customers: released, mayBeMailed, campaigns }
    },
    done: (result) => {
      setDone(null)
      setLooked(result)
    },
  })
  const release = useWriting(async ({ how, body, customers: expected }: Looked) => {
    if (how === 'daily') {
      const { customers, days } = await ask('POST', plans, releasePlannedSchema, {
        body: { ...body, expected },
      })
      return `${people(customers)} planned: ${numberText(days)} ${days === 1 ? 'day' : 'days'}. It can be stopped below.`
    }
    const { released, mayBeMailed } = await ask('POST', releases, releasedSchema, {
      body: { ...body, expected },
    })
    return `${people(released)} released, ${numberText(mayBeMailed)} of them may be mailed. It can be taken back below, as long as no export has carried them.`
  })
  const { values, errors } = form.fields
  const change = (part: Partial<Wish>) => {
    setLooked(null)
    form.fields.setValues(part)
  }
  return (
    <Section title="Whom to release">
      <ServerForm form={form} action="Show the effect">
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <Select
            label="Customers"
            allowDeselect={false}
            data={whomChoices}
            value={values.whom}
            onChange={(whom) => change({ whom: whom ?? 'all' })}
          />
          {values.whom === 'pull' && (
            <PullChoice value={values.pullId} change={(pullId) => change({ pullId })} error={errors.pullId} />
          )}
          {values.whom === 'segment' && (
            <SegmentChoice
              value={values.segmentId}
              change={(segmentId) => change({ segmentId })}
              error={errors.segmentId}
            />
          )}
          {values.whom === 'created' && (
            <SimpleGrid cols={2}>
              <TextInput
                type="date"
                label="From"
                value={values.from}
                onChange={({ currentTarget: { value: from } }) => change({ from })}
                error={errors.from}
              />
              <TextInput
                type="date"
                label="Until"
                value={values.to}
                onChange={({ currentTarget: { value: to } }) => change({ to })}
              />
            </SimpleGrid>
          )}
        </SimpleGrid>
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <Select
            label="How many"
            allowDeselect={false}
            data={howChoices}
            value={values.how}
            onChange={(how) => change({ how: how ?? 'all' })}
          />
          {values.how !== 'all' && (
            <SimpleGrid cols={values.how === 'daily' ? 2 : 1}>
              <NumberInput
                label={values.how === 'daily' ? 'A day' : 'At most'}
                inputWrapperOrder={['label', 'input', 'description', 'error']}
                description="Those first who were created first"
                min={1}
                allowDecimal={false}
                thousandSeparator=","
                value={values.atMost}
                onChange={(value) => change({ atMost: typeof value === 'number' ? value : '' })}
                error={errors.atMost}
              />
              {values.how === 'daily' && (
                <TextInput
                  type="time"
                  label="At"
                  inputWrapperOrder={['label', 'input', 'description', 'error']}
                  description="On the winery's clock"
                  value={values.atTime}
                  onChange={({ currentTarget: { value: atTime } }) => change({ atTime })}
                  error={errors.atTime}
                />
              )}
            </SimpleGrid>
          )}
        </SimpleGrid>
      </ServerForm>
      {looked && (
        <ReleaseEffect
          shown={looked}
          isBusy={release.isPending}
          release={() =>
            release.mutate(looked, {
              onSuccess: (words) => {
                setLooked(null)
                setDone(words)
              },
            })
          }
        />
      )}
      <TroubleNotice error={release.error} />
      {done !== null && (
        <Alert color="green" role="status" title="Done">
          {done}
        </Alert>
      )}
    </Section>
  )
}

const whomChoices: { value: Wish['whom']; label: string }[] = [
  { value: 'all', label: 'All who are not released' },
  { value: 'pull', label: 'Those whom a pull created' },
  { value: 'segment', label: 'Those who would be in a segment' },
  { value: 'created', label: 'Those created in a time' },
]

const howChoices: { value: Wish['how']; label: string }[] = [
  { value: 'all', label: 'All of them, now' },
  { value: 'part', label: 'A part of them, now' },
  { value: 'daily', label: 'So many a day, by itself' },
]

function whomOf({ whom, pullId, segmentId, from, to }: Wish): ManyToRelease {
  switch (whom) {
    case 'all':
      return { kind: 'all' }
    case 'pull':
      return { kind: 'pull', pullId }
    case 'segment':
      return { kind: 'segment', segmentId }
    case 'created':
      return { kind: 'created', ...(from === '' ? {} : { from }), ...(to === '' ? {} : { to }) }
  }
}
