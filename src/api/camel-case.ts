/** A database row as the API shows it: `time_zone` is `timeZone` there. */

export type CamelCase<Text extends string> = Text extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : Text

export type CamelCaseRow<Row> = { [Key in keyof Row & string as CamelCase<Key>]: Row[Key] }

export function camelCaseRow<Row extends object>(row: Row): CamelCaseRow<Row> {
  return Object.fromEntries(
    Object.entries(row).map(([key, value]) => [
      key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  ) as CamelCaseRow<Row>
}
