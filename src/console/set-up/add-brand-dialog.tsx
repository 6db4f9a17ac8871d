/** A new brand: its name, its Brand Code, its ids at Tock. */

import { TextInput } from '@mantine/core'
import { brandSchema } from '../../contract/api/brand.ts'
import { ask, at } from '../ask.ts'
import { Dialog } from '../shared/dialog.tsx'
import { ServerForm, useServerForm } from '../shared/server-form.tsx'
import { useWinery } from '../winery.tsx'

const digits = /^\s*\d{1,20}\s*$/

export function AddBrandDialog({ opened, close }: { opened: boolean; close: () => void }) {
  const { winery, brands } = useWinery()
  const form = useServerForm({
    // The brands of an Enterprise client are mostly of one business group.
    initialValues: { name: '', code: '', businessGroupId: brands[0]?.businessGroupId ?? '', businessId: '' },
    check: ({ name, code, businessGroupId, businessId }) => ({
      ...(name.trim() === '' ? { name: 'Its name is needed' } : {}),
      ...(code.trim() === '' ? { code: 'Its Brand Code in eCELLAR is needed' } : {}),
      ...(digits.test(businessGroupId) ? {} : { businessGroupId: 'Digits only, as in Tock' }),
      ...(digits.test(businessId) ? {} : { businessId: 'Digits only, as in Tock' }),
    }),
    submit: (values) => ask('POST', at`/wineries/${winery}/brands`, brandSchema, { body: values }),
    done: () => {
      form.fields.reset()
      close()
    },
  })
  return (
    <Dialog opened={opened} close={close} title="Add a brand">
      <ServerForm form={form} action="Add the brand">
        <TextInput label="Name" data-autofocus {...form.fields.getInputProps('name')} />
        <TextInput label="Brand Code" description="As in eCELLAR" {...form.fields.getInputProps('code')} />
        <TextInput
          label="Business Group ID"
          inputMode="numeric"
          {...form.fields.getInputProps('businessGroupId')}
        />
        <TextInput
          label="Business ID"
          description="Each brand has its own at Tock"
          inputMode="numeric"
          {...form.fields.getInputProps('businessId')}
        />
      </ServerForm>
    </Dialog>
  )
}
