/** What everybody has to know before thousands of customers are new at once. */

import { Alert, Text } from '@mantine/core'
import { ExclamationTriangleIcon } from '@radix-ui/react-icons'
import { numberText } from '../shared/figure.tsx'

export function CampaignWarning({ created }: { created: number }) {
  if (created === 0) return null
  return (
    <Alert
      color="orange"
      icon={<ExclamationTriangleIcon />}
      title={`Mind your campaigns: ${numberText(created)} New ${created === 1 ? 'customer' : 'customers'}`}
    >
      <Text size="sm">
        Scheduled e-mail campaigns for New customers would go to all of them. To keep that in your hands, the
        initial pull creates them <b>not released for marketing</b>: until you release them (all, some, or in
        stages) they count as nobody's New customers, and none may be mailed. Before you release them, pause
        or change such campaigns in eCELLAR.
      </Text>
    </Alert>
  )
}
