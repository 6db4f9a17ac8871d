/** A person's decision on one exception, or on all of one cause; what can be decided depends on the cause. */

import { Radio, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { z } from 'zod'
import { type decisionSchema, exceptionSchema, resolvedSchema } from '../../contract/api/exception.ts'
import { pageOf } from '../../contract/api/paging.ts'
import type { ExceptionCode } from '../../contract/vocabulary.ts'
import { ask, at } from '../ask.ts'
import { exceptionWords } from '../pulls/pull-words.ts'
import { numberText } from '../shared/figure.tsx'
import { ReasonDialog } from '../shared/reason-dialog.tsx'
import { useWinery } from '../winery.tsx'
import { choicesOf } from './decision-words.ts'
import type { Exception } from './exceptions-page.tsx'

type Decision = z.input<typeof decisionSchema>

export type ExceptionsToDecide = {
  code: ExceptionCode
  /** null: all open ones of the cause. */
  exception: Exception | null
  count: number
  brand: string | undefined
}

export function DecideDialog(props: {
  of: ExceptionsToDecide
  close: () => void
  done: (text: string) => void
}) {
  const { code, exception, count, brand } = props.of
  const { winery } = useWinery()
  // Which customer it is can only be said of one.
  const offered = choicesOf(code).filter(({ kind }) => exception !== null || kind !== 'customer')
  const [kind, setKind] = useState<Decision['kind']>(offered[0]?.kind ?? 'close')
  const [customerId, setCustomerId] = useState('')
  const path = at`/wineries/${winery}/exceptions`
  const decide = (exceptionId: string, why: string) => {
    const decision: Decision =
      kind === 'customer' ? { kind, customerId: customerId.trim() } : ({ kind } as Decision)
    return ask('POST', `${path}${at`/${exceptionId}`}/resolve`, resolvedSchema, { body: { decision, why } })
  }
  const decideAll = async (why: string): Promise<string> => {
    let done = 0
    for (;;) {
      // Those that are decided leave the list.
      const { items } = await ask('GET', path, pageOf(exceptionSchema), {
        query: { code, brand, limit: 100 },
      })
      if (items.length === 0) return `${numberText(done)} decided.`
      for (const one of items) {
        await decide(one.exceptionId, why)
        done += 1
      }
    }
  }
  return (
    <ReasonDialog
      opened
      close={props.close}
      title={exception ? exceptionWords[code].what : `${exceptionWords[code].what}: all ${numberText(count)}`}
      action={exception ? 'Decide' : `Decide all ${numberText(count)}`}
      submit={async (why) => (exception ? (await decide(exception.exceptionId, why)).done : decideAll(why))}
      done={props.done}
    >
      <Text size="sm">{exception ? exception.message : exceptionWords[code].means}</Text>
      <Radio.Group
        label="What you decide"
        value={kind}
        onChange={(value) => setKind(value as Decision['kind'])}
      >
        <Stack gap="xs" mt="xs">
          {offered.map((choice) => (
            <Radio
              key={choice.kind}
              value={choice.kind}
              label={choice.label}
              description={choice.description}
            />
          ))}
        </Stack>
      </Radio.Group>
      {kind === 'customer' && (
        <TextInput
          label="Number of the customer"
          description="As it stands in the message above, or on the customer's card."
          value={customerId}
          onChange={({ currentTarget: { value } }) => setCustomerId(value)}
          inputMode="numeric"
        />
      )}
    </ReasonDialog>
  )
}
