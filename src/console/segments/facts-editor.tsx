/** Which reservations count: details that are added one by one, each of which has to hold. */

import { ActionIcon, Button, Group, Menu, NumberInput, Stack, TextInput } from '@mantine/core'
import { Cross2Icon, PlusIcon } from '@radix-ui/react-icons'
import type { ReactNode } from 'react'
import { useState } from 'react'
import { reservationStatuses } from '../../contract/vocabulary.ts'
import { useSeesGuests } from '../shared/guest-privacy.tsx'
import { useWinery } from '../winery.tsx'
import type { FactsDraft, RangeDraft, RuleValue } from './condition-rule.ts'
import { weekdayNames } from './leaf-words.ts'
import { NamesEditor } from './names-editor.tsx'
import { PeriodEditor } from './period-editor.tsx'
import { type Choices, useChoices } from './use-choices.ts'

type Fact = keyof FactsDraft | 'period'
const labels: Record<Fact, string> = {
  period: 'When',
  brands: 'Brand',
  reservationTypes: 'Reservation type',
  experiences: 'Experience',
  locations: 'Location',
  statuses: 'Status',
  partySize: 'Party size',
  weekdays: 'Weekday',
  timeOfDay: 'Time of day',
  notesContain: 'Notes contain',
  bookedAhead: 'Days ahead',
}
const emptyFacts: Required<FactsDraft> = {
  brands: [],
  locations: [],
  reservationTypes: [],
  experiences: [],
  statuses: [],
  partySize: {},
  weekdays: [],
  timeOfDay: {},
  notesContain: '',
  bookedAhead: {},
}

/** @param only the facts that this condition can have */
export function FactsEditor(props: {
  value: RuleValue
  change: (value: RuleValue) => void
  isOfTheFuture: boolean
  only?: readonly Fact[]
}) {
  const { value, change } = props
  const { hasSeveralBrands } = useWinery()
  const seesGuests = useSeesGuests()
  const [added, setAdded] = useState<Fact | null>(null)
  const facts = value.facts ?? {}
  const isThere = (fact: Fact) => (fact === 'period' ? value.period : facts[fact]) !== undefined
  const all = (Object.keys(labels) as Fact[]).filter(
    (fact) =>
      (props.only?.includes(fact) ?? true) &&
      (fact !== 'brands' || hasSeveralBrands || isThere(fact)) &&
      // Whoever does not see notes cannot find them out by asking.
      (fact !== 'notesContain' || seesGuests || isThere(fact)),
  )
  const left = all.filter((fact) => !isThere(fact))
  const add = (fact: Fact) => {
    setAdded(fact)
    if (fact === 'period') change({ ...value, period: { kind: 'last', n: 12, unit: 'months' } })
    else change({ ...value, facts: { ...facts, [fact]: emptyFacts[fact] } })
  }
  const remove = (fact: Fact) => {
    if (fact === 'period') return change({ ...value, period: undefined })
    const { [fact]: _, ...others } = facts
    change({ ...value, facts: others })
  }
  const put = (some: FactsDraft) => change({ ...value, facts: { ...facts, ...some } })
  return (
    <Stack gap="xs" align="stretch" w="100%">
      {all.filter(isThere).map((fact) => (
        <Group
          key={fact}
          gap="xs"
          align="flex-end"
          role="group"
          aria-label={labels[fact]}
          wrap="nowrap"
          maw={520}
        >
          <Group gap="xs" align="flex-end" flex={1} miw={0}>
            <FactEditor {...props} fact={fact} put={put} isNew={added === fact} />
          </Group>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="input-sm"
            aria-label={`Take away: ${labels[fact]}`}
            onClick={() => remove(fact)}
          >
            <Cross2Icon aria-hidden />
          </ActionIcon>
        </Group>
      ))}
      {left.length > 0 && (
        <Menu>
          <Menu.Target>
            <Button
              variant="subtle"
              size="compact-sm"
              leftSection={<PlusIcon aria-hidden />}
              style={{ alignSelf: 'flex-start' }}
            >
              Add a detail
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {left.map((fact) => (
              <Menu.Item key={fact} onClick={() => add(fact)}>
                {labels[fact]}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
    </Stack>
  )
}

function FactEditor(props: {
  fact: Fact
  value: RuleValue
  change: (value: RuleValue) => void
  put: (facts: FactsDraft) => void
  isOfTheFuture: boolean
  isNew: boolean
}): ReactNode {
  const { fact, value, put, isNew } = props
  const { choices } = useChoices()
  const { brands } = useWinery()
  const facts = value.facts ?? {}
  const label = labels[fact]
  switch (fact) {
    case 'period':
      return (
        <PeriodEditor
          value={value.period}
          change={(period) => props.change({ ...value, period })}
          isOfTheFuture={props.isOfTheFuture}
          autoFocus={isNew}
        />
      )
    case 'partySize':
    case 'bookedAhead':
      return (
        <RangeEditor
          label={label}
          value={facts[fact] ?? {}}
          change={(range) => put({ [fact]: range })}
          isNew={isNew}
        />
      )
    case 'timeOfDay': {
      const time = facts.timeOfDay ?? {}
      return (
        <>
          <TextInput
            type="time"
            label="Starts from"
            value={time.from ?? ''}
            onChange={({ currentTarget }) =>
              put({ timeOfDay: { ...time, from: currentTarget.value || undefined } })
            }
            autoFocus={isNew}
          />
          <TextInput
            type="time"
            label="and before"
            value={time.to ?? ''}
            onChange={({ currentTarget }) =>
              put({ timeOfDay: { ...time, to: currentTarget.value || undefined } })
            }
          />
        </>
      )
    }
    case 'notesContain':
      return (
        <TextInput
          label={label}
          value={facts.notesContain ?? ''}
          maxLength={200}
          onChange={({ currentTarget }) => put({ notesContain: currentTarget.value })}
          autoFocus={isNew}
          flex={1}
          maw={480}
        />
      )
    default:
      return (
        <NamesEditor<string | number | null>
          label={label}
          choices={choicesOf(fact, choices, brands)}
          alsoKnown={fact === 'experiences' ? choices.experiences.map(({ name }) => name) : []}
          values={facts[fact] ?? []}
          change={(values) => put({ [fact]: values })}
          autoFocus={isNew}
        />
      )
  }
}

type NamedFact = 'brands' | 'locations' | 'reservationTypes' | 'experiences' | 'statuses' | 'weekdays'

function choicesOf(fact: NamedFact, choices: Choices, brands: { brand: string; name: string }[]) {
  const named = (names: readonly string[]) => names.map((value) => ({ value, label: value }))
  const notMapped = { value: null, label: 'not mapped' }
  switch (fact) {
    case 'brands':
      return brands.map(({ brand, name }) => ({ value: brand, label: name }))
    case 'locations':
      return [...named(choices.locations), notMapped]
    case 'reservationTypes':
      return [...named(choices.reservationTypes), notMapped]
    case 'experiences': {
      const several = new Set(choices.experiences.map(({ brand }) => brand)).size > 1
      const nameOf = (code: string) => brands.find(({ brand }) => brand === code)?.name ?? code
      // Walk-ins have the same number at every brand.
      return [...Map.groupBy(choices.experiences, (one) => one.experienceId)].map(
        ([value, [one, ...more]]) => ({
          value,
          label: `${one?.name ?? `Experience ${value}`}${several && one && more.length === 0 ? ` · ${nameOf(one.brand)}` : ''}`,
        }),
      )
    }
    case 'statuses':
      return named(reservationStatuses)
    case 'weekdays':
      return weekdayNames.map((label, index) => ({ value: index + 1, label }))
  }
}

function RangeEditor(props: {
  label: string
  value: RangeDraft
  change: (value: RangeDraft) => void
  isNew: boolean
}) {
  const { label, value, change } = props
  const numeric = (given: string | number) => (typeof given === 'number' ? given : undefined)
  return (
    <>
      <NumberInput
        label={`${label}: at least`}
        value={value.min ?? ''}
        onChange={(min) => change({ ...value, min: numeric(min) })}
        min={0}
        allowDecimal={false}
        w={160}
        autoFocus={props.isNew}
      />
      <NumberInput
        label="at most"
        value={value.max ?? ''}
        onChange={(max) => change({ ...value, max: numeric(max) })}
        min={0}
        allowDecimal={false}
        w={110}
      />
    </>
  )
}
