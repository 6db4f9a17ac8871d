/** The size of a segment, night by night, with its figures as a table for who cannot see it. */

import '@mantine/charts/styles.css'
import { AreaChart } from '@mantine/charts'
import { numberText } from '../shared/figure.tsx'
import { FiguresBehind } from '../shared/figures-behind.tsx'
import { whenText } from '../shared/when.tsx'
import { useWinery } from '../winery.tsx'

const matching = 'Customers'
const mayMail = 'May be mailed'

export function SizeChart({ sizes }: { sizes: { recordedAt: Date; matching: number; mayMail: number }[] }) {
  const { timeZone } = useWinery()
  const rows = sizes.map((one) => ({
    label: whenText(one.recordedAt, timeZone),
    [matching]: one.matching,
    [mayMail]: one.mayMail,
  }))
  return (
    <figure style={{ margin: 0 }}>
      {/* Not to be read or reached: the figures stand in the table below. */}
      <div aria-hidden>
        <AreaChart
          h={240}
          data={rows}
          dataKey="label"
          curveType="stepAfter"
          withLegend
          valueFormatter={numberText}
          series={[
            { name: matching, color: 'blue.4' },
            { name: mayMail, color: 'wine.6' },
          ]}
          yAxisProps={{ allowDecimals: false }}
          areaProps={{ isAnimationActive: false }}
          areaChartProps={{ accessibilityLayer: false }}
        />
      </div>
      <FiguresBehind
        title="Size over time"
        first="Recorded"
        series={[matching, mayMail]}
        rows={rows.toReversed()}
      />
    </figure>
  )
}
