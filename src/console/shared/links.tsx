/** Links that look like text, buttons and entries of the navigation; all of them real links. */

import { Anchor, Button, NavLink } from '@mantine/core'
import { createLink } from '@tanstack/react-router'

export const TextLink = createLink(Anchor<'a'>)
/** A button is no link by itself: the browser could not open it in another tab. */
export const ButtonLink = createLink(Button.withProps({ component: 'a' }) as typeof Button<'a'>)
export const NavigationLink = createLink(NavLink<'a'>)
