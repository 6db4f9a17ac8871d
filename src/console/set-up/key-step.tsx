/** Step 2: Support asks for the key; the winery hands it over behind a one-time link. */

import { Button, Code, CopyButton, Group, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { z } from 'zod'
import { askedForKey } from '../../contract/api/key.ts'
import { ask, at } from '../ask.ts'
import { useMailWords } from '../shared/about.ts'
import { ServerForm, useServerForm } from '../shared/server-form.tsx'
import { When, whenText } from '../shared/when.tsx'
import { useWinery } from '../winery.tsx'
import type { SetUpFacts } from './set-up-state.ts'

type Asked = z.output<typeof askedForKey>

export function KeyStep({ facts: { brand, key, settings } }: { facts: SetUpFacts }) {
  const { may, hasSeveralBrands, timeZone } = useWinery()
  const [asked, setAsked] = useState<Asked | null>(null)
  const handed = key?.handedOver
  const isOnItsWay = handed?.state === 'trying' || handed?.state === 'tested'
  return (
    <Stack gap="md">
      {key?.storedFor != null && (
        <Text>
          {key.storedFor === 'winery' && hasSeveralBrands
            ? 'The key for all brands is stored'
            : 'The key is stored'}
          {key.storedAt && (
            <>
              , since <When at={key.storedAt} zone={timeZone} />
            </>
          )}
          . It is shown to nobody again.
        </Text>
      )}
      {isOnItsWay && (
        <Text>
          {handed.state === 'tested'
            ? 'The key was handed over and Tock accepts it. The winery still has to confirm the business on the same page.'
            : `The key was handed over; Tock does not accept it yet. ${handed.diagnosis?.message ?? ''} It is tried again by itself until ${whenText(handed.tryUntil)}.`}
        </Text>
      )}
      {key?.linkExpiresAt && !asked && (
        <Text>
          A link waits for the winery, good until <When at={key.linkExpiresAt} zone={timeZone} />. A new one
          replaces it.
        </Text>
      )}
      {asked && <LinkMade asked={asked} />}
      {may('key.ask') ? (
        <AskForKey brand={brand.brand} contact={settings.reservationContact ?? ''} made={setAsked} />
      ) : (
        key?.storedFor == null && (
          <Text>
            eCELLAR Support sends you a link. Behind it you give the Tock API key and your ids; nobody else
            sees the key.
          </Text>
        )
      )}
    </Stack>
  )
}

function AskForKey(props: { brand: string; contact: string; made: (asked: Asked) => void }) {
  const { winery, hasSeveralBrands } = useWinery()
  const form = useServerForm({
    initialValues: { mailTo: props.contact },
    submit: ({ mailTo }) =>
      ask('POST', at`/wineries/${winery}/key-requests`, askedForKey, {
        body: { mailTo: mailTo.trim() === '' ? null : mailTo.trim() },
      }),
    done: props.made,
  })
  return (
    <ServerForm form={form} action="Make a link">
      <TextInput
        label="Mail the link to"
        description={`Somebody of the winery who has the key. Empty: you hand the link on yourself.${hasSeveralBrands ? ' It asks for all brands.' : ''}`}
        type="email"
        maw={420}
        {...form.fields.getInputProps('mailTo')}
      />
    </ServerForm>
  )
}

function LinkMade({ asked }: { asked: Asked }) {
  const mailWords = useMailWords()
  const { timeZone } = useWinery()
  return (
    <Stack gap="xs" role="status">
      <Text>
        {asked.mailedTo === null ? 'Hand this link on. ' : `${mailWords('The link', asked.mailedTo)} `}
        It is shown this once, and good once until {whenText(asked.expiresAt, timeZone)}.
      </Text>
      <Group gap="sm">
        <Code style={{ overflowWrap: 'anywhere' }}>{asked.link}</Code>
        <CopyButton value={asked.link}>
          {({ copied, copy }) => (
            <Button size="xs" variant="default" onClick={copy}>
              {copied ? 'Copied' : 'Copy the link'}
            </Button>
          )}
        </CopyButton>
      </Group>
    </Stack>
  )
}
