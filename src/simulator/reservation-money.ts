/** What stands in almost every reservation row and may never be kept: money, tables, tags, feedback. */

import { pick, type Random, whole } from './random.ts'
import type { RawRow } from './raw-row.ts'
import { isOrder, type Plan } from './reservation-plan.ts'
import { forbidden } from './sentinels.ts'
import type { Experience, Venue } from './venue.ts'

/** The repeated fields of a reservation that are never kept, all of them empty. */
export const nothingElse = {
  option: [],
  fee: [],
  customCharge: [],
  keyValue: [],
  discount: [],
  visitFeedback: [],
  visitTag: [],
  payment: [],
  refund: [],
  question: [],
  table: [],
}

export function pricesOf(plan: Plan, experience: Experience, random: Random): RawRow {
  const options = list(random, 0.6, 4, (at) => ({
    id: 836 + at,
    name: `${forbidden} cheese board ${at}`,
    amountCents: 2500,
    posSku: `${forbidden}-SKU-${at}`,
  }))
  const comped = random() < 0.1
  const refunded = random() < 0.05
  const subtotalCents = experience.amountCents * plan.partySize + options.length * 2500
  const taxCents = Math.round(subtotalCents * 0.0775)
  const serviceChargeCents = Math.round(subtotalCents * 0.18)
  const totalPriceCents = subtotalCents + taxCents + serviceChargeCents
  const discount = discountsOf(plan, random)
  const netAmountPaidCents = comped ? 0 : totalPriceCents
  return {
    option: options,
    fee: list(random, 0.5, 1, () => feeOf('Corkage', 2000)),
    customCharge: list(random, 0.1, 1, () => ({ name: `${forbidden} broken glass`, amountCents: 1200 })),
    compAmountCents: comped ? totalPriceCents : 0,
    subtotalCents,
    taxRate: 7.75,
    taxCents,
    serviceChargeRate: 18,
    serviceChargeCents,
    selectedGratuityRate: 0,
    gratuityCents: whole(random, 0, 3) * 500,
    eventFeeRate: 0,
    eventFeeCents: 0,
    ...(random() < 0.1 && { customFeeRate: 2.5, customFeeCents: 250, customFeeName: `${forbidden} fee` }),
    totalPriceCents,
    discount,
    netAmountPaidCents,
    amountDueCents: totalPriceCents - netAmountPaidCents,
    ...(plan.transferredOut && { transferredOutAmountCents: totalPriceCents }),
    payment: list(random, 0.95, 2, (at) => paymentOf(plan, at, totalPriceCents, random)).concat(
      Array.from({ length: plan.laterPayments ?? 0 }, (_, at) => paymentOf(plan, 10 + at, 5000, random)),
    ),
    refund: plan.isCancelled || refunded ? [refundOf(plan, totalPriceCents)] : [],
  }
}

export function serviceOf(venue: Venue, plan: Plan, random: Random): RawRow {
  const wasServed = plan.startsMs < venue.startedMs && !plan.isCancelled
  return {
    keyValue: list(random, 0.9, 5, (at) => ({
      attribute: pick(random, ['utm_source', 'utm_campaign', 'referrer', 'card_brand']),
      attributeValue: `${forbidden} ${pick(random, cardBrands)} ${at} ${'x'.repeat(whole(random, 10, 60))}`,
    })),
    ...(random() < 0.1 && { loyaltyProgramCardNumberUsed: `${forbidden}-LOY-USED-${plan.slot}` }),
    visitFeedback: wasServed && random() < 0.3 ? [feedbackOf(plan)] : [],
    visitTag: list(random, 0.3, 2, (at) => ({ tag: `${forbidden} VIP ${at}` })),
    ...(wasServed && { serverName: `${forbidden} Luci and Dezi` }),
    question: list(random, 0.7, 4, (at) => ({
      name: `Question ${at + 1}`,
      response: [
        `${forbidden} answer`,
        `${forbidden} another answer that goes on for a while, as answers do`,
      ],
    })),
    table: isOrder(venue, plan)
      ? []
      : list(random, 0.9, 2, (at) => ({
          id: 70_000 + at,
          name: `${forbidden} T${at + 1}`,
          room: `${forbidden} room`,
          externalId: `${forbidden}-pos-${at}`,
        })),
  }
}

const cardBrands = ['Visa', 'Mastercard', 'American Express', 'Discover'] as const

function paymentOf(plan: Plan, at: number, amount: number, random: Random): RawRow {
  return {
    id: 51_000_000 + plan.slot * 20 + at,
    amount,
    payout: { id: 61_000_000 + plan.slot, arrivalDate: `${forbidden} 2026-01-15` },
    paymentType: random() < 0.9 ? 'CREDIT_CARD' : 'TOCK_GIFT_CARD',
    processorId: `ch_${forbidden}_${pick(random, cardBrands).replaceAll(' ', '')}_${plan.slot}_${at}`,
    processorFeeCents: 290,
    tockFeeCents: 150,
  }
}

function refundOf(plan: Plan, amount: number): RawRow {
  return {
    id: 71_000_000 + plan.slot,
    amount,
    isDispute: false,
    status: 'COMPLETE',
    payout: { id: 62_000_000 + plan.slot, arrivalDate: `${forbidden} 2026-01-20` },
    processorId: `re_${forbidden}_${plan.slot}`,
    processorFeeRefundedCents: 290,
    tockFeeRefundedCents: 0,
  }
}

function discountsOf(plan: Plan, random: Random): RawRow[] {
  const amountCents = plan.oddity === 'amount as text' ? '1000' : 1000
  const isCard = random() < 0.5
  const wants = plan.oddity === 'amount as text' || random() < 0.2
  if (!wants) return []
  const how = isCard
    ? {
        giftCard: {
          giftCardProvider: 'TCC',
          externalIdentifier: `${forbidden}-GC-${plan.slot}`,
          externalPin: `${forbidden}-9876`,
        },
        confirmationNumber: `${forbidden}-CONF-${plan.slot}`,
      }
    : {
        promoCode: `${forbidden}PROMO`,
        ticketTypePromoCodeId: 3_300_000 + plan.slot,
        loyaltyProgram: { providerType: 'PAYTRONIX', accountId: `${forbidden}-LP-${plan.slot}` },
      }
  return [{ description: `${forbidden} club membership`, amountCents, discountType: 'SUBTOTAL_COMP', ...how }]
}

function feeOf(name: string, amountCents: number): RawRow {
  return { id: 990, name: `${forbidden} ${name}`, amountCents, posSku: `${forbidden}-FEE` }
}

function feedbackOf(plan: Plan): RawRow {
  return {
    id: 81_000_000 + plan.slot,
    rating: 'GOOD',
    message: `${forbidden} We had a wonderful time.`,
    isLocked: true,
    createdAtEpochSec: Math.floor(plan.startsMs / 1000) + 90_000,
    ratingType: 'FIVE_POINT_STAR',
    ratingScore: 5,
  }
}

/** Up to `most` entries, with the likelihood of at least one. */
function list(random: Random, likelihood: number, most: number, entry: (at: number) => RawRow): RawRow[] {
  const length = random() < likelihood ? whole(random, 1, most) : 0
  return Array.from({ length }, (_, at) => entry(at))
}
