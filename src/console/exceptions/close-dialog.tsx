/** Closes one exception, or all of one cause, as they are. Doubtful matches have more to decide: `decide-match-dialog.tsx`. */

import { Text } from '@mantine/core'
import { exceptionSchema, resolvedSchema } from '../../contract/api/exception.ts'
import { pageOf } from '../../contract/api/paging.ts'
import type { ExceptionCode } from '../../contract/vocabulary.ts'
import { ask, at } from '../ask.ts'
import { exceptionWords } from '../pulls/pull-words.ts'
import { numberText } from '../shared/figure.tsx'
import { ReasonDialog } from '../shared/reason-dialog.tsx'
import { useWinery } from '../winery.tsx'
import type { Exception } from './exceptions-page.tsx'

export type ExceptionsToClose = {
  code: ExceptionCode
  /** null: all open ones of the cause. */
  exception: Exception | null
  count: number
  brand: string | undefined
}

export function CloseDialog(props: {
  of: ExceptionsToClose
  close: () => void
  done: (text: string) => void
}) {
  const { code, exception, count, brand } = props.of
  const { winery } = useWinery()
  const path = at`/wineries/${winery}/exceptions`
  const closeOne = (exceptionId: string, why: string) =>
    ask('POST', `${path}${at`/${exceptionId}`}/resolve`, resolvedSchema, {
      body: { decision: { kind: 'close' }, why },
    })
  const closeAll = async (why: string): Promise<string> => {
    let done = 0
    for (;;) {
      // Those that are closed leave the list.
      const { items } = await ask('GET', path, pageOf(exceptionSchema), {
        query: { code, brand, limit: 100 },
      })
      if (items.length === 0) return `${numberText(done)} closed.`
      for (const one of items) {
        await closeOne(one.exceptionId, why)
        done += 1
      }
    }
  }
  return (
    <ReasonDialog
      opened
      close={props.close}
      title={exception ? exceptionWords[code].what : `${exceptionWords[code].what}: all ${numberText(count)}`}
      action={exception ? 'Close it' : `Close all ${numberText(count)}`}
      submit={async (why) => (exception ? (await closeOne(exception.exceptionId, why)).done : closeAll(why))}
      done={props.done}
    >
      <Text size="sm">{exception ? exception.message : exceptionWords[code].means}</Text>
      <Text size="sm">It stays as it is, and is not listed again.</Text>
    </ReasonDialog>
  )
}
