/** The builder's page itself, once it is known what to begin with. */

import { Alert, Box, Button, Grid, Group, Stack, Text } from '@mantine/core'
import { useDebouncedValue, useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { lazy, Suspense, useRef, useState } from 'react'
import { savedSegmentSchema } from '../../contract/api/segment.ts'
import type { SegmentDefinition } from '../../contract/segment.ts'
import { ask, at } from '../ask.ts'
import { useWriting } from '../reading.ts'
import { Loading } from '../shared/loading.tsx'
import { Page } from '../shared/page.tsx'
import { Section } from '../shared/section.tsx'
import { TroubleNotice } from '../shared/trouble-notice.tsx'
import { useWinery } from '../winery.tsx'
import { type ConditionGroup, definitionOf, emptyQuery, queryOf } from './definition-query.ts'
import { keepDraft, readDraft } from './draft.ts'
import { LivePanel, NumbersOnTop, useProblems } from './live-panel.tsx'
import { UnsavedGuard } from './unsaved-guard.tsx'
import type { SavedSegment } from './use-segments.ts'

/** What is not looked at first comes after it. */
const BuilderPeople = lazy(() =>
  import('./builder-people.tsx').then(({ BuilderPeople }) => ({ default: BuilderPeople })),
)
const SaveDialog = lazy(() => import('./save-dialog.tsx').then(({ SaveDialog }) => ({ default: SaveDialog })))
const Builder = lazy(() => import('./builder.tsx').then(({ Builder }) => ({ default: Builder })))

const typingMs = 350

export function BuilderForm(props: {
  /** What its draft goes by. */
  of: string
  saved: SavedSegment | null
  name: string
  definition: SegmentDefinition | null
  done: (segment: SavedSegment) => Promise<void>
}) {
  const { of, saved, name, definition: first } = props
  const { winery, may } = useWinery()
  const begun = () => (first === null ? emptyQuery() : queryOf(first))
  const [draft] = useState(() => readDraft(winery, of))
  const [query, setQuery] = useState<ConditionGroup>(() => draft ?? begun())
  const [isDraft, setDraft] = useState(draft !== null)
  const [isSaving, saving] = useDisclosure(false)
  const kept = useRef(false)
  const definition = definitionOf(query)
  const problems = useProblems(query)
  const isChanged = isDraft && JSON.stringify(definition) !== JSON.stringify(first)
  const text = JSON.stringify(problems.wrong > 0 ? null : definition)
  const [askedText] = useDebouncedValue(text, typingMs)
  const definitionAsked = JSON.parse(askedText) as SegmentDefinition | null
  const asked = definitionAsked && { definition: definitionAsked }
  const change = (next: ConditionGroup) => {
    setQuery(next)
    // The builder tells of itself once it is there; only what says something else is a draft.
    const isOther = JSON.stringify(strip(next)) !== JSON.stringify(strip(begun()))
    setDraft(isOther)
    keepDraft(winery, of, isOther ? next : null)
  }
  const forget = () => keepDraft(winery, of, null)
  const done = async (segment: SavedSegment) => {
    kept.current = true
    forget()
    notifications.show({ message: `“${segment.name}” is saved.` })
    await props.done(segment)
  }
  const replacing = useWriting((input: SavedSegment) =>
    ask('POST', at`/wineries/${winery}/segments`, savedSegmentSchema, {
      body: { name: input.name, kind: input.kind, definition, replace: true },
    }),
  )
  const isReady = definition !== null && problems.wrong === 0 && problems.unfinished === 0
  return (
    <Page
      title={saved ? `Edit “${saved.name}”` : 'New segment'}
      intro="Say which customers you mean. The numbers follow while you build."
      actions={
        may('segments.write') && (
          <>
            {saved && (
              <Button
                disabled={!isReady || !isChanged}
                loading={replacing.isPending}
                onClick={() => replacing.mutate(saved, { onSuccess: (segment) => void done(segment) })}
              >
                Save
              </Button>
            )}
            <Button variant={saved ? 'default' : 'filled'} disabled={!isReady} onClick={saving.open}>
              Save as …
            </Button>
          </>
        )
      }
    >
      <UnsavedGuard isUnsaved={() => isChanged && !kept.current} leaving={forget} />
      <TroubleNotice error={replacing.error} />
      {saved?.kind === 'static' && may('segments.write') && (
        <Text size="sm">A static segment is a list: saving makes it anew, of those who match then.</Text>
      )}
      {draft !== null && isDraft && (
        <Alert color="blue" role="status">
          <Group justify="space-between" gap="sm">
            <Text size="sm">This is what you had begun; it is not saved.</Text>
            <Button
              size="xs"
              variant="default"
              onClick={() => {
                change(begun())
              }}
            >
              Begin anew
            </Button>
          </Group>
        </Alert>
      )}
      <NumbersOnTop asked={asked} />
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 8 }}>
          <Section title="Conditions">
            <Suspense fallback={<Loading />}>
              <Builder query={query} change={change} />
            </Suspense>
          </Section>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 4 }}>
          <Box pos="sticky" top={70}>
            <LivePanel definition={definition} asked={asked} problems={problems} name={saved?.name ?? ''} />
          </Box>
        </Grid.Col>
      </Grid>
      <Stack gap="lg">
        <Suspense fallback={<Loading />}>
          <BuilderPeople asked={asked} />
        </Suspense>
      </Stack>
      {definition !== null && isSaving && (
        <Suspense>
          <SaveDialog
            opened
            close={saving.close}
            definition={definition}
            name={saved ? '' : name}
            saved={(segment) => void done(segment)}
          />
        </Suspense>
      )}
    </Page>
  )
}

/** Without the numbers that the builder gives its rows. */
function strip(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(strip)
  if (typeof node !== 'object' || node === null) return node
  return Object.fromEntries(
    Object.entries(node)
      .filter(([name, value]) => !['id', 'valueSource', 'not'].includes(name) && value !== undefined)
      .sort(([one], [other]) => one.localeCompare(other))
      .map(([name, value]) => [name, strip(value)]),
  )
}
