/** How the console looks: one colour of its own, one spacing scale (Mantine's xs to xl), readable in light and dark. */

import { Anchor, type CSSVariablesResolver, createTheme, Table, Tooltip } from '@mantine/core'

export const theme = createTheme({
  primaryColor: 'wine',
  primaryShade: { light: 7, dark: 5 },
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
    Anchor: Anchor.extend({ defaultProps: { underline: 'always' } }),
    Table: Table.extend({ defaultProps: { verticalSpacing: 'xs', horizontalSpacing: 'sm' } }),
    Tooltip: Tooltip.extend({ defaultProps: { events: { hover: true, focus: true, touch: true } } }),
  },
})

/** Grey, red and links reach a contrast of 4.5 on every background that they stand on. */
export const readableColours: CSSVariablesResolver = () => ({
  variables: {},
  light: { '--mantine-color-dimmed': '#5b6470', '--mantine-color-error': '#c92a2a' },
  dark: {
    '--mantine-color-dimmed': '#a9b1bb',
    '--mantine-color-error': '#ff9a9a',
    '--mantine-color-anchor': '#e6b6c8',
  },
})
