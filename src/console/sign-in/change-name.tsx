/** Another name for oneself. */

import { Text, TextInput } from '@mantine/core'
import { useRouter } from '@tanstack/react-router'
import { meSchema } from '../../contract/api/me.ts'
import { ask } from '../ask.ts'
import { queryClient } from '../reading.ts'
import { meQuery } from '../session.ts'
import { ServerForm, useServerForm } from '../shared/server-form.tsx'

export function ChangeName({ name }: { name: string }) {
  const router = useRouter()
  const form = useServerForm({
    initialValues: { name, isDone: false },
    check: (values) => (values.name.trim() === '' ? { name: 'The name that others know you by' } : {}),
    submit: (values) => ask('PATCH', '/me', meSchema, { body: { name: values.name.trim() } }),
    done: (me) => {
      form.fields.setFieldValue('isDone', true)
      queryClient.setQueryData(meQuery.queryKey, me)
      // The menu has it from the route.
      void router.invalidate()
    },
  })
  return (
    <ServerForm form={form} action="Change the name">
      {form.fields.getValues().isDone && <Text role="status">Your name is changed.</Text>}
      <TextInput
        label="Your name"
        autoComplete="name"
        maxLength={100}
        {...form.fields.getInputProps('name')}
      />
    </ServerForm>
  )
}
