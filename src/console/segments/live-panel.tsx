/** What the conditions say in words, and the two numbers, while one builds. */

import { Paper, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { SegmentDefinition } from '../../contract/segment.ts'
import { numberText } from '../shared/figure.tsx'
import { Section } from '../shared/section.tsx'
import { TroubleNotice } from '../shared/trouble-notice.tsx'
import { useWinery } from '../winery.tsx'
import { type Asked, counting } from './asking.ts'
import { problemOf } from './condition-problem.ts'
import { type ConditionGroup, rulesOf } from './definition-query.ts'
import { definitionWords } from './definition-words.ts'
import { ExportOnDemand } from './export-on-demand.tsx'
import { AsOf, TwoNumbers, WhyNotMailed } from './segment-numbers.tsx'
import { useChoices, useNaming } from './use-choices.ts'

type Problems = { unfinished: number; wrong: number }

export function useProblems(query: ConditionGroup): Problems {
  const { choices, isThere } = useChoices()
  const { brands } = useWinery()
  const known = isThere ? { ...choices, brands: brands.map(({ brand }) => brand) } : null
  const problems = rulesOf(query).map((rule) => problemOf(rule, known))
  const count = (kind: 'unfinished' | 'wrong') => problems.filter((one) => one?.kind === kind).length
  return { unfinished: count('unfinished'), wrong: count('wrong') }
}

export function LivePanel(props: {
  definition: SegmentDefinition | null
  asked: Asked | null
  problems: Problems
  name: string
}) {
  const { definition, asked, problems } = props
  const { winery, may } = useWinery()
  const naming = useNaming()
  const count = useQuery(counting(winery, asked))
  const numbers = asked === null ? undefined : count.data
  return (
    <Section title="Who that is">
      <Text style={{ overflowWrap: 'anywhere' }}>
        {definition === null ? 'Add a condition to say who you mean.' : definitionWords(definition, naming)}
      </Text>
      {problems.unfinished > 0 && (
        <Text size="sm" c="dimmed" role="status">
          {problems.unfinished === 1
            ? 'One condition is not finished, and does not count.'
            : `${problems.unfinished} conditions are not finished, and do not count.`}
        </Text>
      )}
      {problems.wrong > 0 && (
        <Text size="sm" c="var(--mantine-color-error)" role="status">
          Nothing is counted before what is wrong in the conditions is put right.
        </Text>
      )}
      <TroubleNotice error={asked === null ? null : count.error} again={count.refetch} />
      {numbers && (
        <Stack gap="md">
          <TwoNumbers count={numbers} isOld={count.isPlaceholderData} />
          <WhyNotMailed count={numbers} />
          <AsOf asOf={numbers.asOf} />
          {may('exports.make') && asked !== null && (
            <ExportOnDemand
              asked={asked}
              count={numbers}
              isReady={!count.isPlaceholderData}
              name={props.name === '' ? 'new segment' : props.name}
              variant="default"
            />
          )}
        </Stack>
      )}
    </Section>
  )
}

/** On a narrow screen the panel lies below the conditions: the two numbers stay at the upper edge. */
export function NumbersOnTop({ asked }: { asked: Asked | null }) {
  const { winery } = useWinery()
  const { data, isPlaceholderData } = useQuery(counting(winery, asked))
  if (asked === null || data === undefined) return null
  return (
    <Paper
      hiddenFrom="md"
      withBorder
      px="md"
      py={6}
      pos="sticky"
      top="var(--app-shell-header-height, 56px)"
      // Said aloud by the panel.
      aria-hidden
      style={{ zIndex: 90 }}
    >
      <Text size="sm" ta="center" opacity={isPlaceholderData ? 0.55 : 1}>
        <strong>{numberText(data.matching)}</strong> match · <strong>{numberText(data.mayMail)}</strong> may
        be mailed
      </Text>
    </Paper>
  )
}
