/** A pull that waits: why, what it would do against what there is, and the decision. */

import { Alert, Button, Group, Stack, Table, Text } from '@mantine/core'
import { useState } from 'react'
import type { z } from 'zod'
import { pullSchema } from '../../contract/api/pull.ts'
import type { PullDetails } from '../../contract/pull-details.ts'
import { ask, at } from '../ask.ts'
import { useWriting } from '../reading.ts'
import { ConfirmDialog } from '../shared/confirm-dialog.tsx'
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
      {guard && (
        <Table.ScrollContainer minWidth={420} type="native">
          <Table aria-label="Comparison">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>What</Table.Th>
                <Table.Th ta="right">Stored now</Table.Th>
                <Table.Th ta="right">This pull would change</Table.Th>
                <Table.Th ta="right">Share</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              <Compared
                what="Upcoming reservations, cancelled or no longer in Tock"
                stored={guard.upcoming.stored}
                changed={guard.upcoming.lost}
              />
              <Compared
                what="Past reservations, cancelled or no longer in Tock"
                stored={guard.past.stored}
                changed={guard.past.lost}
              />
              <Compared
                what="Customers, newly created"
                stored={guard.customersBefore}
                changed={guard.created}
              />
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
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

function Compared({ what, stored, changed }: { what: string; stored: number; changed: number }) {
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={500}>
        {what}
      </Table.Th>
      <Table.Td ta="right">{numberText(stored)}</Table.Td>
      <Table.Td ta="right">{numberText(changed)}</Table.Td>
      <Table.Td ta="right">{stored === 0 ? '—' : `${Math.round((100 * changed) / stored)} %`}</Table.Td>
    </Table.Tr>
  )
}
