/** For whoever sees guests shortened: that it is so, and (for Support) the way to see them in full. */

import { Alert, Button, Group, Text } from '@mantine/core'
import { EyeNoneIcon, EyeOpenIcon } from '@radix-ui/react-icons'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { guestAccessSchema } from '../../contract/api/operation.ts'
import { ask, at } from '../ask.ts'
import { reading } from '../reading.ts'
import { useWinery } from '../winery.tsx'
import { When } from './when.tsx'

/** Support's alone: nobody else has to load forms for it. */
const ReasonDialog = lazy(() =>
  import('./reason-dialog.tsx').then(({ ReasonDialog }) => ({ default: ReasonDialog })),
)

export function GuestPrivacy() {
  const { may, me } = useWinery()
  if (may('guests.ask')) return <SupportsAccess />
  if (may('guests.in-full')) return null
  return (
    <Text size="sm" c="dimmed">
      Names and addresses are shortened, and notes left out, for the role {me.role}.
    </Text>
  )
}

/** Whether guests are seen in full now: by role, or by Support, for a while, after it gave a reason. */
export function useSeesGuests(): boolean {
  const { may } = useWinery()
  const until = useGuestAccess(may('guests.ask'))
  return may('guests.in-full') || (until !== undefined && until !== null)
}

/** @returns until when Support sees them; null: not now; undefined: not known yet */
function useGuestAccess(mayAsk: boolean): Date | null | undefined {
  const { winery } = useWinery()
  const access = useQuery({ ...reading(pathOf(winery), guestAccessSchema), enabled: mayAsk })
  return access.data?.until
}

const pathOf = (winery: string) => at`/wineries/${winery}/guest-access`

function SupportsAccess() {
  const { winery } = useWinery()
  const [isAsking, setAsking] = useState(false)
  const path = pathOf(winery)
  const until = useGuestAccess(true)
  if (until === undefined) return null
  if (until !== null) {
    return (
      <Alert color="blue" icon={<EyeOpenIcon />} role="status">
        You see guests in full until <When at={until} />. It is recorded.
      </Alert>
    )
  }
  return (
    <Alert color="gray" icon={<EyeNoneIcon />} title="Guests are shortened">
      <Group justify="space-between" gap="sm">
        <Text size="sm">Names, addresses and notes are the winery's own.</Text>
        <Button size="xs" variant="default" onClick={() => setAsking(true)}>
          See guests in full
        </Button>
      </Group>
      {isAsking && (
        <Suspense>
          <ReasonDialog
            opened={isAsking}
            close={() => setAsking(false)}
            title="See guests in full for an hour"
            action="See guests"
            atLeast={10}
            submit={(reason) => ask('POST', path, guestAccessSchema, { body: { reason } })}
          />
        </Suspense>
      )}
    </Alert>
  )
}
