/** One or several of the winery's names, found by typing. What is chosen and gone stays to be seen. */

import { MultiSelect } from '@mantine/core'

type Name = string | number | null

export function NamesEditor<Value extends Name>(props: {
  label: string
  /** Where what is beside it says it already. */
  hidesLabel?: boolean
  choices: readonly { value: Value; label: string }[]
  values: readonly Value[]
  /** Names that mean one of the choices as well. */
  alsoKnown?: readonly (string | null)[]
  change: (values: Value[]) => void
  autoFocus?: boolean
}) {
  const { label, hidesLabel, choices, values, change, alsoKnown = [] } = props
  // As JSON: there is a choice for "none", and a list may hold any word.
  const key = (value: Value) => JSON.stringify(value)
  const known = new Map(choices.map(({ value, label: text }) => [key(value), text]))
  for (const value of values) {
    const isKnown = [...choices.map((one) => one.value), ...alsoKnown].some(
      (one) => String(one).toLowerCase() === String(value).toLowerCase(),
    )
    if (!known.has(key(value)))
      known.set(key(value), isKnown ? String(value) : `${value} (not here any more)`)
  }
  return (
    <MultiSelect
      {...(hidesLabel ? { 'aria-label': label } : { label })}
      placeholder={values.length === 0 ? 'Choose' : ''}
      data={[...known].map(([value, text]) => ({ value, label: text }))}
      value={values.map(key)}
      onChange={(chosen) => change(chosen.map((one) => JSON.parse(one) as Value))}
      searchable
      hidePickedOptions
      nothingFoundMessage="Nothing by this name"
      clearButtonProps={{ 'aria-label': `${label}: choose none` }}
      autoFocus={props.autoFocus === true}
      miw={200}
      flex={1}
      maw={480}
    />
  )
}
