/** Step 6: a winery admin confirms the preview's numbers; then Support runs the initial pull. */

import { Button, Checkbox, Group, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { askedPull, confirmationSchema } from '../../contract/api/pull.ts'
import { ask, at } from '../ask.ts'
import { CustomersOutOfDate } from '../initial-pull/customers-out-of-date.tsx'
import { useWriting } from '../reading.ts'
import { PullProgressPanel } from '../shared/pull-progress.tsx'
import { TroubleNotice } from '../shared/trouble-notice.tsx'
import { When } from '../shared/when.tsx'
import { useWinery } from '../winery.tsx'
import { PreviewInWords } from './preview-in-words.tsx'
import type { SetUpFacts } from './set-up-state.ts'

const voidWords = {
  'newer preview':
    'A later preview has other numbers than the ones that were confirmed. Look at them, and confirm anew.',
  'settings changed': 'What new customers would get was changed since. Run the preview anew, and confirm it.',
  'another business': 'The brand is another Tock business since. Run the preview anew, and confirm it.',
}

export function InitialPullStep({ facts }: { facts: SetUpFacts }) {
  const { timeZone } = useWinery()
  const { nightly, confirmation, preview } = facts
  if (nightly.hadInitialPull) return <Text>The initial pull is done.</Text>
  const isConfirmed = confirmation !== null && confirmation.voidBecause === null
  return (
    <Stack gap="md">
      {confirmation?.voidBecause && <Text>{voidWords[confirmation.voidBecause]}</Text>}
      {preview?.status === 'previewed' && !isConfirmed && <Confirm facts={facts} pullId={preview.pullId} />}
      {isConfirmed && (
        <>
          <Text>
            {confirmation.confirmedBy} confirmed the numbers,{' '}
            <When at={confirmation.confirmedAt} zone={timeZone} />.
          </Text>
          <CustomersOutOfDate />
          <RunIt facts={facts} />
        </>
      )}
    </Stack>
  )
}

function Confirm({ facts, pullId }: { facts: SetUpFacts; pullId: string }) {
  const { winery, may } = useWinery()
  const [hasSeen, setSeen] = useState(false)
  const confirm = useWriting(() =>
    ask('POST', at`/wineries/${winery}/pulls/${pullId}/confirm`, confirmationSchema),
  )
  return (
    <>
      {facts.preview && <PreviewInWords preview={facts.preview} />}
      <CustomersOutOfDate />
      {may('pulls.confirm') ? (
        <>
          <Checkbox
            label="I have seen these numbers, and looked through our campaigns for New customers"
            checked={hasSeen}
            onChange={({ currentTarget: { checked } }) => setSeen(checked)}
          />
          <TroubleNotice error={confirm.error} />
          <Group>
            <Button disabled={!hasSeen} loading={confirm.isPending} onClick={() => confirm.mutate(undefined)}>
              Confirm the numbers
            </Button>
          </Group>
        </>
      ) : (
        <Text>A winery admin looks at these numbers on this page, and confirms them.</Text>
      )}
    </>
  )
}

function RunIt({ facts: { brand } }: { facts: SetUpFacts }) {
  const { winery, may } = useWinery()
  const [requestId, setRequest] = useState<string | null>(null)
  const start = useWriting(() =>
    ask('POST', at`/wineries/${winery}/brands/${brand.brand}/initial-pulls`, askedPull),
  )
  if (!may('pulls.initial')) return <Text>eCELLAR Support runs the initial pull now.</Text>
  return (
    <>
      <TroubleNotice error={start.error} />
      {requestId !== null && (
        <PullProgressPanel winery={winery} requestId={requestId} what="The initial pull" key={requestId} />
      )}
      <Group>
        <Button
          loading={start.isPending}
          onClick={() => start.mutate(undefined, { onSuccess: (asked) => setRequest(asked.requestId) })}
        >
          Run the initial pull
        </Button>
      </Group>
    </>
  )
}
