/** What a simulated winery is made from, and the two that are there when nobody asks for others. */

export type BusinessSpec = {
  businessId: string
  name: string
  /** IANA zone. */
  timeZone: string
  /** Over the past two years and the next ninety days. */
  reservations: number
  currencyCode?: string
  locale?: string
}

export type WinerySpec = {
  businessGroupId: string
  name: string
  /** Patrons of the business group; every business lists all of them. */
  guests: number
  businesses: BusinessSpec[]
  /** Leave out the hand-picked odd cases at the front of each business; for measuring. */
  withoutCases?: boolean
}

export const sampleWineries: readonly WinerySpec[] = [
  {
    businessGroupId: '55',
    name: 'Larkmoor Estates',
    guests: 4000,
    businesses: [
      { businessId: '707', name: 'Larkmoor Vineyards', timeZone: 'America/Los_Angeles', reservations: 3000 },
      { businessId: '708', name: 'Tidewind Cellars', timeZone: 'America/Los_Angeles', reservations: 2000 },
      { businessId: '709', name: 'Prairie Lantern Winery', timeZone: 'America/Chicago', reservations: 1200 },
    ],
  },
  {
    businessGroupId: '88',
    name: 'Cantina Colle Sereno',
    guests: 700,
    businesses: [
      {
        businessId: '901',
        name: 'Cantina Colle Sereno',
        timeZone: 'Europe/Rome',
        reservations: 600,
        currencyCode: 'EUR',
        locale: 'it_IT',
      },
    ],
  },
]

/** Throws for a specification from which nothing sensible can be made. */
export function checkWineries(wineries: readonly WinerySpec[]): void {
  const seen = new Set<string>()
  for (const winery of wineries) {
    for (const business of winery.businesses) {
      if (!/^\d+$/.test(business.businessId) || !/^\d+$/.test(winery.businessGroupId)) {
        throw new Error(`The ids of ${business.name} must be digits.`)
      }
      if (seen.has(business.businessId)) throw new Error(`Business ${business.businessId} is there twice.`)
      seen.add(business.businessId)
      if (business.reservations > 0 && winery.guests < 10) {
        throw new Error(`${winery.name} needs at least 10 guests for its reservations.`)
      }
    }
  }
}
