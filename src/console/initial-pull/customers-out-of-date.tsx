/** A warning before a preview: eCELLAR's customers were never imported here, or not lately. */

import { Alert, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { importSchema } from '../../contract/api/customer-writes.ts'
import { pageOf } from '../../contract/api/paging.ts'
import { at } from '../ask.ts'
import { reading } from '../reading.ts'
import { TextLink } from '../shared/links.tsx'
import { ageText } from '../shared/when.tsx'
import { useWinery } from '../winery.tsx'

const freshMs = 24 * 3_600_000

export const lastImportQuery = (winery: string) =>
  reading(at`/wineries/${winery}/imports`, pageOf(importSchema), { limit: 1 })

export function CustomersOutOfDate() {
  const { winery, may } = useWinery()
  const imports = useQuery(lastImportQuery(winery)).data
  if (!imports) return null
  const [last] = imports.items
  if (last && Date.now() - last.importedAt.getTime() <= freshMs) return null
  return (
    <Alert
      color="orange"
      title={
        last
          ? `eCELLAR's customers were imported ${ageText(last.importedAt)} ago`
          : "eCELLAR's customers were never imported"
      }
    >
      <Text size="sm">
        Guests are found by the e-mail addresses that are here. Whoever is missing would be created a second
        time. Import a fresh file of eCELLAR's customers first, then run the preview.
      </Text>
      {may('customers.import') && (
        <TextLink to="/wineries/$winery/customers/import" params={{ winery }} size="sm">
          Import eCELLAR's customers
        </TextLink>
      )}
    </Alert>
  )
}
