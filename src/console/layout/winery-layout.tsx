/** Around the pages of one winery. */

import { useQuery } from '@tanstack/react-query'
import { Outlet, useLoaderData, useMatches, useParams, useRouteContext } from '@tanstack/react-router'
import { brandsQuery, WineryProvider, wineryQuery } from '../winery.tsx'
import { NotForYou } from './page-failed.tsx'

export function WineryLayout() {
  const { me } = useRouteContext({ from: '/signed-in' })
  const { winery: slug } = useParams({ from: '/signed-in/wineries/$winery' })
  const loaded = useLoaderData({ from: '/signed-in/wineries/$winery' })
  // What the page itself changes (a name, a new brand) shows at once.
  const winery = useQuery(wineryQuery(slug)).data ?? loaded.winery
  const brands = useQuery(brandsQuery(slug)).data ?? loaded.brands
  const needs = useMatches({ select: (matches) => matches.at(-1)?.staticData.needs })
  const isForMe = needs === undefined || needs.some((action) => me.actions.includes(action))
  return (
    <WineryProvider me={me} winery={winery} brands={brands.items}>
      {isForMe ? <Outlet /> : <NotForYou role={me.role} />}
    </WineryProvider>
  )
}
