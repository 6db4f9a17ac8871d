/** What was released before, by whom, and the way to take it back. */

import { Button, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { z } from 'zod'
import { pageOf } from '../../contract/api/paging.ts'
import { releaseSchema, takenBackSchema } from '../../contract/api/release.ts'
import { ask, at } from '../ask.ts'
import { reading, useWriting } from '../reading.ts'
import { ConfirmDialog } from '../shared/confirm-dialog.tsx'
import { DataTable } from '../shared/data-table.tsx'
import { EmptyState } from '../shared/empty-state.tsx'
import { numberText } from '../shared/figure.tsx'
import { Section } from '../shared/section.tsx'
import { StatusBadge } from '../shared/status-badge.tsx'
import { When } from '../shared/when.tsx'
import { listSearch, useUrlSearch } from '../url-search.ts'
import { useWinery } from '../winery.tsx'
import { whomWords } from './release-effect.tsx'

type Release = z.output<typeof releaseSchema>

export function PastReleases() {
  const { winery, timeZone, may } = useWinery()
  const [{ cursor }] = useUrlSearch(listSearch({}))
  const [asked, setAsked] = useState<Release | null>(null)
  const path = at`/wineries/${winery}/releases`
  const list = useQuery({
    ...reading(path, pageOf(releaseSchema), { cursor, limit: 20 }),
    placeholderData: keepPreviousData,
  })
  const takeBack = useWriting((releaseId: string) =>
    ask('POST', at`/wineries/${winery}/releases/${releaseId}/take-back`, takenBackSchema),
  )
  return (
    <Section title="Past releases">
      <DataTable
        name="Past releases"
        list={list}
        rowKey={({ releaseId }) => releaseId}
        columns={[
          {
            id: 'when',
            header: 'Released',
            isTitle: true,
            cell: ({ releasedAt }) => <When at={releasedAt} zone={timeZone} />,
          },
          { id: 'by', header: 'By', cell: ({ releasedBy }) => releasedBy },
          { id: 'whom', header: 'Whom', cell: ({ whom }) => whomWords(whom) },
          {
            id: 'customers',
            header: 'Customers',
            align: 'right',
            cell: ({ customers }) => numberText(customers),
          },
          {
            id: 'mailed',
            header: 'May be mailed',
            align: 'right',
            cell: ({ mayBeMailed }) => numberText(mayBeMailed),
          },
          {
            id: 'state',
            header: 'Now',
            cell: (release) =>
              release.takenBackAt !== null ? (
                <StatusBadge look="plain">{`Taken back by ${release.takenBackBy ?? 'somebody'}`}</StatusBadge>
              ) : may('customers.release') ? (
                <Button size="compact-sm" variant="default" onClick={() => setAsked(release)}>
                  Take back
                </Button>
              ) : (
                'Released'
              ),
          },
        ]}
        empty={<EmptyState title="Nothing was released yet" next="Each release is listed here." />}
      />
      <ConfirmDialog
        opened={asked !== null}
        close={() => setAsked(null)}
        title="Take this release back?"
        action="Take back"
        isBusy={takeBack.isPending}
        error={takeBack.error}
        confirm={() =>
          asked &&
          takeBack.mutate(asked.releaseId, {
            onSuccess: ({ takenBack, exportedSince, plansStopped }) => {
              setAsked(null)
              notifications.show({
                message: [
                  `${numberText(takenBack)} taken back`,
                  ...(exportedSince > 0
                    ? [`${numberText(exportedSince)} stay released: an export has carried them`]
                    : []),
                  ...(plansStopped > 0 ? ['the planned releases are stopped'] : []),
                ].join('; '),
              })
            },
          })
        }
      >
        <Text>
          Its {numberText(asked?.customers ?? 0)} customers are not released for marketing then. Whom an
          export has carried since stays released. Releases of so many a day are stopped: they would release
          them again.
        </Text>
      </ConfirmDialog>
    </Section>
  )
}
