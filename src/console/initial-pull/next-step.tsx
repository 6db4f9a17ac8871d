/** Where the initial pull stands, who is next, and the button for it. */

import { Alert, Button, Group, List, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { z } from 'zod'
import { askedPull, confirmationSchema, type pullSchema } from '../../contract/api/pull.ts'
import { ask, at } from '../ask.ts'
import { reading, useWriting } from '../reading.ts'
import { ConfirmDialog } from '../shared/confirm-dialog.tsx'
import { numberText } from '../shared/figure.tsx'
import { Section } from '../shared/section.tsx'
import { TroubleNotice } from '../shared/trouble-notice.tsx'
import { whenText } from '../shared/when.tsx'
import { type Brand, useWinery } from '../winery.tsx'

type Preview = z.output<typeof pullSchema>
const confirmationAnswer = z.object({ confirmation: confirmationSchema.nullable() })

const voidWords = {
  'newer preview': 'a later preview has other figures',
  'settings changed': 'what new customers get was changed',
  'another business': 'the brand is another Tock business by now',
}

export function NextStep(props: {
  brand: Brand
  preview: Preview | null
  follow: (requestId: string) => void
}) {
  const { brand, preview, follow } = props
  const { winery, timeZone, may } = useWinery()
  const [asked, setAsked] = useState<'confirm' | 'run' | null>(null)
  const path = at`/wineries/${winery}/brands/${brand.brand}`
  const { data } = useQuery(reading(`${path}/preview-confirmation`, confirmationAnswer))
  const confirmation = data?.confirmation ?? null
  const holds = confirmation !== null && confirmation.voidBecause === null
  const previewing = useWriting(() => ask('POST', `${path}/previews`, askedPull))
  const confirming = useWriting((pullId: string) =>
    ask('POST', at`/wineries/${winery}/pulls/${pullId}/confirm`, confirmationSchema),
  )
  const running = useWriting(() => ask('POST', `${path}/initial-pulls`, askedPull))
  const close = () => setAsked(null)
  const previewButton = may('pulls.preview') && (
    <Button
      variant={preview ? 'default' : 'filled'}
      loading={previewing.isPending}
      onClick={() => previewing.mutate(undefined, { onSuccess: (request) => follow(request.requestId) })}
    >
      {preview ? 'Run the preview again' : 'Run a preview'}
    </Button>
  )
  const steps = [
    { isDone: preview !== null, text: 'A preview says what the initial pull would do.' },
    {
      isDone: holds,
      text: holds
        ? `${confirmation.confirmedBy} confirmed its numbers on ${whenText(confirmation.confirmedAt, timeZone)}.`
        : 'The winery admin looks at its numbers, and confirms them.',
    },
    { isDone: false, text: 'eCELLAR Support runs the initial pull, with those very numbers.' },
  ]
  const next = steps.findIndex(({ isDone }) => !isDone)
  const who = ['eCELLAR Support or the winery admin', 'the winery admin', 'eCELLAR Support'][next]
  return (
    <Section title="Where it stands" intro={`Next: ${who}.`}>
      <List type="ordered" spacing={4}>
        {steps.map(({ isDone, text }, index) => (
          <List.Item key={text} fw={index === next ? 600 : 400}>
            {text}
            {isDone && ' Done.'}
          </List.Item>
        ))}
      </List>
      {confirmation?.voidBecause && (
        <Alert color="orange" title="The confirmation no longer holds">
          <Text size="sm">
            {confirmation.confirmedBy} confirmed preview {confirmation.pullId}, but{' '}
            {voidWords[confirmation.voidBecause]}. Look at the newest preview and confirm it.
          </Text>
        </Alert>
      )}
      <TroubleNotice error={previewing.error} />
      <Group gap="sm">
        {preview && !holds && may('pulls.confirm') && (
          <Button onClick={() => setAsked('confirm')}>Confirm these numbers</Button>
        )}
        {holds && may('pulls.initial') && (
          <Button onClick={() => setAsked('run')}>Run the initial pull</Button>
        )}
        {previewButton}
      </Group>
      {preview && (
        <ConfirmDialog
          opened={asked === 'confirm'}
          close={close}
          title="Confirm these numbers?"
          action="Confirm"
          isBusy={confirming.isPending}
          error={confirming.error}
          confirm={() => confirming.mutate(preview.pullId, { onSuccess: close })}
        >
          <Numbers preview={preview} />
          <Text size="sm">
            eCELLAR Support may run the initial pull then. It is applied only with these very numbers. The new
            customers are not released for marketing until you do it.
          </Text>
        </ConfirmDialog>
      )}
      {preview && (
        <ConfirmDialog
          opened={asked === 'run'}
          close={close}
          title="Run the initial pull?"
          action="Run it"
          isBusy={running.isPending}
          error={running.error}
          confirm={() =>
            running.mutate(undefined, {
              onSuccess: (request) => {
                close()
                follow(request.requestId)
              },
            })
          }
        >
          <Numbers preview={preview} />
          <Text size="sm">
            It is applied only with the numbers that were confirmed; otherwise nothing changes, and you are
            told.
          </Text>
        </ConfirmDialog>
      )}
    </Section>
  )
}

function Numbers({ preview: { reservations, customers } }: { preview: Preview }) {
  return (
    <Stack gap={4}>
      <Text>
        <b>{numberText(customers.created)}</b> customers are created, <b>{numberText(customers.matched)}</b>{' '}
        are found to be there already.
      </Text>
      <Text>
        <b>{numberText(reservations.added)}</b> reservations come in; {numberText(reservations.exceptions)}{' '}
        cannot be stored.
      </Text>
    </Stack>
  )
}
