/** Addresses that many people share: what pulls proposed, and the list. */

import { Button, Group, Text, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { exceptionSchema } from '../../contract/api/exception.ts'
import { pageOf } from '../../contract/api/paging.ts'
import { sharedAddressesChanged, sharedAddressSchema } from '../../contract/api/settings.ts'
import { ask, at } from '../ask.ts'
import { DecideMatchDialog } from '../exceptions/decide-match-dialog.tsx'
import type { Exception } from '../exceptions/exceptions-page.tsx'
import { reading, useWriting } from '../reading.ts'
import { DataTable } from '../shared/data-table.tsx'
import { EmptyState } from '../shared/empty-state.tsx'
import { GuestPrivacy } from '../shared/guest-privacy.tsx'
import { Page } from '../shared/page.tsx'
import { Section } from '../shared/section.tsx'
import { ServerForm, useServerForm } from '../shared/server-form.tsx'
import { TroubleNotice } from '../shared/trouble-notice.tsx'
import { DayOf } from '../shared/when.tsx'
import { listSearch, useUrlSearch } from '../url-search.ts'
import { useWinery } from '../winery.tsx'
import { useMayChange } from './settings.ts'

export function SharedAddressesPage() {
  return (
    <Page
      title="Shared addresses"
      intro="A concierge, a travel agency, the winery's own people: addresses that stand for many guests become no customer and match none."
    >
      <GuestPrivacy />
      <Proposals />
      <Listed />
    </Page>
  )
}

function Proposals() {
  const { winery, timeZone, may } = useWinery()
  const list = useQuery(
    reading(at`/wineries/${winery}/exceptions`, pageOf(exceptionSchema), {
      code: 'shared_address_proposed',
      state: 'open',
      limit: 200,
    }),
  )
  const [deciding, setDeciding] = useState<{ match: Exception; kind: 'shared' | 'one person' } | null>(null)
  if (!may('exceptions.read')) return null
  const button = (match: Exception, kind: 'shared' | 'one person', label: string) => (
    <Button
      size="compact-sm"
      variant="default"
      aria-label={`${label}: ${match.address ?? 'this address'}`}
      onClick={() => setDeciding({ match, kind })}
    >
      {label}
    </Button>
  )
  return (
    <Section title="Proposals" intro="Addresses under which Tock has guests of different names.">
      <DataTable
        name="Proposals"
        list={list}
        isWhole
        rowKey={({ exceptionId }) => exceptionId}
        columns={[
          {
            id: 'address',
            header: 'Address',
            isTitle: true,
            cell: ({ address }) => address ?? '—',
          },
          { id: 'why', header: 'Why', cell: ({ message }) => message },
          {
            id: 'seen',
            header: 'First seen',
            cell: ({ firstSeenAt }) => <DayOf at={firstSeenAt} zone={timeZone} />,
          },
          may('exceptions.decide') && {
            id: 'decide',
            header: 'Decide',
            hidesLabel: true,
            cell: (row) => (
              <Group gap="xs">
                {button(row, 'shared', 'Shared by many')}
                {button(row, 'one person', "One person's")}
              </Group>
            ),
          },
        ]}
        empty={<EmptyState title="Nothing is proposed" next="Pulls propose what looks shared." />}
      />
      {deciding && (
        <DecideMatchDialog
          {...deciding}
          close={() => setDeciding(null)}
          done={(message) => notifications.show({ color: 'green', message })}
        />
      )}
    </Section>
  )
}

function Listed() {
  const { winery } = useWinery()
  const mayChange = useMayChange()
  const [{ cursor }] = useUrlSearch(listSearch({}))
  const path = at`/wineries/${winery}/shared-addresses`
  const list = useQuery({
    ...reading(path, pageOf(sharedAddressSchema), { cursor, limit: 50 }),
    placeholderData: keepPreviousData,
  })
  const form = useServerForm({
    initialValues: { address: '' },
    check: ({ address }) =>
      address.includes('@') ? {} : { address: 'An address, or a domain as @winery.example' },
    submit: ({ address }) => ask('PATCH', path, sharedAddressesChanged, { body: { add: [address.trim()] } }),
    done: () => form.fields.reset(),
  })
  const remove = useWriting((address: string) =>
    ask('PATCH', path, sharedAddressesChanged, { body: { remove: [address] } }),
  )
  return (
    <Section title="The list">
      {mayChange ? (
        <ServerForm form={form} action="Add">
          <TextInput
            label="Address or domain"
            description="concierge@hotel.example, or @winery.example for all of a domain"
            maw="26rem"
            {...form.fields.getInputProps('address')}
          />
        </ServerForm>
      ) : (
        <Text size="sm" c="dimmed">
          The winery admin and Support change the list.
        </Text>
      )}
      <TroubleNotice error={remove.error} />
      <DataTable
        name="Shared addresses"
        list={list}
        rowKey={({ address }) => address ?? ''}
        columns={[
          { id: 'address', header: 'Address or domain', isTitle: true, cell: ({ address }) => address },
          // Shortened ones name no address that could be taken off.
          mayChange && {
            id: 'remove',
            header: 'Change',
            hidesLabel: true,
            cell: ({ address }) =>
              address === null || address.includes('…') ? (
                '—'
              ) : (
                <Button
                  size="compact-sm"
                  variant="default"
                  aria-label={`Take off ${address}`}
                  disabled={remove.isPending}
                  onClick={() => remove.mutate(address)}
                >
                  Take off
                </Button>
              ),
          },
        ]}
        empty={<EmptyState title="No address is on the list" next="Add the winery's own domain first." />}
      />
    </Section>
  )
}
