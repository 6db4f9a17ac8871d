/** Opts addresses out of e-mail: a few, typed or pasted, or a file of them. */

import { Alert, FileInput, List, Text, Textarea } from '@mantine/core'
import { useState } from 'react'
import type { z } from 'zod'
import { optedOutSchema } from '../../contract/api/customer-writes.ts'
import { ask, at } from '../ask.ts'
import { numberText } from '../shared/figure.tsx'
import { ButtonLink } from '../shared/links.tsx'
import { Page } from '../shared/page.tsx'
import { Section } from '../shared/section.tsx'
import { ServerForm, useServerForm } from '../shared/server-form.tsx'
import { useWinery } from '../winery.tsx'
import { addressesIn } from './addresses-in.ts'

type Result = z.output<typeof optedOutSchema>
const atMost = 20_000

export function OptOutPage() {
  const { winery } = useWinery()
  const [result, setResult] = useState<{ told: Result; lines: number[] } | null>(null)
  const form = useServerForm({
    initialValues: { text: '', file: null as File | null, why: '' },
    check: ({ text, file, why }) => ({
      ...(text.trim() === '' && file === null ? { text: 'Give addresses, or choose a file' } : {}),
      ...(text.trim() !== '' && file !== null ? { file: 'Either the file or the field above' } : {}),
      ...(why.trim() === '' ? { why: 'Say who asked for it, and how' } : {}),
    }),
    submit: async ({ text, file, why }) => {
      const found = addressesIn(file === null ? text : await file.text())
      const body = { why: why.trim(), addresses: found.slice(0, atMost).map(({ address }) => address) }
      const told = await ask('POST', at`/wineries/${winery}/customers/opt-out`, optedOutSchema, { body })
      return { told, lines: found.map(({ line }) => line) }
    },
    done: (found) => {
      form.fields.reset()
      setResult(found)
    },
  })
  return (
    <Page
      title="Opt out of e-mail"
      intro="At once, in all lists and exports. Tock is not told. Opting in again is the winery admin's, on the customer's card."
    >
      {result && <Told result={result.told} lines={result.lines} />}
      <Section title="Who wants no mail">
        <ServerForm form={form} action="Opt out">
          <Textarea
            label="E-mail addresses"
            description="One on each line"
            autosize
            minRows={3}
            maxRows={12}
            {...form.fields.getInputProps('text')}
          />
          <FileInput
            label="Or a file"
            description={`Text or CSV; the first address of each line counts. At most ${numberText(atMost)} lines`}
            placeholder="Choose a file"
            accept=".csv,.txt,text/csv,text/plain"
            clearable
            clearButtonProps={{ 'aria-label': 'Take the file away' }}
            {...form.fields.getInputProps('file')}
          />
          <Textarea
            label="Reason"
            description="Who asked for it, and how. It is recorded with each customer"
            autosize
            minRows={2}
            maxLength={500}
            {...form.fields.getInputProps('why')}
          />
        </ServerForm>
      </Section>
      <div>
        <ButtonLink
          to="/wineries/$winery/customers"
          params={{ winery }}
          search={{ consent: 'out' }}
          variant="default"
        >
          Customers who are opted out
        </ButtonLink>
      </div>
    </Page>
  )
}

function Told({ result, lines }: { result: Result; lines: number[] }) {
  const lineOf = (place: number) => lines[place - 1] ?? place
  const { optedOut, alreadyOut, unknown, bad } = result
  return (
    <Alert
      color="green"
      role="status"
      title={`${numberText(optedOut)} ${optedOut === 1 ? 'customer' : 'customers'} opted out`}
    >
      <Text size="sm">
        {numberText(result.addresses)} addresses read
        {alreadyOut > 0 && `, ${numberText(alreadyOut)} customers were out before`}
        {unknown.length > 0 &&
          `, ${numberText(unknown.length)} known to no customer (line ${lineList(unknown.map(({ line }) => lineOf(line)))})`}
        .
      </Text>
      {bad.length > 0 && (
        <List size="sm" mt="xs">
          {bad.slice(0, 20).map(({ line, problem }) => (
            <List.Item key={line}>
              Line {lineOf(line)}: {problem}
            </List.Item>
          ))}
        </List>
      )}
    </Alert>
  )
}

function lineList(lines: number[]): string {
  return lines.length <= 20 ? lines.join(', ') : `${lines.slice(0, 20).join(', ')} …`
}
