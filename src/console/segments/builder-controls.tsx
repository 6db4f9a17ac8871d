/** The builder's own controls: those of the Mantine skin, with a name for each that a screen reader can say. */

import { Box, Text } from '@mantine/core'
import { ExclamationTriangleIcon, Pencil2Icon } from '@radix-ui/react-icons'
import { MantineActionElement, MantineValueSelector } from '@react-querybuilder/mantine'
import {
  type ActionProps,
  type CombinatorSelectorProps,
  type FieldSelectorProps,
  isOptionGroupArray,
  type OperatorSelectorProps,
  type Path,
  type ValueEditorProps,
} from 'react-querybuilder'
import { useWinery } from '../winery.tsx'
import { ConditionEditor } from './condition-editor.tsx'
import { problemOf } from './condition-problem.ts'
import type { RuleValue } from './condition-rule.ts'
import { useChoices } from './use-choices.ts'

/** What a page tells the controls: the condition that was just added takes the keyboard. */
export type BuilderContext = { addedId: { current: string | undefined } }

const look = { size: 'sm', comboboxProps: { withinPortal: true }, allowDeselect: false } as const

export function WhatSelector({ title: _, ...props }: FieldSelectorProps) {
  const { addedId } = props.context as BuilderContext
  const isNew = addedId.current !== undefined && addedId.current === props.rule.id
  const named = {
    'aria-label': 'What it is about',
    placeholder: 'Choose what it is about',
    searchable: true,
    nothingFoundMessage: 'Nothing by this name',
    autoFocus: isNew,
    w: { base: '100%', xs: 250 },
  }
  const value = props.value === notChosen ? '' : (props.value ?? '')
  // Not to choose is no choice.
  const options = isOptionGroupArray(props.options)
    ? props.options.filter((group) => !group.options.some(({ name }) => name === notChosen))
    : props.options
  return <MantineValueSelector {...props} options={options} {...look} {...named} value={value} />
}

/** What a rule's field is as long as nobody has chosen one. */
export const notChosen = '~'

export function HowSelector({ title: _, ...props }: OperatorSelectorProps) {
  // With nothing to choose there is nothing to show.
  if (props.options.length < 2) return null
  return <MantineValueSelector {...props} {...look} {...{ 'aria-label': 'How', w: 160 }} />
}

export function TogetherSelector({ title: _, ...props }: CombinatorSelectorProps) {
  const named = { 'aria-label': 'Which of the conditions below have to hold', w: 260 }
  return <MantineValueSelector {...props} {...look} {...named} />
}

export function BuilderButton({ title: _, ...props }: ActionProps) {
  return <MantineActionElement {...props} {...{ size: 'compact-sm', variant: 'default' }} />
}

export function TakeAwayButton({ title, ...props }: ActionProps) {
  const named = { size: 'compact-sm', variant: 'subtle', color: 'gray', 'aria-label': title }
  return <MantineActionElement {...props} {...named} />
}

/** In the corner of its condition; the last of it for the keyboard. */
export function TakeConditionAway({ rule: _, ...props }: ActionProps & { rule?: unknown }) {
  return (
    <Box pos="absolute" top={10} right={8}>
      <TakeAwayButton {...props} title={`Take away: condition ${numbered(props.path)}`} />
    </Box>
  )
}

/** `[0, 2]` is the third of the first group: 1.3. */
export function numbered(path: Path): string {
  return path.map((index) => index + 1).join('.')
}

export function ValueOfCondition({ field, operator, value, handleOnChange, rule }: ValueEditorProps) {
  return (
    <ConditionEditor
      // Another field begins anew.
      key={`${rule.id}-${field}`}
      field={field}
      operator={operator}
      value={(value ?? {}) as RuleValue}
      change={handleOnChange}
    />
  )
}

/** What is missing or wrong, at the condition itself. */
export function ConditionProblem({ rule }: { rule: Parameters<typeof problemOf>[0] }) {
  const { choices, isThere } = useChoices()
  const { brands } = useWinery()
  const known = isThere ? { ...choices, brands: brands.map(({ brand }) => brand) } : null
  const problem = problemOf(rule, known)
  if (problem === null) return null
  const isWrong = problem.kind === 'wrong'
  const Sign = isWrong ? ExclamationTriangleIcon : Pencil2Icon
  return (
    <Text size="sm" c={isWrong ? 'var(--mantine-color-error)' : 'dimmed'} w="100%">
      <Sign aria-hidden style={{ verticalAlign: '-2px', marginInlineEnd: 6 }} />
      {isWrong ? problem.words : `Does not count yet. ${problem.words}`}
    </Text>
  )
}
