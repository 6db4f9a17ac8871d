/** Takes a mapping off again, after saying how many reservations that touches. */

import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useWriting } from '../reading.ts'
import { ConfirmDialog } from '../shared/confirm-dialog.tsx'
import { numberText } from '../shared/figure.tsx'
import { type Effect, keyOf, type Mappable, type MappingKind } from './mappable.ts'

export function UnmapDialog(props: {
  kind: MappingKind
  row: Mappable
  close: () => void
  done: (row: Mappable, effect: Effect) => void
}) {
  const { kind, row, close } = props
  const effect = useQuery({
    queryKey: ['effect', kind.list, keyOf(row), 'unmap'],
    queryFn: () => kind.unmap(row, { dryRun: true }),
  })
  const writing = useWriting(() => kind.unmap(row, { dryRun: false }))
  const count = effect.data?.reservations
  return (
    <ConfirmDialog
      opened
      close={close}
      title={`Take the ${kind.target} off ${row.name}?`}
      action="Take it off"
      isBusy={writing.isPending}
      error={writing.error ?? effect.error}
      confirm={() =>
        writing.mutate(undefined, {
          onSuccess: (applied) => {
            props.done(row, applied)
            close()
          },
        })
      }
    >
      <Text>
        {count === undefined ? 'Its' : `${numberText(count)}`} reservations lose the {kind.target} {row.own}
        {kind.list === 'locations' && row.id !== null ? ', and get the default where there is one' : ''}. The
        reservations themselves stay, and you can map it again at any time.
      </Text>
    </ConfirmDialog>
  )
}
