/** What is wrong now, with what to do. */

import { Alert, Stack, Text } from '@mantine/core'
import { ExclamationTriangleIcon } from '@radix-ui/react-icons'
import type { z } from 'zod'
import type { homeSchema } from '../../contract/api/home.ts'
import { ageText } from '../shared/when.tsx'
import { useWinery } from '../winery.tsx'

type OpenAlert = z.output<typeof homeSchema>['alerts'][number]

export function AlertList({ alerts }: { alerts: OpenAlert[] }) {
  const { brands, hasSeveralBrands } = useWinery()
  if (alerts.length === 0) return null
  const nameOf = (code: string) => brands.find(({ brand }) => brand === code)?.name ?? code
  return (
    <Stack gap="sm">
      {alerts.map((alert) => (
        <Alert
          key={`${alert.brand} ${alert.code}`}
          color="orange"
          icon={<ExclamationTriangleIcon />}
          title={hasSeveralBrands ? `${nameOf(alert.brand)}: ${alert.title}` : alert.title}
        >
          <Text size="sm">{alert.message}</Text>
          <Text size="sm" mt={4}>
            {alert.nextStep} Since {ageText(alert.raisedAt)}.
          </Text>
        </Alert>
      ))}
    </Stack>
  )
}
