/** A field of the history in words, and what stood in it. */

import { Text } from '@mantine/core'
import { plainHistoryFields } from '../../contract/api/guest-data.ts'
import { useWinery } from '../winery.tsx'
import { When } from './when.tsx'

type Change = { field: string; before: string | null; after: string | null }

/** Moments stand in the history as PostgreSQL writes them. */
export function ChangedValue({ change, value }: { change: Change; value: string | null }) {
  const { timeZone } = useWinery()
  if (value === null) {
    const isHidden =
      change.before === null && change.after === null && !plainHistoryFields.includes(change.field)
    return (
      <Text span size="sm" c="dimmed">
        {isHidden ? 'not shown' : '—'}
      </Text>
    )
  }
  const moment = /_at$|_since$/.test(change.field) ? new Date(value) : null
  return (
    <Text span size="sm" style={{ whiteSpace: 'pre-line', overflowWrap: 'anywhere' }}>
      {moment !== null && !Number.isNaN(moment.getTime()) ? <When at={moment} zone={timeZone} /> : value}
    </Text>
  )
}

export function fieldText(field: string): string {
  const words = field.replace(/_id$/, '').replaceAll('_', ' ')
  return names[field] ?? words.charAt(0).toUpperCase() + words.slice(1)
}

const names: Record<string, string> = {
  released_at: 'Released for marketing',
  release_due_at: 'Release due',
  email_consent: 'Consent',
  email: 'E-mail address',
  starts_at: 'Start',
  local_start: 'Local start',
  tock_state: 'State in Tock',
  missing_since: 'No longer in Tock since',
  experience_id: 'Experience',
  seating_area_id: 'Seating area',
  customer_id: 'Customer',
}
