/** Brings in or updates customers from a CSV file of eCELLAR's, and says what became of each line. */

import { Alert, Code, FileInput, List, Text } from '@mantine/core'
import { useState } from 'react'
import type { z } from 'zod'
import { importedSchema } from '../../contract/api/customer-writes.ts'
import { ask, at } from '../ask.ts'
import { Facts } from '../shared/facts.tsx'
import { Figure, numberText } from '../shared/figure.tsx'
import { Page } from '../shared/page.tsx'
import { Section } from '../shared/section.tsx'
import { ServerForm, useServerForm } from '../shared/server-form.tsx'
import { useWinery } from '../winery.tsx'

type Result = z.output<typeof importedSchema>
const columns =
  'customer_id, email, first_name, last_name, customer_source, customer_type, allocation_tier, active, wants_email, created_on, bounced, club_member, tags'

export function ImportPage() {
  const { winery } = useWinery()
  const [result, setResult] = useState<Result | null>(null)
  const form = useServerForm({
    initialValues: { file: null as File | null },
    check: ({ file }) => (file === null ? { file: 'Choose the file' } : {}),
    submit: ({ file }) =>
      ask('POST', at`/wineries/${winery}/customers/import`, importedSchema, {
        body: file as Blob,
        headers: { 'content-type': 'text/csv' },
      }),
    done: (told) => {
      form.fields.reset()
      setResult(told)
    },
  })
  return (
    <Page
      title="Import customers"
      intro="The customers of eCELLAR, so that guests of Tock are recognised as who they are. Import them before each initial pull, and again when many have changed."
    >
      {result && <Told result={result} />}
      <Section title="A CSV file of eCELLAR's">
        <ServerForm form={form} action="Import">
          <FileInput
            label="File"
            description="CSV, up to 64 MB. Its first line names the columns"
            placeholder="Choose a file"
            accept=".csv,text/csv"
            clearable
            clearButtonProps={{ 'aria-label': 'Take the file away' }}
            {...form.fields.getInputProps('file')}
          />
        </ServerForm>
        <Text size="sm">
          Columns: <Code>{columns}</Code>
        </Text>
        <List size="sm" spacing={4}>
          <List.Item>
            A customer is found by <Code>customer_id</Code>, where there is none by <Code>email</Code>.
          </List.Item>
          <List.Item>Empty cells change nothing. Columns may be left out.</List.Item>
          <List.Item>
            <Code>wants_email</Code> <em>no</em> opts out; <em>yes</em> never opts in who is out.
          </List.Item>
          <List.Item>Bad lines are listed, all others are imported. Who was erased stays erased.</List.Item>
        </List>
      </Section>
    </Page>
  )
}

function Told({ result }: { result: Result }) {
  const { winery } = useWinery()
  const { bad, remarks, unknownColumns } = result
  return (
    <Section title="What the import did">
      <Alert color={bad.length === 0 ? 'green' : 'orange'} role="status">
        {numberText(result.rows)} lines read, {numberText(bad.length)} of them not imported.
      </Alert>
      <Facts
        columns={3}
        facts={[
          {
            label: 'Created',
            value: (
              <Figure
                value={result.created}
                what="customers created"
                to="/wineries/$winery/customers"
                params={{ winery }}
                search={{ createdInImport: result.importId }}
              />
            ),
          },
          { label: 'Updated', value: numberText(result.updated) },
          { label: 'Unchanged', value: numberText(result.unchanged) },
          { label: 'Taken over from a pull', value: numberText(result.takenOver) },
          { label: 'Repeated in the file', value: numberText(result.repeated) },
          { label: 'Erased, skipped', value: numberText(result.erasedSkipped) },
        ]}
      />
      {[
        ...remarks,
        ...(unknownColumns.length > 0 ? [`Columns not known: ${unknownColumns.join(', ')}`] : []),
      ].map((remark) => (
        <Text size="sm" key={remark}>
          {remark}
        </Text>
      ))}
      {bad.length > 0 && (
        <div>
          <Text fw={600}>Not imported</Text>
          <List size="sm">
            {bad.slice(0, 100).map(({ line, problem }) => (
              <List.Item key={`${line} ${problem}`}>
                Line {numberText(line)}: {problem}
              </List.Item>
            ))}
          </List>
          {bad.length > 100 && <Text size="sm">And {numberText(bad.length - 100)} more.</Text>}
        </div>
      )}
    </Section>
  )
}
