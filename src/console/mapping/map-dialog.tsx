/** Maps one or many at once: which name, made here where it is missing, and how many reservations it touches. */

import { Alert, Autocomplete, Button, Checkbox, Group, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { listEntrySchema } from '../../contract/api/settings.ts'
import { at } from '../ask.ts'
import { readingAll, useWriting } from '../reading.ts'
import { Dialog } from '../shared/dialog.tsx'
import { numberText } from '../shared/figure.tsx'
import { TroubleNotice } from '../shared/trouble-notice.tsx'
import { useWinery } from '../winery.tsx'
import { type Effect, forEach, keyOf, type Mappable, type MappingKind } from './mappable.ts'

export type Mapped = { rows: Mappable[]; name: string; effect: Effect }

export function MapDialog(props: {
  kind: MappingKind
  rows: Mappable[]
  close: () => void
  done: (mapped: Mapped) => void
}) {
  const { kind, rows, close } = props
  const { winery } = useWinery()
  const entries = useQuery(readingAll(at`/wineries/${winery}/lists/${kind.list}`, listEntrySchema)).data
    ?.items
  const [text, setText] = useState(rows.length === 1 ? (rows[0]?.own ?? '') : '')
  const [mayCreate, setMayCreate] = useState(false)
  const [givenNotAVisit, setNotAVisit] = useState<boolean | null>(null)
  const name = text.trim()
  const entry = entries?.find((one) => one.name.toLowerCase() === name.toLowerCase())
  const isNew = entries !== undefined && name !== '' && !entry
  const isReady = name !== '' && entries !== undefined && (!isNew || mayCreate)
  const notAVisit = givenNotAVisit ?? entry?.notAVisit ?? false
  const given = {
    name: entry?.name ?? name,
    create: isNew,
    ...(kind.list === 'reservation-types' ? { notAVisit } : {}),
  }
  const effect = useQuery({
    queryKey: ['effect', kind.list, rows.map(keyOf), given],
    queryFn: () => forEach(rows, (row) => kind.map(row, { ...given, dryRun: true })),
    enabled: isReady,
  })
  const writing = useWriting(() => forEach(rows, (row) => kind.map(row, { ...given, dryRun: false })))
  const map = () =>
    writing.mutate(undefined, {
      onSuccess: (applied) => {
        props.done({ rows, name: given.name, effect: applied })
        close()
      },
    })
  const suggestions = [...new Set(rows.flatMap((row) => row.suggestions))].slice(0, 4)
  const what = rows.length === 1 ? (rows[0]?.name ?? '') : `${numberText(rows.length)} ${kind.many}`
  return (
    <Dialog close={close} title={`Map ${what}`}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          if (isReady) map()
        }}
      >
        <Stack gap="md">
          {rows.length > 1 && (
            <Text size="sm" c="dimmed">
              {rows.map((row) => row.name).join(', ')}
            </Text>
          )}
          {suggestions.length > 0 && (
            <Group gap="xs" role="group" aria-label="Similar names">
              <Text size="sm">Similar:</Text>
              {suggestions.map((suggestion) => (
                <Button
                  key={suggestion}
                  size="compact-sm"
                  variant="default"
                  onClick={() => {
                    setText(suggestion)
                    setNotAVisit(null)
                  }}
                >
                  {suggestion}
                </Button>
              ))}
            </Group>
          )}
          <Autocomplete
            label={`${capital(kind.target)} in eCELLAR`}
            description="Choose one of the list, or write a new one."
            data={[...new Set(entries?.map((one) => one.name) ?? [])]}
            value={text}
            onChange={(value) => {
              setText(value)
              setMayCreate(false)
              setNotAVisit(null)
            }}
            maxLength={200}
            openOnFocus={false}
            data-autofocus
          />
          {isNew && (
            <Checkbox
              label={`Create the ${kind.target} “${name}”`}
              description="It is not in eCELLAR's list yet."
              checked={mayCreate}
              onChange={({ currentTarget: { checked } }) => setMayCreate(checked)}
            />
          )}
          {kind.list === 'reservation-types' && name !== '' && (
            <Checkbox
              label="Its reservations are not visits"
              description={`For a virtual tasting, staff, a deposit. Holds for every experience of this ${kind.target}.`}
              checked={notAVisit}
              onChange={({ currentTarget: { checked } }) => setNotAVisit(checked)}
            />
          )}
          {isReady && effect.data && (
            <Alert color="blue" role="status" title={effectTitle(effect.data)}>
              {effectText(effect.data, given.name, kind.target)}
            </Alert>
          )}
          <TroubleNotice error={writing.error ?? effect.error} />
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={writing.isPending} disabled={!isReady}>
              Map
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}

export function effectTitle({ reservations }: Effect): string {
  return `This touches ${numberText(reservations)} ${reservations === 1 ? 'reservation' : 'reservations'}`
}

export function effectText({ reservations, pastReservations }: Effect, name: string, target: string): string {
  if (reservations === 0) return `Reservations to come get the ${target} ${name}.`
  return `${numberText(pastReservations)} past and ${numberText(reservations - pastReservations)} upcoming; they get the ${target} ${name}, and so do all that follow.`
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
