/**
 * The builder: conditions in groups, over react-querybuilder, which is loaded with this file when somebody builds. Rows
 * and groups are its own, put into frames that say which they are.
 */

import { Box, Group, Paper, Stack, Text } from '@mantine/core'
import { QueryBuilderMantine } from '@react-querybuilder/mantine'
import { useRef } from 'react'
import {
  type Path,
  QueryBuilder,
  RuleComponents,
  RuleGroupBodyComponents,
  type RuleGroupProps,
  type RuleProps,
  useRule,
  useRuleGroup,
} from 'react-querybuilder'
import { definitionLimits } from '../../contract/segment.ts'
import { useSeesGuests } from '../shared/guest-privacy.tsx'
import { useWinery } from '../winery.tsx'
import {
  BuilderButton,
  type BuilderContext,
  ConditionProblem,
  HowSelector,
  notChosen,
  numbered,
  TakeAwayButton,
  TakeConditionAway,
  TogetherSelector,
  ValueOfCondition,
  WhatSelector,
} from './builder-controls.tsx'
import { conditionField, conditionFields } from './condition-fields.ts'
import { valueToStartWith } from './condition-problem.ts'
import type { ConditionRule } from './condition-rule.ts'
import { type ConditionGroup, combinators } from './definition-query.ts'
import { groupWords } from './definition-words.ts'

export function Builder(props: { query: ConditionGroup; change: (query: ConditionGroup) => void }) {
  const { brands, hasSeveralBrands } = useWinery()
  const context: BuilderContext = { addedId: useRef<string | undefined>(undefined) }
  const mayAskForGuests = useSeesGuests()
  return (
    <QueryBuilderMantine>
      <QueryBuilder
        query={props.query}
        onQueryChange={(query: ConditionGroup) => props.change(query)}
        fields={fieldsOffered(hasSeveralBrands)}
        combinators={combinatorOptions}
        getOperators={(field) => operatorsOf(field, mayAskForGuests)}
        getDefaultValue={(rule) => valueToStartWith(rule.field, brands)}
        autoSelectField={false}
        maxLevels={definitionLimits.depth - 1}
        context={context}
        controlElements={controls}
        translations={words}
        onAddRule={(rule) => {
          context.addedId.current = rule.id
          return true
        }}
        onRemove={(_, path) => {
          focusLater(addButton(path.slice(0, -1)))
          return true
        }}
      />
    </QueryBuilderMantine>
  )
}

function Condition(props: RuleProps) {
  const rule = useRule(props)
  return (
    <Paper withBorder p="xs" pos="relative" role="group" aria-label={`Condition ${numbered(rule.path)}`}>
      <Group gap="xs" align="flex-start" pe={{ base: 0, xs: 100 }} pt={{ base: 34, xs: 0 }}>
        <RuleComponents {...rule} />
        <ConditionProblem rule={rule.rule as ConditionRule} />
      </Group>
    </Paper>
  )
}

function ConditionsTogether(props: RuleGroupProps) {
  const group = useRuleGroup(props)
  const { path, context, schema, translations, ruleGroup } = group
  const isOutermost = path.length === 0
  const { combinatorSelector: Together, actionElement: Button, removeGroupAction: TakeAway } = schema.controls
  const common = { path, level: path.length, context, schema, rules: ruleGroup.rules, ruleOrGroup: ruleGroup }
  const name = isOutermost ? 'All conditions' : `Group ${numbered(path)}`
  return (
    <Box
      role="group"
      aria-label={name}
      {...(isOutermost
        ? {}
        : { p: 'xs', style: { borderInlineStart: '3px solid var(--mantine-color-default-border)' } })}
    >
      <Stack gap="xs">
        <Group gap="xs" align="center">
          <Text size="sm">{isOutermost ? 'Customers for whom' : 'for whom'}</Text>
          <Together
            {...common}
            ruleGroup={ruleGroup}
            options={schema.combinators}
            value={group.combinator ?? 'all'}
            handleOnChange={group.onCombinatorChange}
          />
          {!isOutermost && (
            <TakeAway
              {...common}
              title={`Take away: group ${numbered(path)}`}
              label={translations.removeGroup.label}
              handleOnClick={group.removeGroup}
            />
          )}
        </Group>
        <RuleGroupBodyComponents {...group} />
        <Group gap="xs" id={addButton(path)}>
          <Button {...common} label={translations.addRule.label} handleOnClick={group.addRule} />
          {schema.maxLevels > path.length && (
            <Button {...common} label={translations.addGroup.label} handleOnClick={group.addGroup} />
          )}
        </Group>
      </Stack>
    </Box>
  )
}

function addButton(path: Path): string {
  return `add-${path.join('-')}`
}

/** What was removed had the keyboard: it goes on where the next condition would be added. */
function focusLater(id: string): void {
  requestAnimationFrame(() => document.getElementById(id)?.querySelector('button')?.focus())
}

function operatorsOf(field: string, mayAskForGuests: boolean) {
  const about = conditionField(field)
  if (!about) return []
  // Whoever does not see names cannot find them out by asking; whether there is one may be asked.
  const isAsking = about.shape === 'text' && !mayAskForGuests
  return about.operators.filter(({ name }) => !isAsking || name === 'filled' || name === 'empty')
}

/** With one brand alone, nobody speaks of brands. */
function fieldsOffered(hasSeveralBrands: boolean) {
  return [...Map.groupBy(conditionFields, ({ group }) => group)].map(([label, fields]) => ({
    label,
    options: fields.map(({ name, label: text }) => ({
      name,
      label: name === 'optedInAt' && !hasSeveralBrands ? 'Opted in at Tock' : text,
    })),
  }))
}

const combinatorOptions = combinators.map((name) => ({ name, label: groupWords[name].toLowerCase() }))

const controls = {
  rule: Condition,
  ruleGroup: ConditionsTogether,
  fieldSelector: WhatSelector,
  operatorSelector: HowSelector,
  combinatorSelector: TogetherSelector,
  valueEditor: ValueOfCondition,
  actionElement: BuilderButton,
  removeRuleAction: TakeConditionAway,
  removeGroupAction: TakeAwayButton,
}

const words = {
  fields: { placeholderName: notChosen, placeholderLabel: 'Choose what it is about' },
  addRule: { label: 'Add a condition' },
  addGroup: { label: 'Add a group' },
  removeRule: { label: 'Take away' },
  removeGroup: { label: 'Take away' },
}
