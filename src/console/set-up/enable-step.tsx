/** Step 8: Support switches the nightly pull on, knowing what is unmapped and how new customers reach marketing. */

import { NumberInput, Radio, Stack, Text } from '@mantine/core'
import { nightlySchema } from '../../contract/api/brand.ts'
import { ask, at } from '../ask.ts'
import { numberText } from '../shared/figure.tsx'
import { ServerForm, useServerForm } from '../shared/server-form.tsx'
import { When } from '../shared/when.tsx'
import { useWinery } from '../winery.tsx'
import type { SetUpFacts } from './set-up-state.ts'

export function EnableStep({ facts: { brand, nightly } }: { facts: SetUpFacts }) {
  const { winery, may, timeZone } = useWinery()
  const [, days] = /^after:(\d+)$/.exec(nightly.nightlyRelease) ?? []
  const form = useServerForm({
    initialValues: {
      release: days ? 'after' : nightly.nightlyRelease,
      days: Number(days ?? 7) as number | string,
    },
    submit: (values) =>
      ask('POST', at`/wineries/${winery}/brands/${brand.brand}/enable`, nightlySchema, {
        body: {
          unmapped: nightly.unmapped,
          nightlyRelease: values.release === 'after' ? `after:${values.days}` : values.release,
        },
      }),
  })
  if (brand.enabledAt !== null) {
    return (
      <Text>
        Enabled since <When at={brand.enabledAt} zone={timeZone} />.
      </Text>
    )
  }
  if (!may('brands.enable')) return <Text>eCELLAR Support switches the nightly pull on.</Text>
  return (
    <Stack gap="md">
      {nightly.unmapped > 0 && (
        <Text>{numberText(nightly.unmapped)} are not mapped yet. Their reservations come all the same.</Text>
      )}
      <ServerForm form={form} action="Enable the nightly pull">
        <Radio.Group
          label="When may marketing see customers that a nightly pull creates?"
          description={`For the whole winery. ${numberText(nightly.customersUnreleased)} customers are not released for marketing now.`}
          {...form.fields.getInputProps('release')}
        >
          <Stack gap="xs" mt="xs">
            <Radio value="with-pull" label="At once, with the pull" />
            <Radio value="after" label="After some days" />
            <Radio value="by-hand" label="When somebody of the winery releases them" />
          </Stack>
        </Radio.Group>
        {form.fields.getValues().release === 'after' && (
          <NumberInput label="Days" min={1} max={9999} maw={140} {...form.fields.getInputProps('days')} />
        )}
      </ServerForm>
    </Stack>
  )
}
