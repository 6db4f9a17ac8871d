/** When the winery leaves: everything of it as one file, then its end. */

import { Alert, Button, List, Text } from '@mantine/core'
import { DownloadIcon, ExclamationTriangleIcon } from '@radix-ui/react-icons'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { z } from 'zod'
import { ask, at, send, troubleFrom } from '../ask.ts'
import { useWriting } from '../reading.ts'
import { ConfirmDialog } from '../shared/confirm-dialog.tsx'
import { GuestPrivacy } from '../shared/guest-privacy.tsx'
import { Page } from '../shared/page.tsx'
import { saveFile } from '../shared/save-file.ts'
import { Section } from '../shared/section.tsx'
import { TroubleNotice } from '../shared/trouble-notice.tsx'
import { useWinery } from '../winery.tsx'

export function LeavingPage() {
  const { winery, name, may } = useWinery()
  const [isAsked, setAsked] = useState(false)
  const navigate = useNavigate()
  const client = useQueryClient()
  const exporting = useWriting(async () => {
    const answer = await send('GET', `/api/v1${at`/wineries/${winery}/export`}`)
    saveFile(`${winery}.zip`, await answer.blob())
  })
  const leave = useWriting(async () => {
    await ask('POST', at`/wineries/${winery}/delete`, z.object({ winery: z.string() }), {
      body: { confirm: winery },
    })
    // Nothing of it is asked for again.
    client.clear()
    await navigate({ to: '/' })
  })
  const isMasked = exporting.error !== null && troubleFrom(exporting.error).code === 'not_allowed'
  return (
    <Page
      title="Leaving"
      intro="What is the winery's goes with it: everything that is kept, in one file. Then Support deletes it here, for good."
    >
      {(may('guests.ask') || isMasked) && <GuestPrivacy />}
      <Section
        title="1. Take everything along"
        intro="A ZIP file of CSV files: customers, reservations, history, mapping, settings, audit. All guests are in it in full; no secrets."
        actions={
          <Button
            leftSection={<DownloadIcon />}
            loading={exporting.isPending}
            onClick={() => exporting.mutate(undefined)}
          >
            Save everything
          </Button>
        }
      >
        <TroubleNotice error={exporting.error} />
        <Text size="sm">Saving is recorded in the audit. It can take a few minutes.</Text>
      </Section>
      <Section title="2. Delete the winery">
        <List size="sm">
          <List.Item>Customers, reservations, mapping, settings, keys, users and audit go.</List.Item>
          <List.Item>eCELLAR itself and Tock are not touched.</List.Item>
          <List.Item>It cannot be undone. Back-ups keep it until they are over.</List.Item>
        </List>
        {may('wineries.leave') ? (
          <div>
            <Button variant="outline" color="red" onClick={() => setAsked(true)}>
              Delete the winery
            </Button>
          </div>
        ) : (
          <Alert color="gray" icon={<ExclamationTriangleIcon />}>
            Support deletes the winery when you ask for it: the address is at the end of this page.
          </Alert>
        )}
      </Section>
      <ConfirmDialog
        opened={isAsked}
        close={() => setAsked(false)}
        title={`Delete ${name} for good?`}
        action="Delete for good"
        isDangerous
        word={winery}
        isBusy={leave.isPending}
        error={leave.error}
        confirm={() => leave.mutate(undefined)}
      >
        <Text>Everything that is kept of it, at once. Save everything first.</Text>
      </ConfirmDialog>
    </Page>
  )
}
