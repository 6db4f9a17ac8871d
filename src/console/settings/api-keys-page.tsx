/** API keys of the winery's programs, and the analysts' login to the database. */

import { Alert, Button, Checkbox, Code, CopyButton, Group, Stack, Text, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { z } from 'zod'
import { type Action, peopleOnly } from '../../contract/access.ts'
import { actionWords } from '../../contract/action-words.ts'
import { apiKeySchema, madeApiKeySchema, sqlLoginSchema } from '../../contract/api/api-key.ts'
import { ask, at } from '../ask.ts'
import { reading, useWriting } from '../reading.ts'
import { ConfirmDialog } from '../shared/confirm-dialog.tsx'
import { DataTable, wholeList } from '../shared/data-table.tsx'
import { Dialog } from '../shared/dialog.tsx'
import { EmptyState } from '../shared/empty-state.tsx'
import { Page } from '../shared/page.tsx'
import { Section } from '../shared/section.tsx'
import { ServerForm, useServerForm } from '../shared/server-form.tsx'
import { TroubleNotice } from '../shared/trouble-notice.tsx'
import { DayOf, When } from '../shared/when.tsx'
import { useWinery } from '../winery.tsx'

type Key = z.output<typeof apiKeySchema>

export function ApiKeysPage() {
  const { may } = useWinery()
  return (
    <Page
      title="API keys"
      intro="For programs that ask the HTTP API, for reports and spreadsheets. A key acts for who made it, and may at most what that person may."
    >
      {may('api-keys.read') && <Keys />}
      {may('sql-login.read') && <SqlLogin />}
    </Page>
  )
}

function Keys() {
  const { winery, may, timeZone } = useWinery()
  const [isMaking, setMaking] = useState(false)
  const [made, setMade] = useState<string | null>(null)
  const [revoked, setRevoked] = useState<Key | null>(null)
  const list = useQuery(reading(at`/wineries/${winery}/api-keys`, z.object({ items: z.array(apiKeySchema) })))
  const revoke = useWriting((apiKeyId: string) =>
    ask('DELETE', at`/wineries/${winery}/api-keys/${apiKeyId}`, z.undefined()),
  )
  return (
    <Section
      title="Keys"
      actions={may('api-keys.write') && <Button onClick={() => setMaking(true)}>Make a key</Button>}
    >
      {made !== null && (
        <Alert color="green" role="status" title="The key is shown this once">
          <Secret text={made} />
        </Alert>
      )}
      <DataTable
        name="API keys"
        list={wholeList(list)}
        isWhole
        rowKey={({ apiKeyId }) => apiKeyId}
        columns={[
          { id: 'name', header: 'Name', isTitle: true, cell: ({ name }) => name },
          { id: 'start', header: 'Begins with', cell: ({ start }) => <Code>{start}…</Code> },
          { id: 'by', header: 'Made by', cell: ({ madeBy }) => madeBy.name },
          {
            id: 'scopes',
            header: 'May',
            cell: ({ scopes }) => scopes.map((scope) => actionWords[scope]).join(', '),
          },
          {
            id: 'used',
            header: 'Last used',
            cell: ({ lastUsedAt }) => <When at={lastUsedAt} zone={timeZone} />,
          },
          {
            id: 'until',
            header: 'Good until',
            cell: ({ expiresAt }) =>
              expiresAt === null ? 'It is revoked' : <DayOf at={expiresAt} zone={timeZone} />,
          },
          may('api-keys.revoke') && {
            id: 'revoke',
            header: 'Change',
            hidesLabel: true,
            cell: (key) => (
              <Button
                size="compact-sm"
                variant="default"
                aria-label={`Revoke ${key.name}`}
                onClick={() => setRevoked(key)}
              >
                Revoke
              </Button>
            ),
          },
        ]}
        empty={
          <EmptyState
            title="No key was made"
            next="Make one for each program, so that each can be revoked."
          />
        }
      />
      {isMaking && (
        <MakeKey
          close={() => setMaking(false)}
          done={(key) => {
            setMaking(false)
            setMade(key)
          }}
        />
      )}
      <ConfirmDialog
        opened={revoked !== null}
        close={() => setRevoked(null)}
        title={`Revoke ${revoked?.name ?? ''}?`}
        action="Revoke"
        isDangerous
        isBusy={revoke.isPending}
        error={revoke.error}
        confirm={() =>
          revoked &&
          revoke.mutate(revoked.apiKeyId, {
            onSuccess: () => {
              setRevoked(null)
              notifications.show({ message: 'Revoked' })
            },
          })
        }
      >
        <Text>At once. What uses it is let in no more.</Text>
      </ConfirmDialog>
    </Section>
  )
}

const usual: Action[] = ['customers.read', 'reservations.read', 'segments.read']

function MakeKey(props: { close: () => void; done: (key: string) => void }) {
  const { winery, me } = useWinery()
  const choices = me.actions.filter((action) => !(peopleOnly as readonly Action[]).includes(action))
  const form = useServerForm({
    initialValues: {
      name: '',
      scopes: usual.filter((action) => choices.includes(action)) as string[],
      until: '',
    },
    check: ({ name, scopes }) => ({
      ...(name.trim() === '' ? { name: 'Say what will use it' } : {}),
      ...(scopes.length === 0 ? { scopes: 'Choose what the key may do' } : {}),
    }),
    submit: ({ name, scopes, until }) =>
      ask('POST', at`/wineries/${winery}/api-keys`, madeApiKeySchema, {
        body: {
          name: name.trim(),
          scopes,
          expiresAt: until === '' ? null : new Date(`${until}T23:59:59`).toISOString(),
        },
      }),
    done: ({ key }) => props.done(key),
  })
  return (
    <Dialog close={props.close} title="Make an API key" size="lg">
      <ServerForm form={form} action="Make the key">
        <TextInput
          label="Name"
          description="What will use it"
          maxLength={80}
          data-autofocus
          {...form.fields.getInputProps('name')}
        />
        <TextInput
          type="date"
          label="Good until"
          description="Within a year; empty: until it is revoked"
          {...form.fields.getInputProps('until')}
        />
        <Checkbox.Group label="The key may" {...form.fields.getInputProps('scopes')}>
          <Stack gap={6} mt="xs">
            {choices.map((action) => (
              <Checkbox key={action} value={action} label={actionWords[action]} />
            ))}
          </Stack>
        </Checkbox.Group>
      </ServerForm>
    </Dialog>
  )
}

function SqlLogin() {
  const { winery } = useWinery()
  const show = useWriting(() => ask('GET', at`/wineries/${winery}/sql-login`, sqlLoginSchema))
  return (
    <Section
      title="Login to the database"
      intro="For analysts: reads the views of the schema reporting, this winery's rows alone. Whoever has it sees guests in full."
      actions={
        <Button variant="default" loading={show.isPending} onClick={() => show.mutate()}>
          Show the login
        </Button>
      }
    >
      <TroubleNotice error={show.error} />
      {show.data ? (
        <Secret text={show.data.url} />
      ) : (
        <Text size="sm">Showing it is recorded in the audit.</Text>
      )}
    </Section>
  )
}

function Secret({ text }: { text: string }) {
  return (
    <Group gap="sm">
      <Code style={{ overflowWrap: 'anywhere' }}>{text}</Code>
      <CopyButton value={text}>
        {({ copied, copy }) => (
          <Button size="compact-sm" variant="default" onClick={copy}>
            {copied ? 'Copied' : 'Copy'}
          </Button>
        )}
      </CopyButton>
    </Group>
  )
}
