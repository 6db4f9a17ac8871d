/** One decision on a doubtful match: what it would do, asked before it is taken; then why. */

import { Loader, Radio, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { z } from 'zod'
import { type decisionSchema, resolvedSchema } from '../../contract/api/exception.ts'
import type { DecisionKind } from '../../contract/exception-decisions.ts'
import type { ExceptionCode } from '../../contract/vocabulary.ts'
import { ask, at, type Trouble } from '../ask.ts'
import { customerName } from '../customers/customer-words.tsx'
import { ReasonDialog } from '../shared/reason-dialog.tsx'
import { TroubleNotice } from '../shared/trouble-notice.tsx'
import { useWinery } from '../winery.tsx'
import { choicesOf } from './decision-words.ts'
import type { Match } from './doubtful-matches-page.tsx'

export function DecideMatchDialog(props: {
  match: { exceptionId: string; code: ExceptionCode; message: string; sides?: Match['sides'] }
  kind: DecisionKind
  close: () => void
  done: (text: string) => void
}) {
  const { match, kind } = props
  const { winery } = useWinery()
  const customers = (match.sides ?? []).filter(
    ({ is, customerId }) => is === 'customer' && customerId !== null,
  )
  const [customerId, setCustomerId] = useState(customers.at(-1)?.customerId ?? '')
  const decision: z.input<typeof decisionSchema> = kind === 'customer' ? { kind, customerId } : { kind }
  const path = at`/wineries/${winery}/exceptions/${match.exceptionId}/resolve`
  const ahead = useQuery<z.output<typeof resolvedSchema>, Trouble>({
    // Not with the lists: a decision taken makes this question wrong.
    queryKey: ['what a decision would do', path, decision],
    queryFn: ({ signal }) => ask('POST', path, resolvedSchema, { body: { decision, dryRun: true }, signal }),
    staleTime: 0,
    gcTime: 0,
    retry: false,
    refetchOnWindowFocus: false,
  })
  const choice = choicesOf(match.code).find((one) => one.kind === kind)
  return (
    <ReasonDialog
      opened
      close={props.close}
      title={choice?.label ?? 'Decide'}
      action="Decide"
      submit={async (why) => (await ask('POST', path, resolvedSchema, { body: { decision, why } })).done}
      done={props.done}
    >
      <Text size="sm">{match.message}</Text>
      {kind === 'customer' && (
        <Radio.Group label="Which customer it is" value={customerId} onChange={setCustomerId}>
          <Stack gap="xs" mt="xs">
            {customers.map((side) => (
              <Radio
                key={side.customerId}
                value={side.customerId ?? ''}
                label={`Customer ${side.customerId}: ${customerName(side)}`}
                description={side.email}
              />
            ))}
          </Stack>
        </Radio.Group>
      )}
      <div role="status">
        <Text size="sm" fw={600}>
          What it does
        </Text>
        {ahead.isPending ? (
          <Loader size="xs" aria-label="Working out what it does" />
        ) : (
          <Text size="sm">{ahead.data?.done}</Text>
        )}
      </div>
      <TroubleNotice error={ahead.error} />
    </ReasonDialog>
  )
}
