/** For a person who asks what is kept of them, or wants it erased: also for those who are no customer. */

import { Alert, Button, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { z } from 'zod'
import { erasureReceiptSchema, personExportSchema } from '../../contract/api/customer-writes.ts'
import { ask, at } from '../ask.ts'
import { useWriting } from '../reading.ts'
import { ConfirmDialog } from '../shared/confirm-dialog.tsx'
import { Facts } from '../shared/facts.tsx'
import { numberText } from '../shared/figure.tsx'
import { Page } from '../shared/page.tsx'
import { saveJson } from '../shared/save-file.ts'
import { Section } from '../shared/section.tsx'
import { ServerForm, useServerForm } from '../shared/server-form.tsx'
import { useWinery } from '../winery.tsx'
import { ErasureReceipt, type Receipt } from './erasure-receipt.tsx'

type Found = { email: string; kept: z.output<typeof personExportSchema> }

export function PersonPage() {
  const { winery, may } = useWinery()
  const [found, setFound] = useState<Found | null>(null)
  const [isErasing, setErasing] = useState(false)
  const [receipt, setReceipt] = useState<Receipt | null>(null)
  const people = at`/wineries/${winery}/people`
  const form = useServerForm({
    initialValues: { email: '' },
    check: ({ email }) => (email.includes('@') ? {} : { email: "The person's e-mail address is needed" }),
    submit: async ({ email }) => ({
      email: email.trim(),
      kept: await ask('POST', `${people}/export`, personExportSchema, { body: { email: email.trim() } }),
    }),
    done: (result) => {
      setReceipt(null)
      setFound(result)
    },
  })
  const erase = useWriting((email: string) =>
    ask('POST', `${people}/erase`, erasureReceiptSchema, { body: { email, confirm: 'erase' } }),
  )
  return (
    <Page
      title="A person's data"
      intro="For whoever asks what is kept of them, or wants to be erased: customers, guests of Tock, and people who only booked for others."
    >
      <Section title="Who asks">
        <ServerForm form={form} action="Look up">
          <TextInput
            label="E-mail address"
            type="email"
            description="Looking up is recorded, without the address"
            maw="26rem"
            {...form.fields.getInputProps('email')}
          />
        </ServerForm>
      </Section>
      {receipt && (
        <Section title="The receipt">
          <ErasureReceipt receipt={receipt} />
        </Section>
      )}
      {found && !receipt && (
        <Section
          title="What is kept"
          actions={
            <>
              {found.kept.found && (
                <Button onClick={() => saveJson('person.json', found.kept)}>Save all that is kept</Button>
              )}
              {may('customers.erase') && (
                <Button variant="outline" color="red" onClick={() => setErasing(true)}>
                  Erase
                </Button>
              )}
            </>
          }
        >
          {found.kept.found ? (
            <Facts columns={4} facts={factsOf(found.kept)} />
          ) : (
            <Alert color="gray" role="status" title="Nothing is kept under this address">
              Erasing it all the same keeps the address from ever being stored.
            </Alert>
          )}
        </Section>
      )}
      <ConfirmDialog
        opened={isErasing}
        close={() => setErasing(false)}
        title="Erase this person for good?"
        action="Erase for good"
        isDangerous
        word="erase"
        isBusy={erase.isPending}
        error={erase.error}
        confirm={() =>
          found &&
          erase.mutate(found.email, {
            onSuccess: (told) => {
              setErasing(false)
              setReceipt(told)
            },
          })
        }
      >
        <Text>
          The person goes from everywhere; reservations stay, counted, without the person. No pull and no
          import brings the person back. It cannot be undone.
        </Text>
      </ConfirmDialog>
    </Page>
  )
}

const parts = {
  customers: 'Customers',
  guests: 'Guests of Tock',
  reservations: 'Reservations',
  bookedForOthers: 'Booked for others',
  changes: 'Changes',
  consentChanges: 'Changes of consent',
  exceptions: 'Exceptions',
  decisions: 'Decisions on matches',
  exports: 'Exports that carried the person',
}

function factsOf(kept: Found['kept']) {
  const lists = kept as unknown as Record<string, unknown[] | undefined>
  return Object.entries(parts).map(([part, label]) => ({
    label,
    value: numberText(lists[part]?.length ?? 0),
  }))
}
