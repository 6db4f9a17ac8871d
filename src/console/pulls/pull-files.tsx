/** The files of a pull, opened when somebody wants to see them. */

import { Table, Text } from '@mantine/core'
import type { PullDetails } from '../../contract/pull-details.ts'
import { numberText } from '../shared/figure.tsx'

export function PullFiles({ files }: { files: PullDetails['files'] }) {
  return (
    <details>
      <Text component="summary" size="sm" style={{ cursor: 'pointer' }}>
        Each file
      </Text>
      <Table.ScrollContainer minWidth={320} maxHeight={360} type="native">
        <Table aria-label="Files">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>File</Table.Th>
              <Table.Th ta="right">Rows</Table.Th>
              <Table.Th>Since the pull before</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {files.map(({ kind, number, rows, unchanged }) => (
              <Table.Tr key={`${kind} ${number}`}>
                <Table.Td>
                  {kind === 'guests' ? 'Guests' : 'Reservations'} {number}
                </Table.Td>
                <Table.Td ta="right">{numberText(rows)}</Table.Td>
                <Table.Td>{unchanged ? 'unchanged, not read again' : 'read'}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </details>
  )
}
