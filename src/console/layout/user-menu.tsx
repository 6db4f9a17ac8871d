/** Who is signed in, in which role; the way out; light or dark. */

import { Menu, Text, UnstyledButton, useMantineColorScheme } from '@mantine/core'
import { ChevronDownIcon, DesktopIcon, ExitIcon, MoonIcon, PersonIcon, SunIcon } from '@radix-ui/react-icons'
import { useNavigate } from '@tanstack/react-router'
import { signOut } from '../session.ts'
import type { Me } from '../winery.tsx'

const schemes = [
  { value: 'auto', label: 'As the system', icon: <DesktopIcon /> },
  { value: 'light', label: 'Light', icon: <SunIcon /> },
  { value: 'dark', label: 'Dark', icon: <MoonIcon /> },
] as const

export function UserMenu({ me }: { me: Me }) {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const navigate = useNavigate()
  const leave = async () => {
    await signOut()
    await navigate({ to: '/sign-in' })
  }
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <UnstyledButton>
          <div style={{ display: 'flex', alignItems: 'center', gap: 6 }}>
            <div style={{ textAlign: 'right' }}>
              <Text size="sm" fw={600} lh={1.2} maw={160} truncate>
                {me.name}
              </Text>
              <Text size="xs" c="dimmed" lh={1.2}>
                {me.role}
              </Text>
            </div>
            <ChevronDownIcon aria-label="Menu" />
          </div>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Colours</Menu.Label>
        {schemes.map(({ value, label, icon }) => (
          <Menu.Item
            key={value}
            leftSection={icon}
            role="menuitemradio"
            aria-checked={colorScheme === value}
            onClick={() => setColorScheme(value)}
          >
            {label}
            {colorScheme === value && ' ✓'}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<PersonIcon />} onClick={() => navigate({ to: '/account' })}>
          Your account
        </Menu.Item>
        <Menu.Item leftSection={<ExitIcon />} onClick={leave}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
