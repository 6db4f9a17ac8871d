/** What somebody may have meant by a name that is not there. */

import { distance } from 'fastest-levenshtein'

const offered = 3

/** The known names nearest to `name`, best first: slips of the finger, and names that hold it. */
export function nearNames(name: string, known: readonly string[]): string[] {
  const wanted = name.trim().toLowerCase()
  const allowed = Math.max(2, Math.floor(wanted.length / 3))
  return known
    .map((candidate) => {
      const text = candidate.toLowerCase()
      const holds = wanted !== '' && (text.includes(wanted) || (text.length > 2 && wanted.includes(text)))
      return { candidate, far: holds ? 0.5 : distance(wanted, text) }
    })
    .filter(({ far }) => far <= allowed)
    .sort((a, b) => a.far - b.far || a.candidate.localeCompare(b.candidate))
    .slice(0, offered)
    .map(({ candidate }) => candidate)
}

/** ` Did you mean "Web" or "Web Store"?`, or nothing. */
export function didYouMean(name: string, known: readonly string[]): string {
  const near = nearNames(name, known)
  return near.length === 0 ? '' : ` Did you mean ${near.map((text) => `"${text}"`).join(' or ')}?`
}
