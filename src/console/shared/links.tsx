/** Links that look like text, buttons and entries of the navigation; all of them real links. */

import { Anchor, Button, NavLink } from '@mantine/core'
import { createLink } from '@tanstack/react-router'

export const TextLink = createLink(Anchor<'a'>)
export const ButtonLink = createLink(Button<'a'>)
export const NavigationLink = createLink(NavLink<'a'>)
