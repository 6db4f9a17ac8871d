/** The figures of a chart, as a table that opens. */

import { Table, Text } from '@mantine/core'
import { numberText } from './figure.tsx'

type Row = { [name: string]: string | number }

export function FiguresBehind(props: { title: string; first: string; series: string[]; rows: Row[] }) {
  return (
    <details>
      <Text component="summary" size="sm" mt="xs" style={{ cursor: 'pointer' }}>
        The figures
      </Text>
      <Table.ScrollContainer minWidth={280} maxHeight={320} type="native">
        <Table aria-label={props.title}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{props.first}</Table.Th>
              {props.series.map((name) => (
                <Table.Th key={name} ta="right">
                  {name}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {props.rows.map((row) => (
              <Table.Tr key={row.label}>
                <Table.Th scope="row" fw={500}>
                  {row.label}
                </Table.Th>
                {props.series.map((name) => (
                  <Table.Td key={name} ta="right">
                    {numberText(Number(row[name] ?? 0))}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </details>
  )
}
