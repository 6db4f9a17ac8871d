/** Step 4: what new customers get: source, type and, if applicable, allocation tier. */

import { Autocomplete, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { pageOf } from '../../contract/api/paging.ts'
import { listEntrySchema, type listSlugs, settingsSchema } from '../../contract/api/settings.ts'
import { ask, at } from '../ask.ts'
import { reading } from '../reading.ts'
import { ServerForm, useServerForm } from '../shared/server-form.tsx'
import { useWinery } from '../winery.tsx'
import type { SetUpFacts } from './set-up-state.ts'

export function SettingsStep({ facts: { settings, brand } }: { facts: SetUpFacts }) {
  const { winery, may, hasSeveralBrands } = useWinery()
  const names = {
    source: useNames('customer-sources'),
    type: useNames('customer-types'),
    tier: useNames('allocation-tiers'),
  }
  const { effective } = settings.brands.find((one) => one.brand === brand.brand) ?? {
    effective: settings.defaults,
  }
  const form = useServerForm({
    initialValues: {
      customerSource: effective.customerSource ?? '',
      customerType: effective.customerType ?? '',
      allocationTier: effective.allocationTier ?? '',
    },
    check: ({ customerSource, customerType }) => ({
      ...(customerSource.trim() === '' ? { customerSource: 'A source is needed' } : {}),
      ...(customerType.trim() === '' ? { customerType: 'A type is needed' } : {}),
    }),
    submit: ({ customerSource, customerType, allocationTier }) => {
      const isNew = (list: string[], name: string) => name !== '' && !list.includes(name)
      const [source, type, tier] = [customerSource.trim(), customerType.trim(), allocationTier.trim()]
      const create = isNew(names.source, source) || isNew(names.type, type) || isNew(names.tier, tier)
      return ask('PATCH', at`/wineries/${winery}/settings`, settingsSchema, {
        body: {
          customerSource: source,
          customerType: type,
          allocationTier: tier === '' ? null : tier,
          ...(create ? { create } : {}),
        },
      })
    },
  })
  const isNewName = (list: string[], value: string) =>
    value.trim() !== '' && !list.includes(value.trim()) ? 'A new name: it is added to the list' : undefined
  const values = form.fields.getValues()
  return (
    <Stack gap="md">
      <Text>
        A guest whose address eCELLAR does not know becomes a customer, with these.
        {hasSeveralBrands && ' They are for all brands; Settings has what one brand gets instead.'}
      </Text>
      {may('settings.write') ? (
        <ServerForm form={form} action="Save">
          <Autocomplete
            label="Customer source"
            data={names.source}
            description={isNewName(names.source, values.customerSource)}
            maw={420}
            {...form.fields.getInputProps('customerSource')}
          />
          <Autocomplete
            label="Customer type"
            data={names.type}
            description={isNewName(names.type, values.customerType)}
            maw={420}
            {...form.fields.getInputProps('customerType')}
          />
          <Autocomplete
            label="Allocation tier (if applicable)"
            data={names.tier}
            description={isNewName(names.tier, values.allocationTier)}
            maw={420}
            {...form.fields.getInputProps('allocationTier')}
          />
        </ServerForm>
      ) : (
        <Text>
          Source: {effective.customerSource ?? 'not set'}. Type: {effective.customerType ?? 'not set'}. Tier:{' '}
          {effective.allocationTier ?? 'none'}.
        </Text>
      )}
    </Stack>
  )
}

function useNames(list: (typeof listSlugs)[number]): string[] {
  const { winery } = useWinery()
  const { data } = useQuery(
    reading(at`/wineries/${winery}/lists/${list}`, pageOf(listEntrySchema), { limit: 200 }),
  )
  return data?.items.map(({ name }) => name) ?? []
}
