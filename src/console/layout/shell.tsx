/** Around every page of whoever is signed in: head, navigation (a drawer on narrow screens), end. */

import { AppShell, Burger, Container, Group, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { Outlet, useParams, useRouteContext, useRouterState } from '@tanstack/react-router'
import { useEffect } from 'react'
import { TextLink } from '../shared/links.tsx'
import { ContactUs } from './contact-us.tsx'
import { Navigation } from './navigation-list.tsx'
import { UserMenu } from './user-menu.tsx'
import { WinerySwitch } from './winery-switch.tsx'

export function Shell() {
  const { me } = useRouteContext({ from: '/signed-in' })
  const { winery } = useParams({ strict: false })
  const [isOpen, { toggle, close }] = useDisclosure()
  const pathname = useRouterState({ select: ({ location }) => location.pathname })
  useEffect(() => close(), [pathname])
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 232, breakpoint: 'sm', collapsed: { mobile: !isOpen, desktop: winery === undefined } }}
      padding={{ base: 'md', sm: 'lg' }}
    >
      <a className="skip-link" href="#main">
        Skip to the page
      </a>
      <AppShell.Header>
        <Group h="100%" px="md" gap="sm" wrap="nowrap" justify="space-between">
          <Group gap="sm" wrap="nowrap" miw={0}>
            {winery !== undefined && (
              <Burger
                opened={isOpen}
                onClick={toggle}
                hiddenFrom="sm"
                size="sm"
                aria-label={isOpen ? 'Close the navigation' : 'Open the navigation'}
                aria-expanded={isOpen}
              />
            )}
            <TextLink
              to="/"
              c="inherit"
              underline="never"
              fw={650}
              aria-label="eCELLAR Tock Integration, start"
            >
              <Group gap={8} wrap="nowrap">
                <img src="/favicon.svg" alt="" width={24} height={24} />
                <Text span inherit visibleFrom="md">
                  eCELLAR Tock Integration
                </Text>
              </Group>
            </TextLink>
            {me.winery === null && <WinerySwitch />}
          </Group>
          <UserMenu me={me} />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm" aria-label="Pages">
        {winery !== undefined && <Navigation me={me} winery={winery} />}
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1}>
        <Container size="xl" px={0}>
          <Outlet />
          <div style={{ marginTop: 'var(--mantine-spacing-xl)' }}>
            <ContactUs />
          </div>
        </Container>
      </AppShell.Main>
    </AppShell>
  )
}
