/** A pull that waits: why, what it would do against what there is, and the decision. */

import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import type { z } from 'zod'
import { pullSchema } from '../../contract/api/pull.ts'
import type { PullDetails } from '../../contract/pull-details.ts'
import { ask, at } from '../ask.ts'
import { useWriting } from '../reading.ts'
import { ConfirmDialog } from '../shared/confirm-dialog.tsx'
import { DataTable } from '../shared/data-table.tsx'
import { numberText } from '../shared/figure.tsx'
import { Section } from '../shared/section.tsx'
import { useWinery } from '../winery.tsx'

export function WaitingPull(props: { pull: z.output<typeof pullSchema>; guard: PullDetails['guard'] }) {
  const { pull, guard } = props
  const { winery, may } = useWinery()
  const [asked, setAsked] = useState<'approve' | 'reject' | null>(null)
  const deciding = useWriting((decision: 'approve' | 'reject') =>
    ask('POST', `${at`/wineries/${winery}/pulls/${pull.pullId}`}/${decision}`, pullSchema),
  )
  const close = () => {
    setAsked(null)
    deciding.reset()
  }
  return (
    <Section
      title="It waits for a person"
      intro="Nothing was changed yet. It would do more than a pull may do by itself."
    >
      <Alert color="orange" title="Why it waits">
        {pull.waitingFor}
      </Alert>
      {guard && <Comparison guard={guard} />}
      <Text size="sm">
        Look into Tock: were so many really cancelled, or did somebody change something at large (another
        business, a cleared calendar)? When it is right, approve it. When it is not, reject it; the next pull
        tries again.
      </Text>
      {may('pulls.decide') ? (
        <Group gap="sm">
          <Button onClick={() => setAsked('approve')}>Approve</Button>
          <Button variant="default" onClick={() => setAsked('reject')}>
            Reject
          </Button>
        </Group>
      ) : (
        <Text size="sm" c="dimmed">
          A winery admin or eCELLAR Support decides.
        </Text>
      )}
      <ConfirmDialog
        opened={asked !== null}
        close={close}
        title={asked === 'reject' ? 'Reject this pull?' : 'Approve this pull?'}
        action={asked === 'reject' ? 'Reject' : 'Approve'}
        isBusy={deciding.isPending}
        error={deciding.error}
        confirm={() => asked && deciding.mutate(asked, { onSuccess: close })}
      >
        {asked === 'reject' ? (
          <Text>What it read is thrown away. Nothing changes.</Text>
        ) : (
          <Stack gap="xs">
            <Text>
              This very snapshot is matched against today's data and applied:{' '}
              {numberText(pull.reservations.added)} reservations added,{' '}
              {numberText(pull.reservations.changed)} changed, {numberText(pull.reservations.missing)} marked
              as no longer in Tock, {numberText(pull.customers.created)} customers created. These are the
              figures of when it was read.
            </Text>
          </Stack>
        )}
      </ConfirmDialog>
    </Section>
  )
}

function Comparison({ guard }: { guard: NonNullable<PullDetails['guard']> }) {
  const { upcoming, past, created, customersBefore } = guard
  const items = [
    {
      what: 'Upcoming reservations, cancelled or no longer in Tock',
      stored: upcoming.stored,
      changed: upcoming.lost,
    },
    { what: 'Past reservations, cancelled or no longer in Tock', stored: past.stored, changed: past.lost },
    { what: 'Customers, newly created', stored: customersBefore, changed: created },
  ]
  return (
    <DataTable
      name="Comparison"
      isWhole
      list={{ data: { items, nextCursor: null }, error: null, isPending: false, refetch: () => {} }}
      rowKey={({ what }) => what}
      columns={[
        { id: 'what', header: 'What', isTitle: true, cell: ({ what }) => what },
        { id: 'stored', header: 'Stored now', align: 'right', cell: ({ stored }) => numberText(stored) },
        {
          id: 'changed',
          header: 'This pull would change',
          align: 'right',
          cell: ({ changed }) => numberText(changed),
        },
        {
          id: 'share',
          header: 'Share',
          align: 'right',
          cell: ({ stored, changed }) => (stored === 0 ? '—' : `${Math.round((100 * changed) / stored)} %`),
        },
      ]}
      empty={null}
    />
  )
}
