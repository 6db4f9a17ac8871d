/** What can go wrong at Tock, on demand. */

export const faultKinds = [
  // The listing.
  'no_key_403',
  'key_refused_503',
  'down_503',
  'empty_listing',
  'missing_array',
  // The files.
  'empty_arrays',
  'not_json',
  'truncated',
  'torn',
  'expired',
  'wrong_business',
  'cut',
  'slow',
  'file_500',
  'garbage_row',
] as const

export type FaultKind = (typeof faultKinds)[number]

export type FaultPlace = 'listing' | 'file'

export type Fault = {
  kind: FaultKind
  /** Only this many requests meet it; all when absent. */
  first?: number
  /** `not_json`, `truncated`, `cut` and `slow` can befall the listing too; otherwise they befall files. */
  where?: FaultPlace
  /** Only the file of this name, such as `reservation-2.json`. */
  file?: string
  /** Gone with the next listing after somebody met it. */
  heals?: 'on_relisting'
  /** `slow`: before the headers (preset), or between the tenths of the body. */
  part?: 'headers' | 'body'
  /** `slow`: 2000 when absent. */
  delayMs?: number
  /** `missing_array`: which one; `guests` when absent. */
  missing?: 'reservations' | 'guests'
  /** `garbage_row`: what stands among the rows; the number 42 when absent. */
  row?: unknown
}

export type FaultBoard = {
  /** For one business or all; null takes it away (without a business: every fault). */
  set(fault: Fault | FaultKind | null, businessId?: string): void
  /** The fault that this request meets. */
  meet(place: FaultPlace, businessId: string | null, file?: string): Fault | null
}

export function faultBoard(): FaultBoard {
  const board = new Map<string, Active>()

  /** A business's own fault comes first; where that one is spent or elsewhere, the general one holds. */
  function candidates(businessId: string | null): Active[] {
    const own = businessId === null ? undefined : board.get(businessId)
    return [own, board.get(everyBusiness)].filter((one) => one !== undefined)
  }

  return {
    set(fault, businessId) {
      if (fault === null && businessId === undefined) board.clear()
      else if (fault === null) board.delete(businessId ?? everyBusiness)
      else {
        const whole = typeof fault === 'string' ? { kind: fault } : fault
        board.set(businessId ?? everyBusiness, { fault: whole, met: 0, metBy: new Set(), healed: new Set() })
      }
    },
    meet(place, businessId, file) {
      const who = businessId ?? ''
      for (const active of candidates(businessId)) {
        const { fault } = active
        if (place === 'listing' && fault.heals && active.metBy.has(who)) active.healed.add(who)
        const isHere = placeOf(fault) === place && (fault.file === undefined || fault.file === file)
        const isSpent = active.healed.has(who) || active.met >= (fault.first ?? Number.POSITIVE_INFINITY)
        if (!isHere || isSpent) continue
        active.met++
        active.metBy.add(who)
        return fault
      }
      return null
    },
  }
}

type Active = { fault: Fault; met: number; metBy: Set<string>; healed: Set<string> }

const everyBusiness = ''

const listingFaults: ReadonlySet<FaultKind> = new Set([
  'no_key_403',
  'key_refused_503',
  'down_503',
  'empty_listing',
  'missing_array',
])

function placeOf(fault: Fault): FaultPlace {
  return listingFaults.has(fault.kind) ? 'listing' : (fault.where ?? 'file')
}
