/** Lists of a winery with several brands can be of one; with one brand there is nothing to choose. */

import { useWinery } from '../winery.tsx'
import { SelectFilter } from './filter-bar.tsx'

export function BrandFilter(props: {
  value: string | undefined
  change: (brand: string | undefined) => void
}) {
  const { brands, hasSeveralBrands } = useWinery()
  if (!hasSeveralBrands) return null
  return (
    <SelectFilter
      label="Brand"
      all="All brands"
      value={props.value}
      choices={brands.map(({ brand: value, name: label }) => ({ value, label }))}
      change={props.change}
    />
  )
}
