/** How a business's rows become files and how storage hands them out: what a test may choose. */

export type FileKind = 'reservations' | 'guests'

export const fileKinds = ['reservations', 'guests'] as const

export type RowOrder = 'as booked' | 'reversed' | 'shuffled'

export type Delivery = {
  /** Tock's most is 5,000. */
  rowsPerFile: number
  order: RowOrder
  /** Instead of the rows in their order: exactly these files. Elements need not be rows. */
  exactFiles: Partial<Record<FileKind, readonly (readonly unknown[])[]>>
  sendsETag: boolean
  sendsLastModifiedWith304: boolean
  /** Compresses for who asks. */
  gzips: boolean
}

export function usualDelivery(): Delivery {
  return {
    rowsPerFile: 5000,
    order: 'as booked',
    exactFiles: {},
    sendsETag: true,
    sendsLastModifiedWith304: true,
    gzips: false,
  }
}

/** Which slot stands at a place of the whole export; needs no list of all of them. */
export function slotAt(order: RowOrder, place: number, count: number): number {
  if (order === 'reversed') return count - 1 - place
  // A step that shares no factor with the count meets every slot once.
  if (order === 'shuffled') return (place * stepFor(count) + 7) % count
  return place
}

function stepFor(count: number): number {
  let step = Math.max(1, Math.floor(count * 0.618))
  while (greatestCommonDivisor(step, count) > 1) step++
  return step
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}
