/** Around the pages for whoever is not signed in: narrow, with the name of the product. */

import { Box, Container, Group, Paper, Text } from '@mantine/core'
import { Outlet } from '@tanstack/react-router'
import { ContactUs } from './contact-us.tsx'

export function OpenLayout() {
  return (
    <Container size="34rem" py={{ base: 'md', sm: 'xl' }} px="md">
      <Box component="header" mb="md">
        <Group gap="xs">
          <img src="/favicon.svg" alt="" width={28} height={28} />
          <Text fw={650}>eCELLAR Tock Integration</Text>
        </Group>
      </Box>
      <Paper component="main" id="main" withBorder p={{ base: 'md', sm: 'xl' }} mb="md">
        <Outlet />
      </Paper>
      <ContactUs />
    </Container>
  )
}
