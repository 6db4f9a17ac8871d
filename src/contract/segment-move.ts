/** Why customers enter and leave segments. */

/** The most serious first: what waits for a person comes before what does not. */
export const moveReasons = [
  'initial pull',
  'decision',
  'mapping',
  'pull',
  'import',
  'edit',
  'release',
  'definition',
  'time',
] as const
export type MoveReason = (typeof moveReasons)[number]
