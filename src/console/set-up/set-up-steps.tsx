/** The steps below each other: done, next, later; what there is to do stands in the step that is next. */

import { Box, Button, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { lazy, Suspense, useState } from 'react'
import { Loading } from '../shared/loading.tsx'
import { StatusBadge } from '../shared/status-badge.tsx'
import type { SetUpFacts, Step, StepName } from './set-up-state.ts'

/** Each is loaded when it is the turn of its step: together they would be too much to begin with. */
const contents: Record<
  StepName,
  React.LazyExoticComponent<(props: { facts: SetUpFacts }) => React.ReactNode>
> = {
  brand: lazy(() => import('./brand-step.tsx').then((file) => ({ default: file.BrandStep }))),
  key: lazy(() => import('./key-step.tsx').then((file) => ({ default: file.KeyStep }))),
  connection: lazy(() => import('./connection-step.tsx').then((file) => ({ default: file.ConnectionStep }))),
  settings: lazy(() => import('./settings-step.tsx').then((file) => ({ default: file.SettingsStep }))),
  preview: lazy(() => import('./preview-step.tsx').then((file) => ({ default: file.PreviewStep }))),
  approve: lazy(() => import('./initial-pull-step.tsx').then((file) => ({ default: file.InitialPullStep }))),
  map: lazy(() => import('./map-step.tsx').then((file) => ({ default: file.MapStep }))),
  enable: lazy(() => import('./enable-step.tsx').then((file) => ({ default: file.EnableStep }))),
}

export function SetUpSteps(props: { facts: SetUpFacts; steps: Step[]; next: StepName | null }) {
  const { facts, steps, next } = props
  // Mapping never blocks: after the initial pull it stands open, and so does enabling.
  const isOpenAnyway = (name: StepName) =>
    facts.nightly.hadInitialPull && facts.brand.enabledAt === null && (name === 'map' || name === 'enable')
  return (
    <Stack component="ol" gap="sm" p={0} m={0} style={{ listStyle: 'none' }}>
      {steps.map((step, index) => (
        <OneStep
          key={step.name}
          number={index + 1}
          step={step}
          isNext={step.name === next || isOpenAnyway(step.name)}
          facts={facts}
        />
      ))}
    </Stack>
  )
}

function OneStep(props: { number: number; step: Step; isNext: boolean; facts: SetUpFacts }) {
  const { number, step, isNext, facts } = props
  const [isOpen, setOpen] = useState(false)
  const Content = contents[step.name]
  const isShown = (isNext && !step.isDone) || isOpen
  const look = step.isDone ? 'good' : isNext ? 'news' : 'plain'
  return (
    <Paper component="li" withBorder p="md" aria-current={isNext && !step.isDone ? 'step' : undefined}>
      <Group justify="space-between" gap="xs" wrap="nowrap" align="flex-start">
        <Box miw={0}>
          <Title order={2} fz="md">
            {number}. {step.title}
          </Title>
          {!step.isDone && (
            <Text size="sm" c="dimmed">
              {step.who}
            </Text>
          )}
        </Box>
        <Group gap="xs" justify="flex-end">
          {step.isDone && (
            <Button
              size="compact-sm"
              variant="subtle"
              onClick={() => setOpen(!isOpen)}
              aria-expanded={isOpen}
              aria-label={`${isOpen ? 'Hide' : 'Show'} step ${number}, ${step.title}`}
            >
              {isOpen ? 'Hide' : 'Show'}
            </Button>
          )}
          <StatusBadge look={look}>{step.isDone ? 'Done' : isNext ? 'Next' : 'Later'}</StatusBadge>
        </Group>
      </Group>
      {isShown && (
        <Box mt="md">
          <Suspense fallback={<Loading />}>
            <Content facts={facts} />
          </Suspense>
        </Box>
      )}
    </Paper>
  )
}
