/** Web Store Settings: the source, type and tier that new customers get, of the winery and of each brand. */

import { Section } from '../shared/section.tsx'
import { useWinery } from '../winery.tsx'
import { DefaultsForm } from './defaults-form.tsx'
import { SettingsPage } from './settings-page.tsx'

export function WebStorePage() {
  const { hasSeveralBrands } = useWinery()
  return (
    <SettingsPage
      title="Web Store Settings"
      intro="What a customer gets whom a pull creates. Without a source and a type nothing is pulled. Customers that are there already keep what they have."
    >
      {(settings) => (
        <>
          <Section
            title={hasSeveralBrands ? 'All brands' : 'New customers'}
            intro={hasSeveralBrands && 'A brand may have its own, below.'}
          >
            <DefaultsForm settings={settings} brand={null} />
          </Section>
          {hasSeveralBrands &&
            settings.brands.map(({ brand, name }) => (
              <Section key={brand} title={name} intro="An empty field goes by the winery.">
                <DefaultsForm settings={settings} brand={brand} />
              </Section>
            ))}
        </>
      )}
    </SettingsPage>
  )
}
