/** The receipt of an erasure: without personal data, to be filed. */

import { Alert, Button, List, Stack, Text } from '@mantine/core'
import { CheckCircledIcon, DownloadIcon } from '@radix-ui/react-icons'
import type { z } from 'zod'
import type { erasureReceiptSchema } from '../../contract/api/customer-writes.ts'
import { Facts } from '../shared/facts.tsx'
import { numberText } from '../shared/figure.tsx'
import { saveJson } from '../shared/save-file.ts'
import { When } from '../shared/when.tsx'

export type Receipt = z.output<typeof erasureReceiptSchema>

export function ErasureReceipt({ receipt }: { receipt: Receipt }) {
  return (
    <Stack gap="md">
      <Alert
        color={receipt.found ? 'green' : 'gray'}
        icon={<CheckCircledIcon />}
        role="status"
        title={receipt.found ? 'Erased for good' : 'Nothing was kept of this person'}
      >
        No pull and no import brings the person back.
      </Alert>
      <Facts
        columns={4}
        facts={[
          { label: 'Customers', value: numberText(receipt.customers) },
          { label: 'Guests of Tock', value: numberText(receipt.patrons) },
          { label: 'Reservations, kept without the person', value: numberText(receipt.reservations) },
          { label: 'Exceptions', value: numberText(receipt.exceptions) },
        ]}
      />
      {receipt.segments > 0 && (
        <Text>
          An address of the person stood in {numberText(receipt.segments)}{' '}
          {receipt.segments === 1 ? 'segment' : 'segments'}; “[erased]” stands there now.
        </Text>
      )}
      {receipt.scheduledFiles > 0 && (
        <Text>
          {numberText(receipt.scheduledFiles)} scheduled{' '}
          {receipt.scheduledFiles === 1 ? 'file is' : 'files are'} written anew without the person, within
          minutes. Copies that were fetched are elsewhere.
        </Text>
      )}
      {receipt.exports.length > 0 && (
        <div>
          <Text>These exports carried the person. Whoever has the files has to delete the person there:</Text>
          <List>
            {receipt.exports.map(({ exportId, name, madeAt }) => (
              <List.Item key={exportId}>
                {name}, <When at={madeAt} />
              </List.Item>
            ))}
          </List>
        </div>
      )}
      {receipt.previewDownloads.length > 0 && (
        <div>
          <Text>The guests of these previews were downloaded. The person may be among them:</Text>
          <List>
            {receipt.previewDownloads.map(({ pullId, downloadedAt }) => (
              <List.Item key={`${pullId} ${downloadedAt}`}>
                Preview {pullId}, <When at={downloadedAt} />
              </List.Item>
            ))}
          </List>
        </div>
      )}
      <Text size="sm">{receipt.wholeDatabaseBackupsRemark}</Text>
      <Text size="sm" c="dimmed">
        At Tock nothing was changed: ask Tock to erase the person there.
      </Text>
      <div>
        <Button
          variant="default"
          leftSection={<DownloadIcon />}
          onClick={() => saveJson('erasure-receipt.json', receipt)}
        >
          Save the receipt
        </Button>
      </div>
    </Stack>
  )
}
