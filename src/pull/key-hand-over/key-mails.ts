/** What the two sides hear of a key on its way: Support, and whoever handed it over or the reservation contact. */

import type { MailData } from '../../contract/mail.ts'
import type { WineryTransaction } from '../../database/tenant-session.ts'
import type { HandOver, KeyParts } from './key-parts.ts'

type Telling = Pick<KeyParts, 'tell' | 'now'>
export type BrandInMail = {
  brand: string
  brandName: string
  businessId: string
  businessName: string | null
}

/** `link` leads the winery's side to the page where it confirms; null: it sees that page already. */
export async function tellAccepted(
  parts: Telling,
  trx: WineryTransaction,
  handOver: HandOver,
  brands: BrandInMail[],
  link: string | null,
): Promise<void> {
  const data = { wineryName: handOver.wineryName, brands: brands.map(brandOfMail), isConfirmed: false }
  await tell(parts, trx, handOver, handOver.tellSupport, 'key-works', { ...data, link: null })
  if (link !== null) await tell(parts, trx, handOver, handOver.tellWinery, 'key-works', { ...data, link })
}

/** Support alone: the winery's side has just confirmed, or gets to know it from Support. */
export async function tellConfirmed(
  parts: Telling,
  trx: WineryTransaction,
  handOver: HandOver,
  brands: BrandInMail[],
): Promise<void> {
  await tell(parts, trx, handOver, handOver.tellSupport, 'key-works', {
    wineryName: handOver.wineryName,
    brands: brands.map(brandOfMail),
    link: null,
    isConfirmed: true,
  })
}

/** `triesUntil` null: it is no longer tried. */
export async function tellNotAccepted(
  parts: Telling,
  trx: WineryTransaction,
  handOver: HandOver,
  brands: BrandInMail[],
  why: { message: string; nextStep: string; triesUntil: Date | null },
): Promise<void> {
  for (const to of new Set([handOver.tellSupport, handOver.tellWinery])) {
    await tell(parts, trx, handOver, to, 'key-not-accepted-yet', {
      wineryName: handOver.wineryName,
      brands: brands.map(({ brand, brandName }) => ({ code: brand, name: brandName })),
      diagnosis: why.message,
      nextStep: why.nextStep,
      triesUntil: why.triesUntil?.toISOString() ?? null,
    })
  }
}

async function tell<Template extends 'key-works' | 'key-not-accepted-yet'>(
  parts: Telling,
  trx: WineryTransaction,
  { wineryId }: HandOver,
  to: string | null,
  template: Template,
  data: MailData<Template>,
): Promise<void> {
  if (to === null) return
  const mail = { to, template, data, wineryId, putAt: parts.now }
  await parts.tell(trx, mail as Parameters<KeyParts['tell']>[1])
}

const brandOfMail = ({ brand, brandName, businessId, businessName }: BrandInMail) => ({
  code: brand,
  name: brandName,
  businessId,
  businessName,
})
