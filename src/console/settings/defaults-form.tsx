/** Which source, type and tier new customers get: the form of the settings and of the set-up. */

import { SimpleGrid } from '@mantine/core'
import { settingsSchema } from '../../contract/api/settings.ts'
import { ask, at } from '../ask.ts'
import { ServerForm, useServerForm } from '../shared/server-form.tsx'
import { useWinery } from '../winery.tsx'
import { isNewName, NameChoice, useEntries } from './name-choice.tsx'
import { type Settings, tellSaved, useMayChange } from './settings.ts'

const fields = [
  { name: 'customerSource', label: 'Customer Source', list: 'customer-sources' },
  { name: 'customerType', label: 'Customer Type', list: 'customer-types' },
  { name: 'allocationTier', label: 'Allocation Tier', list: 'allocation-tiers' },
] as const

/** The winery's, or a brand's own, where it is not the winery's. */
export function DefaultsForm({ settings, brand }: { settings: Settings; brand: string | null }) {
  const { winery, may } = useWinery()
  const mayChangeAll = useMayChange()
  const mayChange = brand === null ? mayChangeAll : may('settings.write')
  const entries = {
    customerSource: useEntries('customer-sources'),
    customerType: useEntries('customer-types'),
    allocationTier: useEntries('allocation-tiers'),
  }
  const ofBrand = settings.brands.find((one) => one.brand === brand)
  const stored = ofBrand?.own ?? settings.defaults
  const path =
    brand === null ? at`/wineries/${winery}/settings` : at`/wineries/${winery}/brands/${brand}/settings`
  const form = useServerForm({
    initialValues: {
      customerSource: stored.customerSource ?? '',
      customerType: stored.customerType ?? '',
      allocationTier: stored.allocationTier ?? '',
    },
    // Everything but the tier is needed; a brand may leave it to the winery.
    check: ({ customerSource, customerType }) =>
      brand !== null
        ? {}
        : {
            ...(customerSource.trim() === '' ? { customerSource: 'A source is needed' } : {}),
            ...(customerType.trim() === '' ? { customerType: 'A type is needed' } : {}),
          },
    submit: (values) => {
      const given = fields.map(({ name }) => [name, values[name].trim() || null] as const)
      const create = fields.some(({ name }) => isNewName(entries[name], values[name]))
      return ask('PATCH', path, settingsSchema, { body: { ...Object.fromEntries(given), create } })
    },
    done: tellSaved,
  })
  const inputs = (
    <SimpleGrid cols={{ base: 1, sm: 3 }}>
      {fields.map(({ name, label, list }) => {
        const winerys = settings.defaults[name]
        return (
          <NameChoice
            key={name}
            list={list}
            label={label}
            placeholder={
              brand === null
                ? name === 'allocationTier'
                  ? 'None'
                  : 'Choose or write one'
                : `As the winery: ${winerys ?? 'none'}`
            }
            value={form.fields.values[name]}
            change={(value) => form.fields.setValues({ [name]: value })}
            error={form.fields.errors[name]}
            isReadOnly={!mayChange}
          />
        )
      })}
    </SimpleGrid>
  )
  if (!mayChange) return inputs
  return (
    <ServerForm form={form} action="Save">
      {inputs}
    </ServerForm>
  )
}
