/** Step 4: what new customers get: source, type and, if applicable, allocation tier. */

import { Stack, Text } from '@mantine/core'
import { DefaultsForm } from '../settings/defaults-form.tsx'
import { useWinery } from '../winery.tsx'
import type { SetUpFacts } from './set-up-state.ts'

export function SettingsStep({ facts: { settings } }: { facts: SetUpFacts }) {
  const { hasSeveralBrands } = useWinery()
  return (
    <Stack gap="md">
      <Text>
        A guest whose address eCELLAR does not know becomes a customer, with these.
        {hasSeveralBrands && ' They are for all brands; Settings has what one brand gets instead.'}
      </Text>
      <DefaultsForm settings={settings} brand={null} />
    </Stack>
  )
}
