/** What the winery hands over: the key, the Business Group ID, one Business ID per brand. */

import { Anchor, Fieldset, List, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { handOverReceipt } from '../../contract/api/key.ts'
import { ask } from '../ask.ts'
import { ServerForm, useServerForm } from '../shared/server-form.tsx'
import { whenText } from '../shared/when.tsx'

export type AskedFor = {
  askedBy: string | null
  expiresAt: Date | null
  brands: { brand: string; name: string; businessGroupId: string; businessId: string }[]
}

const digits = /^\s*\d{1,20}\s*$/

export function KeyForm(props: { token: string; askedFor: AskedFor; submitted: (receipt: string) => void }) {
  const { token, askedFor, submitted } = props
  const { brands } = askedFor
  const form = useServerForm({
    initialValues: {
      apiKey: '',
      businessGroupId: brands[0]?.businessGroupId ?? '',
      email: '',
      businesses: brands.map(({ brand, businessId }) => ({ brand, businessId })),
    },
    check: (values) => ({
      ...(values.apiKey.trim() === '' ? { apiKey: 'The key is needed' } : {}),
      ...(digits.test(values.businessGroupId) ? {} : { businessGroupId: 'Digits only, as in Tock' }),
      ...Object.fromEntries(
        values.businesses.flatMap(({ businessId }, index) =>
          digits.test(businessId) ? [] : [[`businesses.${index}.businessId`, 'Digits only, as in Tock']],
        ),
      ),
    }),
    submit: ({ apiKey, businessGroupId, businesses, email }) =>
      ask('POST', '/hand-over/submit', handOverReceipt, {
        body: {
          token,
          apiKey: apiKey.trim(),
          businessGroupId: businessGroupId.trim(),
          businesses: businesses.map(({ brand, businessId }) => ({ brand, businessId: businessId.trim() })),
          ...(email.trim() === '' ? {} : { email: email.trim() }),
        },
      }),
    done: ({ receipt }) => submitted(receipt),
  })
  return (
    <ServerForm form={form} action="Hand over and test">
      {askedFor.askedBy !== null && askedFor.expiresAt && (
        <Text size="sm" c="dimmed">
          {askedFor.askedBy} asks for it. This link is good once, until {whenText(askedFor.expiresAt)}.
        </Text>
      )}
      <Stack gap={4}>
        <Text size="sm">Where you find them:</Text>
        <List size="sm">
          <List.Item>
            The key belongs to Tock's PRO plan, sold today as Premium or Premium Unlimited (Plan & Billing in
            Tock). An account owner asks Tock for it, at{' '}
            <Anchor href="mailto:support@exploretock.com" inherit>
              support@exploretock.com
            </Anchor>
            .
          </List.Item>
          <List.Item>Tock sends the Business Group ID and the Business IDs with it.</List.Item>
        </List>
      </Stack>
      <PasswordInput
        label="Tock API key"
        description="It is tested at once, and shown to nobody again"
        autoComplete="off"
        {...form.fields.getInputProps('apiKey')}
      />
      <TextInput
        label="Business Group ID"
        inputMode="numeric"
        {...form.fields.getInputProps('businessGroupId')}
      />
      {brands.length === 1 ? (
        <TextInput
          label="Business ID"
          inputMode="numeric"
          {...form.fields.getInputProps('businesses.0.businessId')}
        />
      ) : (
        <Fieldset legend="Business ID of each brand">
          <Stack gap="sm">
            {brands.map(({ brand, name }, index) => (
              <TextInput
                key={brand}
                label={name}
                inputMode="numeric"
                {...form.fields.getInputProps(`businesses.${index}.businessId`)}
              />
            ))}
          </Stack>
        </Fieldset>
      )}
      <TextInput
        label="Your e-mail address (if you like)"
        description="We tell you how the key fares, should Tock not accept it at once"
        type="email"
        autoComplete="email"
        {...form.fields.getInputProps('email')}
      />
    </ServerForm>
  )
}
