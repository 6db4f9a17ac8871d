/** What the installation says of itself: whom to ask, and whether its mails go out. */

import { useQuery } from '@tanstack/react-query'
import { aboutSchema } from '../../contract/api/about.ts'
import { reading } from '../reading.ts'

export function useAbout() {
  return useQuery({ ...reading('/about', aboutSchema), staleTime: Number.POSITIVE_INFINITY }).data
}

/** Where a mail to somebody is: nothing is on its way from an installation that has no mail server. */
export function useMailWords(): (what: string, to: string | null) => string {
  const about = useAbout()
  return (what, to) => {
    const whom = to === null ? '' : ` to ${to}`
    if (about?.sendsMail !== false) return `${what}${whom} is on its way.`
    return `${what}${whom} waits: no mail server is set here. Whoever runs the installation finds it with "ecellar-tock mails list", and can pass it on.`
  }
}
