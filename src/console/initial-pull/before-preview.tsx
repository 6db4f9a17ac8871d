/** What the preview stands on: which source, type and tier new customers get, and how fresh eCELLAR's customers are. */

import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { settingsSchema } from '../../contract/api/settings.ts'
import { at } from '../ask.ts'
import { reading } from '../reading.ts'
import { Facts } from '../shared/facts.tsx'
import { numberText } from '../shared/figure.tsx'
import { TextLink } from '../shared/links.tsx'
import { Section } from '../shared/section.tsx'
import { When } from '../shared/when.tsx'
import { type Brand, useWinery } from '../winery.tsx'
import { CustomersOutOfDate, lastImportQuery } from './customers-out-of-date.tsx'

export function BeforePreview({ brand }: { brand: Brand }) {
  const { winery, timeZone, may } = useWinery()
  const settings = useQuery(reading(at`/wineries/${winery}/settings`, settingsSchema)).data
  const imports = useQuery(lastImportQuery(winery)).data
  const last = imports?.items[0]
  const given = settings?.brands.find((one) => one.brand === brand.brand)?.effective
  const missing = (what: string) => (
    <Text span inherit fw={600}>
      not set: no pull without a {what}
    </Text>
  )
  return (
    <Section
      title="What new customers get"
      intro="From the Web Store Settings. eCELLAR Support or the winery admin changes them; the preview then has to be confirmed anew."
      actions={
        may('settings.write') && (
          <TextLink to="/wineries/$winery/settings/web-store" params={{ winery }} size="sm">
            Web Store Settings
          </TextLink>
        )
      }
    >
      <Facts
        facts={[
          given && {
            label: 'Customer source',
            value: given.customerSource ?? missing('customer source'),
          },
          given && {
            label: 'Customer type',
            value: given.customerType ?? missing('customer type'),
          },
          given && { label: 'Allocation tier', value: given.allocationTier ?? 'none' },
          imports && {
            label: "eCELLAR's customers",
            value: last ? (
              <>
                last imported <When at={last.importedAt} zone={timeZone} /> ({numberText(last.rows)} rows)
              </>
            ) : (
              'never imported'
            ),
          },
        ]}
      />
      <CustomersOutOfDate />
    </Section>
  )
}
