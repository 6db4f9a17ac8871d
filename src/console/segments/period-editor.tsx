/** When: so many days, weeks, months or years back or ahead, or between two days. */

import { Group, NumberInput, Select, TextInput } from '@mantine/core'
import type { PeriodDraft } from './condition-rule.ts'

const kinds = [
  { value: 'last', label: 'in the last' },
  { value: 'earlier', label: 'longer ago than' },
  { value: 'next', label: 'in the next' },
  { value: 'later', label: 'further ahead than' },
  { value: 'between', label: 'between two days' },
] as const
const units = ['days', 'weeks', 'months', 'years'] as const

/** @param isOfTheFuture when what is asked about can lie ahead */
export function PeriodEditor(props: {
  value: PeriodDraft | undefined
  change: (value: PeriodDraft) => void
  isOfTheFuture: boolean
  autoFocus?: boolean
}) {
  const { change, isOfTheFuture } = props
  const value = props.value ?? {}
  const offered = kinds.filter(
    (one) => isOfTheFuture || value.kind === one.value || !['next', 'later'].includes(one.value),
  )
  return (
    <Group gap="xs" align="flex-end">
      <Select
        aria-label="When"
        placeholder="When"
        data={offered}
        value={value.kind ?? null}
        onChange={(kind) =>
          kind !== null && change({ unit: 'days', ...value, kind: kind as (typeof kinds)[number]['value'] })
        }
        allowDeselect={false}
        w={180}
        autoFocus={props.autoFocus === true}
      />
      {value.kind === 'between' ? (
        <>
          <TextInput
            type="date"
            aria-label="First day"
            value={value.from ?? ''}
            onChange={({ currentTarget }) => change({ ...value, from: currentTarget.value || undefined })}
            w={150}
          />
          <span>to</span>
          <TextInput
            type="date"
            aria-label="Last day"
            value={value.to ?? ''}
            onChange={({ currentTarget }) => change({ ...value, to: currentTarget.value || undefined })}
            w={150}
          />
        </>
      ) : (
        <>
          <NumberInput
            aria-label="How long"
            value={value.n ?? ''}
            onChange={(n) => change({ ...value, n: typeof n === 'number' ? n : undefined })}
            min={0}
            max={3650}
            allowDecimal={false}
            allowNegative={false}
            w={80}
          />
          <Select
            aria-label="Days, weeks, months or years"
            data={units}
            value={value.unit ?? 'days'}
            onChange={(unit) => change({ ...value, unit: (unit ?? 'days') as (typeof units)[number] })}
            allowDeselect={false}
            w={110}
          />
        </>
      )}
    </Group>
  )
}
