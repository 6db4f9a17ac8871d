/** How the console looks: one colour of its own, one spacing scale (Mantine's xs to xl), readable in light and dark. */

import {
  Alert,
  Anchor,
  type CSSVariablesResolver,
  createTheme,
  Modal,
  Notification,
  Table,
  Tooltip,
} from '@mantine/core'

export const theme = createTheme({
  primaryColor: 'wine',
  primaryShade: { light: 7, dark: 6 },
  respectReducedMotion: true,
  autoContrast: true,
  luminanceThreshold: 0.4,
  colors: {
    wine: [
      '#fbf0f4',
      '#f2dde5',
      '#e6b6c8',
      '#dc8dab',
      '#d46b92',
      '#cf5582',
      '#b83f6c',
      '#8f2c52',
      '#7a2445',
      '#651a38',
    ],
  },
  defaultRadius: 'md',
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif',
  headings: {
    fontWeight: '650',
    sizes: { h1: { fontSize: '1.625rem' }, h2: { fontSize: '1.2rem' }, h3: { fontSize: '1rem' } },
  },
  components: {
    // The title is as readable as any other text; the colour is the frame's and the sign's. What stands on a page from
    // the beginning is a note; what has just happened says so with a role of its own.
    Alert: Alert.extend({
      defaultProps: { role: 'note' },
      styles: { label: { color: 'var(--mantine-color-text)' } },
    }),
    // A link is as large as the text around it.
    Anchor: Anchor.extend({ defaultProps: { underline: 'always', inherit: true } }),
    // The head of a dialog is no head of the page.
    Modal: Modal.extend({
      defaultProps: { attributes: { header: { role: 'presentation' } } },
      styles: { title: { fontWeight: 650 } },
    }),
    Notification: Notification.extend({
      defaultProps: { closeButtonProps: { 'aria-label': 'Close' } },
      styles: { description: { color: 'var(--mantine-color-text)' } },
    }),
    Table: Table.extend({ defaultProps: { verticalSpacing: 'xs', horizontalSpacing: 'sm' } }),
    Tooltip: Tooltip.extend({ defaultProps: { events: { hover: true, focus: true, touch: true } } }),
  },
})

/** Grey, red and links reach a contrast of 4.5 on every background that they stand on. */
export const readableColours: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#5b6470',
    '--mantine-color-placeholder': '#5b6470',
    '--mantine-color-error': '#c92a2a',
    '--mantine-color-red-outline': '#c92a2a',
    '--mantine-color-red-filled': '#c92a2a',
    '--mantine-color-red-filled-hover': '#b02525',
  },
  dark: {
    '--mantine-color-dimmed': '#a9b1bb',
    '--mantine-color-placeholder': '#a9b1bb',
    '--mantine-color-error': '#ff9a9a',
    '--mantine-color-red-outline': '#ff9a9a',
    '--mantine-color-red-filled': '#c92a2a',
    '--mantine-color-red-filled-hover': '#b02525',
    '--mantine-color-anchor': '#e6b6c8',
  },
})
