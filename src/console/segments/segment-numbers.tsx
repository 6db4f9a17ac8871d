/** The two numbers of a segment, always beside each other: who matches, who may be mailed; and why the others may not. */

import { Group, Stack, Text } from '@mantine/core'
import { numberText } from '../shared/figure.tsx'
import { FigureRows } from '../shared/figure-rows.tsx'
import { When } from '../shared/when.tsx'
import { useWinery } from '../winery.tsx'
import type { SegmentCount } from './asking.ts'

export function TwoNumbers({
  count,
  isOld,
}: {
  count: Pick<SegmentCount, 'matching' | 'mayMail'>
  isOld?: boolean
}) {
  return (
    <Group gap="xl" role="status" aria-busy={isOld === true} opacity={isOld ? 0.55 : 1}>
      <BigNumber
        value={count.matching}
        what={count.matching === 1 ? 'customer matches' : 'customers match'}
      />
      <BigNumber value={count.mayMail} what="may be mailed" />
    </Group>
  )
}

function BigNumber({ value, what }: { value: number; what: string }) {
  return (
    <div>
      <Text span fz="1.6rem" fw={650} lh={1.2} className="figure">
        {numberText(value)}
      </Text>{' '}
      <Text span size="sm">
        {what}
      </Text>
    </div>
  )
}

export function WhyNotMailed({ count }: { count: SegmentCount }) {
  const rows = (Object.keys(obstacleWords) as Obstacle[])
    .filter((name) => count.mayNotMail[name] > 0)
    .map((name) => ({ what: obstacleWords[name], value: numberText(count.mayNotMail[name]) }))
  if (rows.length === 0) return null
  return (
    <Stack gap={4}>
      <Text size="sm" fw={600}>
        Not to be mailed
      </Text>
      <FigureRows rows={rows} />
    </Stack>
  )
}

type Obstacle = keyof SegmentCount['mayNotMail']
export const obstacleWords: Record<Obstacle, string> = {
  noAddress: 'No e-mail address',
  bounced: 'Mail came back',
  inactive: 'Not active in eCELLAR',
  optedOut: 'Opted out',
  notReleased: 'Not released for marketing',
  notOptedIn: 'Not opted in',
}

/** Of visits more is not known than Tock's latest snapshot told. */
export function AsOf({ asOf }: { asOf: SegmentCount['asOf'] }) {
  const { brands, hasSeveralBrands } = useWinery()
  if (asOf.length === 0) return null
  const zoneOf = (code: string) => brands.find(({ brand }) => brand === code)?.timeZone ?? null
  const nameOf = (code: string) => brands.find(({ brand }) => brand === code)?.name ?? code
  return (
    <div>
      <Text size="sm" fw={600}>
        Visits as of Tock’s snapshot
      </Text>
      {asOf.map(({ brand, snapshotTakenAt }) => (
        <Text size="sm" key={brand}>
          {hasSeveralBrands && `${nameOf(brand)}: `}
          {snapshotTakenAt === null ? 'never pulled' : <When at={snapshotTakenAt} zone={zoneOf(brand)} />}
        </Text>
      ))}
    </div>
  )
}
