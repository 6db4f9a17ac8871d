import { type Dice, hash } from './dice.ts'
import { asPatron, type Person } from './made-up-people.ts'
import { neverKeep, neverKeepNumber, neverKeepRate, notNamed } from './sentinels.ts'
import { type Row, wireNumber } from './wire.ts'
import { instantOf, wallTime } from './zone.ts'

export type Draft = Record<string, unknown>

export interface Season {
  dice: Dice
  bookers: Person[]
  businessId: string
  timeZone: string
  now: number
  firstId: number
  count: number
}

export const day = 86_400_000

const experiences = [
  { id: 455, name: 'Estate Tasting', variety: 'RESERVATION' },
  { id: 456, name: 'Cave Tour & Barrel Tasting', variety: 'PREPAID' },
  { id: 457, name: 'Déjeuner sur l’herbe', variety: 'DEPOSIT' },
  { id: 458, name: 'Harvest Festival 🍇', variety: 'EVENT' },
  { id: 459, name: 'Bottle Service', variety: 'TABLESIDE' },
]

const seatingAreas = [
  { id: 31, name: 'Terrace', isOutdoors: true },
  { id: 32, name: 'Salon', isOutdoors: false },
  { id: 33, name: 'Cave Nº 2' },
]

const pastStates = ['FINISHED', 'FINISHED', 'LEFT']
const comingStates = [
  'EXPECTED',
  'EXPECTED',
  'CONFIRMED_VIA_TEXT',
  'CONFIRMED_VIA_EMAIL',
  'AWAITING_RESPONSE',
]

/** A plain visit of somebody who booked for themselves, with everything on it that almost every row has. */
export function makeUpVisit(season: Season, place: number): Draft {
  const { dice, now, timeZone, count } = season
  const booker = dice.pick(season.bookers)
  const patron = { ...asPatron(booker), ...(booker.phone ? { phoneCountryCode: '+1 US' } : {}) }
  const earliest = now - 900 * day
  const spread = earliest + Math.floor(((now - day - earliest) * place) / Math.max(1, count))
  const created = Math.min(now - 60_000, spread + dice.below(3 * day))
  const onDay = wallTime(created + dice.between(0, 60) * day, timeZone).slice(0, 10)
  const clock = `${dice.between(10, 20)}:${dice.pick(['00', '15', '30', '45'])}`
  const row: Draft = {
    id: season.firstId + place,
    business: {
      id: wireNumber(season.businessId),
      name: `Made-up Winery ${season.businessId}`,
      domainName: `made-up-winery-${season.businessId}`,
      locale: 'en_US',
      currencyCode: 'USD',
      timeZone,
    },
    partySize: dice.between(1, 8),
    experience: {
      ...dice.pick(experiences),
      amountCents: neverKeepNumber,
      posSku: `${notNamed}-sku`,
    },
    ...money(dice),
    createdTimestamp: created,
    lastUpdatedTimestamp: Math.min(now, created + dice.below(20 * day)),
    transferredOut: false,
    isCancelled: false,
    ownerPatron: withLoyalty(patron, dice),
    dinerPatron: withLoyalty(patron, dice),
    versionId: created + dice.below(1000),
    visitFeedback: dice.chance(0.2) ? [feedback(created)] : [],
    visitTag: dice.chance(0.2) ? [{ tag: `${notNamed}-visit-tag` }] : [],
    sequenceId: dice.below(12),
    confirmationCode: hash(`${season.firstId} ${place}`)
      .toString(36)
      .toUpperCase()
      .padStart(8, 'A')
      .slice(-8),
    serverName: `${neverKeep}-server and Dezi`,
    note: [],
    question: dice.chance(0.2) ? [{ name: 'Occasion', response: [`${notNamed}-answer`, 'Birthday'] }] : [],
    table: [
      { id: 61, name: `${neverKeep}-table`, room: `${neverKeep}-room`, externalId: `${neverKeep}-external` },
    ],
    seatingOption: { ...dice.pick(seatingAreas) },
  }
  setTime(row, instantOf(`${onDay}T${clock}`, timeZone), timeZone)
  row.partyState = dice.pick((row.serviceDateTimestamp as number) < now ? pastStates : comingStates)
  if (dice.chance(0.3)) {
    delete row.isCancelled
    delete row.transferredOut
  }
  if (dice.chance(0.3)) row.loyaltyProgramCardNumberUsed = `${neverKeep}-loyalty-used`
  return row
}

export function setTime(row: Draft, instant: number, timeZone: string): void {
  row.dateTime = wallTime(instant, timeZone)
  row.serviceDateTimestamp = instant
}

export function withLoyalty(patron: Row, dice: Dice): Row {
  if (!dice.chance(0.2)) return { ...patron }
  return {
    ...patron,
    imageUrl: `https://www.example.com/${notNamed}.jpg`,
    loyaltyProgramCardNumber: `${neverKeep}-loyalty-card`,
    loyaltyProgramAccountId: `${neverKeep}-loyalty-account`,
  }
}

function feedback(created: number): Row {
  return {
    id: 81,
    rating: 'GOOD',
    message: `${neverKeep}-feedback`,
    isLocked: true,
    createdAtEpochSec: Math.floor(created / 1000),
    ratingType: 'THREE_POINT_EMOTICON',
    ratingScore: 3,
  }
}

function money(dice: Dice): Draft {
  const payout = { id: 71, arrivalDate: `${neverKeep}-arrival` }
  const option = { id: 836, name: `${neverKeep}-option`, amountCents: neverKeepNumber, posSku: neverKeep }
  return {
    option: dice.chance(0.4) ? [option, option] : [],
    fee: dice.chance(0.3) ? [{ id: 837, name: `${neverKeep}-fee`, amountCents: neverKeepNumber }] : [],
    customCharge: dice.chance(0.1) ? [{ name: `${neverKeep}-charge`, amountCents: neverKeepNumber }] : [],
    keyValue: dice.chance(0.3) ? [{ attribute: 'utm_source', attributeValue: `${neverKeep}-key-value` }] : [],
    compAmountCents: neverKeepNumber,
    subtotalCents: neverKeepNumber,
    taxRate: neverKeepRate,
    taxCents: neverKeepNumber,
    serviceChargeRate: neverKeepRate,
    serviceChargeCents: neverKeepNumber,
    selectedGratuityRate: 0,
    gratuityCents: 0,
    eventFeeRate: 0,
    eventFeeCents: 0,
    customFeeName: `${neverKeep}-custom-fee`,
    customFeeCents: neverKeepNumber,
    totalPriceCents: neverKeepNumber,
    netAmountPaidCents: neverKeepNumber,
    amountDueCents: 0,
    discount: dice.chance(0.2)
      ? [
          {
            description: `${neverKeep}-discount`,
            discountType: 'CREDIT',
            amountCents: '1000',
            promoCode: `${neverKeep}-promo`,
            giftCard: { giftCardProvider: 'STUB', externalIdentifier: neverKeep, externalPin: neverKeep },
          },
        ]
      : [],
    payment: [
      {
        id: 72,
        amount: neverKeepNumber,
        payout,
        paymentType: 'CREDIT_CARD',
        processorId: `${neverKeep}-payment`,
        processorFeeCents: neverKeepNumber,
        tockFeeCents: neverKeepNumber,
      },
    ],
    refund: dice.chance(0.1)
      ? [{ id: 73, amount: neverKeepNumber, status: 'COMPLETE', payout, processorId: `${neverKeep}-refund` }]
      : [],
  }
}
