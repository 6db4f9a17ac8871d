/** What a condition compares with, by the shape of its field; the builder shows it behind field and operator. */

import { NumberInput, Select, Text, TextInput } from '@mantine/core'
import type { ReactNode } from 'react'
import { emailConsents } from '../../contract/vocabulary.ts'
import { numberText } from '../shared/figure.tsx'
import { whenText } from '../shared/when.tsx'
import { useWinery } from '../winery.tsx'
import { conditionField } from './condition-fields.ts'
import type { RuleValue } from './condition-rule.ts'
import { FactsEditor } from './facts-editor.tsx'
import { consentWords, originWords } from './leaf-words.ts'
import { NamesEditor } from './names-editor.tsx'
import { PeriodEditor } from './period-editor.tsx'
import { useChoices } from './use-choices.ts'

export function ConditionEditor(props: {
  field: string
  operator: string
  value: RuleValue
  change: (value: RuleValue) => void
}): ReactNode {
  const { field, operator, value, change } = props
  const about = conditionField(field)
  const label = about?.label ?? ''
  switch (about?.shape) {
    case 'count': {
      const isOfTheFuture = field !== 'visits' && field !== 'attendedVisits'
      return (
        <>
          <NumberInput
            aria-label="How many"
            value={value.times ?? ''}
            onChange={(times) => change({ ...value, times: typeof times === 'number' ? times : undefined })}
            min={0}
            max={100_000}
            allowDecimal={false}
            allowNegative={false}
            w={80}
          />
          <FactsEditor value={value} change={change} isOfTheFuture={isOfTheFuture} />
        </>
      )
    }
    case 'visit':
      return (
        <>
          <PeriodEditor
            value={value.period}
            change={(period) => change({ ...value, period })}
            isOfTheFuture={false}
          />
          <FactsEditor value={value} change={change} isOfTheFuture={false} only={['brands']} />
        </>
      )
    case 'period':
      return (
        <PeriodEditor
          value={value.period}
          change={(period) => change({ ...value, period })}
          isOfTheFuture={false}
        />
      )
    case 'names':
    case 'origins':
    case 'consents':
    case 'tags':
      return <Names field={field} label={label} value={value} change={change} />
    case 'text':
      if (operator === 'filled' || operator === 'empty') return null
      return (
        <TextInput
          aria-label={`${label}: text`}
          value={value.text ?? ''}
          maxLength={200}
          onChange={({ currentTarget: { value: text } }) => change({ ...value, text })}
          flex={1}
          miw={160}
          maw={360}
        />
      )
    case 'optedInAt':
    case 'listed':
    case 'createdIn':
      return <OneOf field={field} label={label} value={value} change={change} />
    default:
      return null
  }
}

type Part = { field: string; label: string; value: RuleValue; change: (value: RuleValue) => void }

function Names({ field, label, value, change }: Part) {
  const { choices } = useChoices()
  const named = (names: readonly string[], none?: string) => [
    ...names.map((name) => ({ value: name as string | null, label: name })),
    ...(none === undefined ? [] : [{ value: null, label: none }]),
  ]
  const offered: Record<string, { value: string | null; label: string }[]> = {
    customerSource: named(choices.customerSources, 'none'),
    customerType: named(choices.customerTypes, 'none'),
    allocationTier: named(choices.allocationTiers, 'none'),
    tags: named(choices.tags),
    createdBy: Object.entries(originWords).map(([origin, text]) => ({ value: origin, label: text })),
    emailConsent: emailConsents.map((consent) => ({ value: consent, label: consentWords[consent] })),
  }
  return (
    <NamesEditor
      label={label}
      hidesLabel
      choices={offered[field] ?? []}
      values={value.values ?? []}
      change={(values) => change({ ...value, values })}
    />
  )
}

function OneOf({ field, label, value, change }: Part) {
  const { choices } = useChoices()
  const { brands, timeZone } = useWinery()
  const day = (at: Date) => whenText(at, timeZone)
  const offered: Record<string, { value: string; label: string }[]> = {
    optedInAt: brands.map(({ brand, name }) => ({ value: brand, label: name })),
    listed: choices.lists.map(({ segmentId, name }) => ({ value: segmentId, label: name })),
    createdInPull: choices.pulls.map(({ pullId, brand, kind, finishedAt, created }) => ({
      value: pullId,
      label: `${kind === 'initial' ? 'Initial pull' : 'Pull'} ${pullId} of ${brand}, ${day(finishedAt)}: ${numberText(created)}`,
    })),
    createdInImport: choices.imports.map(({ importId, importedAt, created }) => ({
      value: importId,
      label: `Import ${importId}, ${day(importedAt)}: ${numberText(created)}`,
    })),
  }
  const data = offered[field] ?? []
  // Opted in at the only brand that there is.
  if (field === 'optedInAt' && data.length === 1 && value.of === data[0]?.value) return null
  const isKnown = value.of === undefined || data.some((one) => one.value === value.of)
  return (
    <>
      <Select
        aria-label={label}
        placeholder="Choose"
        data={isKnown ? data : [...data, { value: value.of ?? '', label: value.of ?? '' }]}
        value={value.of ?? null}
        onChange={(of) => change({ ...value, of: of ?? undefined })}
        searchable
        allowDeselect={false}
        nothingFoundMessage="Nothing by this name"
        flex={1}
        miw={200}
        maw={420}
      />
      {data.length === 0 && (
        <Text size="sm" c="dimmed">
          There is none yet.
        </Text>
      )}
    </>
  )
}
