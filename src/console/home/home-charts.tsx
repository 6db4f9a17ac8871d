/** The charts of a winery's home, each with its figures as a table for who cannot see it. */

import '@mantine/charts/styles.css'
import { BarChart } from '@mantine/charts'
import { Group, Paper, SegmentedControl, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { z } from 'zod'
import { chartsSchema } from '../../contract/api/home.ts'
import { at } from '../ask.ts'
import { reading } from '../reading.ts'
import { BrandFilter } from '../shared/brand-filter.tsx'
import { dayText } from '../shared/day-text.ts'
import { EmptyState } from '../shared/empty-state.tsx'
import { numberText } from '../shared/figure.tsx'
import { FiguresBehind } from '../shared/figures-behind.tsx'
import { Loading } from '../shared/loading.tsx'
import { TroubleNotice } from '../shared/trouble-notice.tsx'
import { useWinery } from '../winery.tsx'

type Charts = z.output<typeof chartsSchema>
/** Told apart in light and dark, also by those who do not see every colour. */
const colours = ['wine.6', 'blue.4', 'orange.4', 'teal.6', 'grape.4', 'gray.5']

export function HomeCharts() {
  const { winery } = useWinery()
  const [weeks, setWeeks] = useState('26')
  const [brand, setBrand] = useState<string | undefined>()
  const charts = useQuery(reading(at`/wineries/${winery}/charts`, chartsSchema, { weeks, brand }))
  return (
    <Stack gap="lg">
      <Group gap="sm" align="flex-end">
        <SegmentedControl
          aria-label="Weeks"
          value={weeks}
          onChange={setWeeks}
          data={[
            { value: '13', label: '3 months' },
            { value: '26', label: '6 months' },
            { value: '52', label: '1 year' },
          ]}
        />
        <BrandFilter value={brand} change={setBrand} />
      </Group>
      {charts.error && <TroubleNotice error={charts.error} again={() => charts.refetch()} />}
      {charts.isPending && <Loading />}
      {charts.data &&
        (charts.data.weeks.length === 0 ? (
          <EmptyState title="Nothing in this time" next="Choose a longer one, or wait for the first pull." />
        ) : (
          <AllCharts charts={charts.data} />
        ))}
    </Stack>
  )
}

function AllCharts({ charts }: { charts: Charts }) {
  const { brands, hasSeveralBrands } = useWinery()
  const names = new Map(brands.map(({ brand, name }) => [brand, name]))
  const codes = [...new Set(charts.weeks.map(({ brand }) => brand))]
  const nameOf = (code: string) => (hasSeveralBrands ? (names.get(code) ?? code) : '')
  const perBrand = (of: 'reservations' | 'guests', word: string) => ({
    rows: byWeek(charts, (row) => ({ [nameOf(row.brand) || word]: row[of] })),
    series: codes.map((code) => nameOf(code) || word),
  })
  const whole = (shown: (row: Charts['weeks'][number]) => Record<string, number>) => byWeek(charts, shown)
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
      <Chart title="Reservations per week" {...perBrand('reservations', 'Reservations')} />
      <Chart title="Guests per week" {...perBrand('guests', 'Guests')} />
      <Chart
        title="Visits per week: first-time and returning guests"
        rows={whole(({ firstTime, returning }) => ({ 'First time': firstTime, Returning: returning }))}
        series={['First time', 'Returning']}
      />
      <Chart
        title="Cancelled and transferred per week"
        rows={whole(({ cancelled, transferred }) => ({ Cancelled: cancelled, Transferred: transferred }))}
        series={['Cancelled', 'Transferred']}
      />
      <ExperienceChart experiences={charts.experiences} />
    </SimpleGrid>
  )
}

type Row = { [name: string]: string | number }

function Chart(props: {
  title: string
  rows: Row[]
  series: string[]
  isSideways?: boolean
  first?: string
}) {
  const { title, rows, series, isSideways = false } = props
  return (
    <Paper withBorder p="md" component="figure" m={0}>
      <Title order={3} mb="sm">
        {title}
      </Title>
      {/* Not to be read or reached: the figures stand in the table below. */}
      <div aria-hidden>
        <BarChart
          h={isSideways ? Math.max(160, rows.length * 34) : 220}
          data={rows}
          dataKey="label"
          type="stacked"
          orientation={isSideways ? 'vertical' : 'horizontal'}
          withLegend={series.length > 1}
          withTooltip
          valueFormatter={numberText}
          series={series.map((name, index) => ({ name, color: colours[index % colours.length] ?? 'gray.5' }))}
          {...(isSideways
            ? { yAxisProps: { width: 150, interval: 0 }, xAxisProps: { allowDecimals: false } }
            : { yAxisProps: { allowDecimals: false } })}
          barProps={{ isAnimationActive: false }}
          barChartProps={{ accessibilityLayer: false }}
        />
      </div>
      <FiguresBehind title={title} first={props.first ?? 'Week of'} series={series} rows={rows} />
    </Paper>
  )
}

const experiencesShown = 12
const groups = { Cancelled: 'Cancelled', Transferred: 'Transferred', 'No Show': 'No show' } as Record<
  string,
  string
>

function ExperienceChart({ experiences }: { experiences: Charts['experiences'] }) {
  const byName = new Map<string, Row>()
  const totals = new Map<string, number>()
  for (const { experience, status, reservations } of experiences) {
    const label = experience ?? 'Without a name'
    const row = byName.get(label) ?? { label }
    const group = groups[status] ?? 'Booked or came'
    row[group] = Number(row[group] ?? 0) + reservations
    byName.set(label, row)
    totals.set(label, (totals.get(label) ?? 0) + reservations)
  }
  const rows = [...byName.values()]
    .sort((a, b) => (totals.get(String(b.label)) ?? 0) - (totals.get(String(a.label)) ?? 0))
    .slice(0, experiencesShown)
  return (
    <div>
      <Chart
        title="By experience and status"
        first="Experience"
        rows={rows}
        series={['Booked or came', 'No show', 'Cancelled', 'Transferred']}
        isSideways
      />
      {byName.size > experiencesShown && (
        <Text size="sm" c="dimmed" mt="xs">
          The {experiencesShown} with most reservations, of {byName.size}.
        </Text>
      )}
    </div>
  )
}

/** One row per week, the brands' figures added or side by side; a week without anything has its place as well. */
function byWeek(charts: Charts, shown: (row: Charts['weeks'][number]) => Record<string, number>): Row[] {
  const weeks = new Map<string, Row>()
  const last = charts.weeks.at(-1)?.week ?? ''
  for (let week = charts.weeks[0]?.week ?? ''; week !== '' && week <= last; week = weekAfter(week)) {
    weeks.set(week, { label: dayText(week, { weekday: undefined, year: undefined }) })
  }
  for (const row of charts.weeks) {
    const there = weeks.get(row.week) ?? {}
    for (const [name, value] of Object.entries(shown(row))) there[name] = Number(there[name] ?? 0) + value
  }
  return [...weeks.values()]
}

function weekAfter(week: string): string {
  return new Date(Date.parse(`${week}T00:00:00Z`) + 7 * 86_400_000).toISOString().slice(0, 10)
}
