/** Releases of so many a day: how far they are, when the next stage comes, and the way to stop them. */

import { Button, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { z } from 'zod'
import { releasePlanSchema, releasePlansSchema } from '../../contract/api/release-plan.ts'
import { ask, at } from '../ask.ts'
import { reading, useWriting } from '../reading.ts'
import { ConfirmDialog } from '../shared/confirm-dialog.tsx'
import { DataTable, wholeList } from '../shared/data-table.tsx'
import { numberText } from '../shared/figure.tsx'
import { Section } from '../shared/section.tsx'
import { When } from '../shared/when.tsx'
import { useWinery } from '../winery.tsx'
import { people, whomWords } from './release-effect.tsx'

type Plan = z.output<typeof releasePlanSchema>

export function PlannedReleases() {
  const { winery, timeZone, may } = useWinery()
  const [asked, setAsked] = useState<Plan | null>(null)
  const list = useQuery(reading(at`/wineries/${winery}/release-plans`, releasePlansSchema))
  const stop = useWriting((planId: string) =>
    ask('POST', at`/wineries/${winery}/release-plans/${planId}/stop`, releasePlanSchema),
  )
  const close = () => setAsked(null)
  if (!list.error && list.data?.items.length === 0) return null
  return (
    <Section title="Planned releases" intro="So many a day, those first who were created first.">
      <DataTable
        name="Planned releases"
        list={wholeList(list)}
        isWhole
        rowKey={({ planId }) => planId}
        columns={[
          { id: 'whom', header: 'Whom', isTitle: true, cell: ({ whom }) => whomWords(whom) },
          {
            id: 'daily',
            header: 'A day',
            align: 'right',
            cell: ({ aDay, atTime }) => `${numberText(aDay)} at ${atTime}`,
          },
          { id: 'done', header: 'Released', align: 'right', cell: ({ released }) => numberText(released) },
          { id: 'rest', header: 'Still to come', align: 'right', cell: ({ waiting }) => numberText(waiting) },
          {
            id: 'next',
            header: 'Next',
            cell: ({ nextAt, endedAt, endedBecause, endedBy }) =>
              nextAt !== null && nextAt.getTime() <= Date.now() ? (
                'within a minute'
              ) : nextAt !== null ? (
                <When at={nextAt} zone={timeZone} />
              ) : (
                <>
                  {endedBecause} {endedBy !== null && `${endedBy}, `}
                  <When at={endedAt} zone={timeZone} />
                </>
              ),
          },
          { id: 'by', header: 'Planned by', cell: ({ madeBy }) => madeBy },
          may('customers.release') && {
            id: 'stop',
            header: 'Change',
            hidesLabel: true,
            cell: (plan) =>
              plan.endedAt === null && (
                <Button size="compact-sm" variant="default" onClick={() => setAsked(plan)}>
                  Stop
                </Button>
              ),
          },
        ]}
        empty={<Text size="sm">Nothing is planned.</Text>}
      />
      <ConfirmDialog
        opened={asked !== null}
        close={close}
        title="Stop this planned release?"
        action="Stop"
        isBusy={stop.isPending}
        error={stop.error}
        confirm={() => asked && stop.mutate(asked.planId, { onSuccess: close })}
      >
        <Text>
          {people(asked?.waiting ?? 0)} stay not released for marketing. Whom it has released so far stays
          released; that can be taken back below.
        </Text>
      </ConfirmDialog>
    </Section>
  )
}
