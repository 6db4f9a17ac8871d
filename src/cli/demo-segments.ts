/**
 * What the demo's winery has saved before its first pull: a marketer goes from there to an audience at once, and the
 * audience of a campaign for New customers shows that an initial pull adds nobody to it by itself.
 */

import { readyMade } from '../segments/ready-made.ts'
import { markCampaign, saveSegment } from '../segments/saved-segments.ts'

const saved = [
  'Regulars: at least two visits in 12 months',
  'Lapsed: three visits, none in 18 months',
  'New customers, released within 30 days',
]
const dayMs = 86_400_000

export async function saveDemoSegments(of: Parameters<typeof saveSegment>[0]): Promise<number> {
  for (const { name, definition } of readyMade.filter((one) => saved.includes(one.name))) {
    await saveSegment(of, { name, kind: 'dynamic', definition })
  }
  const at = new Date(of.now.getTime() + 2 * dayMs)
  await markCampaign(of, { name: 'New customers, released within 30 days' }, { name: 'Welcome', at })
  return saved.length
}
