/** Whether a pull was taken back, by whom and why; and, where it can be, the form for it, loaded after the rest. */

import { Alert, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import type { z } from 'zod'
import { pageOf } from '../../contract/api/paging.ts'
import type { pullSchema } from '../../contract/api/pull.ts'
import { pastUndoSchema } from '../../contract/api/undo.ts'
import { at } from '../ask.ts'
import { reading } from '../reading.ts'
import { numberText } from '../shared/figure.tsx'
import { Loading } from '../shared/loading.tsx'
import { When } from '../shared/when.tsx'
import { useWinery } from '../winery.tsx'

const UndoForm = lazy(() => import('./undo-form.tsx').then(({ UndoForm }) => ({ default: UndoForm })))

export function UndoPull({ pull }: { pull: z.output<typeof pullSchema> }) {
  const { winery, timeZone, may, me } = useWinery()
  const past = useQuery({
    ...reading(at`/wineries/${winery}/undone-pulls`, pageOf(pastUndoSchema), { pull: pull.pullId }),
    enabled: me.brands === null,
  }).data?.items
  if (me.brands !== null || !past) return null
  const mayUndo =
    may('pulls.undo') &&
    pull.status === 'applied' &&
    (pull.kind === 'initial' || pull.customers.created > 0) &&
    !past.some(({ what }) => what === 'initial pull')
  return (
    <>
      {past.map((undo) => (
        <Alert
          key={undo.undoId}
          color="gray"
          title={
            undo.what === 'initial pull'
              ? 'This pull was taken back'
              : 'The customers of this pull were taken back'
          }
        >
          <Text size="sm">
            {undo.undoneBy}, <When at={undo.undoneAt} zone={timeZone} />: {undo.why}.{' '}
            {numberText(undo.reservations)} reservations and {numberText(undo.customers)} customers went,{' '}
            {numberText(undo.kept)} customers stayed.
          </Text>
        </Alert>
      ))}
      {mayUndo && (
        <Suspense fallback={<Loading />}>
          <UndoForm pull={pull} />
        </Suspense>
      )}
    </>
  )
}
