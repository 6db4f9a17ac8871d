/** The winery that a page is about: its brands, its people's rights. Pages below `/wineries/…` ask `useWinery()`. */

import { createContext, type ReactNode, useContext } from 'react'
import type { z } from 'zod'
import type { Action } from '../contract/access.ts'
import { brandSchema } from '../contract/api/brand.ts'
import type { meSchema } from '../contract/api/me.ts'
import { winerySchema } from '../contract/api/winery.ts'
import { at } from './ask.ts'
import { reading, readingAll } from './reading.ts'

export type Me = z.output<typeof meSchema>
export type Winery = z.output<typeof winerySchema>
export type Brand = z.output<typeof brandSchema>

export type WineryOfPage = {
  /** Its slug, as in addresses. */
  winery: string
  name: string
  timeZone: string
  brands: Brand[]
  /** With one brand alone, no page speaks of brands. */
  hasSeveralBrands: boolean
  me: Me
  may(action: Action): boolean
}

const Context = createContext<WineryOfPage | null>(null)

export const wineryQuery = (slug: string) => reading(at`/wineries/${slug}`, winerySchema)
export const brandsQuery = (slug: string) => readingAll(at`/wineries/${slug}/brands`, brandSchema)

export function WineryProvider(props: { me: Me; winery: Winery; brands: Brand[]; children: ReactNode }) {
  const { me, winery, brands } = props
  const value: WineryOfPage = {
    winery: winery.winery,
    name: winery.name,
    timeZone: winery.timeZone,
    brands,
    hasSeveralBrands: brands.length > 1,
    me,
    may: (action) => me.actions.includes(action),
  }
  return <Context value={value}>{props.children}</Context>
}

export function useWinery(): WineryOfPage {
  const winery = useContext(Context)
  if (!winery) throw new Error('This page is not about a winery')
  return winery
}

export function useWineryName(): string | null {
  return useContext(Context)?.name ?? null
}
