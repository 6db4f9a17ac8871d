/** The status of a reservation, and whether Tock still shows it. */

import { Group } from '@mantine/core'
import type { ReservationStatus as Status } from '../../contract/vocabulary.ts'
import { type Look, StatusBadge } from './status-badge.tsx'

const looks: Record<Status, Look> = {
  Booked: 'news',
  Confirmed: 'news',
  Arrived: 'good',
  Seated: 'good',
  Completed: 'good',
  Cancelled: 'bad',
  Transferred: 'plain',
  'No Show': 'careful',
  Other: 'plain',
}

export function ReservationStatus({ status, missingSince }: { status: Status; missingSince: Date | null }) {
  return (
    <Group gap={6} component="span" display="inline-flex">
      <StatusBadge look={looks[status]}>{status}</StatusBadge>
      {missingSince !== null && <StatusBadge look="careful">No longer in Tock</StatusBadge>}
    </Group>
  )
}
