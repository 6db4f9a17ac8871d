/** At which times of day a brand is pulled, and when next; pausing is here, enabling on the set-up path. */

import { Autocomplete, Button, Group, SimpleGrid, TagsInput, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { z } from 'zod'
import { nightlySchema } from '../../contract/api/brand.ts'
import { scheduleSchema } from '../../contract/api/operation.ts'
import { ask, at } from '../ask.ts'
import { reading, useWriting } from '../reading.ts'
import { ConfirmDialog } from '../shared/confirm-dialog.tsx'
import { Loading } from '../shared/loading.tsx'
import { Section } from '../shared/section.tsx'
import { ServerForm, useServerForm } from '../shared/server-form.tsx'
import { StatusBadge } from '../shared/status-badge.tsx'
import { TroubleNotice } from '../shared/trouble-notice.tsx'
import { When } from '../shared/when.tsx'
import { type Brand, useWinery } from '../winery.tsx'
import { tellSaved } from './settings.ts'

type Schedule = z.output<typeof scheduleSchema>

export function ScheduleForm({ brand }: { brand: Brand }) {
  const { winery, hasSeveralBrands } = useWinery()
  const { data, error, refetch } = useQuery(
    reading(at`/wineries/${winery}/brands/${brand.brand}/schedule`, scheduleSchema),
  )
  return (
    <Section
      title={hasSeveralBrands ? `Nightly pulls of ${brand.name}` : 'Nightly pulls'}
      actions={data && <State schedule={data} brand={brand} />}
    >
      {data ? (
        <Times schedule={data} />
      ) : error ? (
        <TroubleNotice error={error} again={refetch} />
      ) : (
        <Loading />
      )}
    </Section>
  )
}

function State({ schedule, brand }: { schedule: Schedule; brand: Brand }) {
  const { winery, may } = useWinery()
  const [isAsked, setAsked] = useState(false)
  const pause = useWriting(() =>
    ask('POST', at`/wineries/${winery}/brands/${brand.brand}/pause`, nightlySchema),
  )
  if (schedule.enabledAt === null) return <StatusBadge look="plain">Not enabled</StatusBadge>
  return (
    <Group gap="sm">
      <StatusBadge look="good">Enabled</StatusBadge>
      {may('brands.pause') && (
        <Button size="xs" variant="default" onClick={() => setAsked(true)}>
          Pause
        </Button>
      )}
      <ConfirmDialog
        opened={isAsked}
        close={() => setAsked(false)}
        title={`Pause the nightly pulls of ${brand.name}?`}
        action="Pause"
        isBusy={pause.isPending}
        error={pause.error}
        confirm={() => pause.mutate(undefined, { onSuccess: () => setAsked(false) })}
      >
        <Text>Nothing stored is changed. Support enables them again.</Text>
      </ConfirmDialog>
    </Group>
  )
}

const zones = Intl.supportedValuesOf('timeZone')

function Times({ schedule }: { schedule: Schedule }) {
  const { winery, may } = useWinery()
  const mayChange = may('settings.write')
  const { brand, times, timeZone, isPreset, nextPullAt } = schedule
  const form = useServerForm({
    initialValues: { times, timeZone },
    check: (values) => (values.times.length === 0 ? { times: 'At least one time is needed' } : {}),
    submit: (values) =>
      ask('PATCH', at`/wineries/${winery}/brands/${brand}/schedule`, scheduleSchema, { body: values }),
    done: tellSaved,
  })
  return (
    <>
      <Text size="sm">
        {nextPullAt === null ? (
          'No pull is planned.'
        ) : (
          <>
            Next pull: <When at={nextPullAt} zone={timeZone} />.
          </>
        )}{' '}
        Tock publishes at about 1:30 AM and 1:30 PM US Central.
        {isPreset && ' This is the preset.'}
      </Text>
      <ServerForm form={form} action="Save" mayChange={mayChange}>
        <SimpleGrid cols={{ base: 1, sm: 2 }} maw="46rem">
          <TagsInput
            label="Times"
            description="As 03:00 or 15:00; Enter adds one"
            maxTags={6}
            readOnly={!mayChange}
            {...form.fields.getInputProps('times')}
          />
          <Autocomplete
            label="Time zone"
            description="That the times are meant in"
            data={zones}
            limit={50}
            readOnly={!mayChange}
            {...form.fields.getInputProps('timeZone')}
          />
        </SimpleGrid>
      </ServerForm>
    </>
  )
}
