/** Step 5: what the initial pull would do, without doing it. */

import { Button, Group, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { askedPull } from '../../contract/api/pull.ts'
import { ask, at } from '../ask.ts'
import { CustomersOutOfDate } from '../initial-pull/customers-out-of-date.tsx'
import { useWriting } from '../reading.ts'
import { PullProgressPanel } from '../shared/pull-progress.tsx'
import { TroubleNotice } from '../shared/trouble-notice.tsx'
import { useWinery } from '../winery.tsx'
import { PreviewInWords } from './preview-in-words.tsx'
import type { SetUpFacts } from './set-up-state.ts'

export function PreviewStep({ facts: { brand, preview, nightly } }: { facts: SetUpFacts }) {
  const { winery, may } = useWinery()
  const [requestId, setRequest] = useState<string | null>(null)
  const start = useWriting(() =>
    ask('POST', at`/wineries/${winery}/brands/${brand.brand}/previews`, askedPull),
  )
  return (
    <Stack gap="md">
      {preview?.status === 'previewed' ? (
        <PreviewInWords preview={preview} />
      ) : (
        <Text>
          A preview reads everything Tock has and says what the initial pull would do. Nothing is changed.
        </Text>
      )}
      {!nightly.hadInitialPull && <CustomersOutOfDate />}
      <TroubleNotice error={start.error} />
      {requestId !== null && (
        <PullProgressPanel winery={winery} requestId={requestId} what="The preview" key={requestId} />
      )}
      {may('pulls.preview') && !nightly.hadInitialPull && (
        <Group>
          <Button
            variant={preview ? 'default' : 'filled'}
            loading={start.isPending}
            onClick={() => start.mutate(undefined, { onSuccess: (asked) => setRequest(asked.requestId) })}
          >
            {preview ? 'Run the preview anew' : 'Run a preview'}
          </Button>
        </Group>
      )}
    </Stack>
  )
}
