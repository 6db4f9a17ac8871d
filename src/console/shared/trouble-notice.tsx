/** What went wrong, in words, with what to do now: the one way to show it. */

import { Alert, Button, Group, Text } from '@mantine/core'
import { ExclamationTriangleIcon } from '@radix-ui/react-icons'
import { troubleFrom } from '../ask.ts'

export function TroubleNotice({ error, again }: { error: unknown; again?: (() => void) | undefined }) {
  if (!error) return null
  const { message, nextStep, requestId, code } = troubleFrom(error)
  return (
    <Alert role="alert" color="red" icon={<ExclamationTriangleIcon />} title={message}>
      <Text size="sm">{nextStep}</Text>
      {requestId !== null && code === 'failed' && (
        <Text size="xs" mt="xs">
          Request {requestId}
        </Text>
      )}
      {again && (
        <Group mt="sm">
          <Button size="xs" variant="default" onClick={() => again()}>
            Try again
          </Button>
        </Group>
      )}
    </Alert>
  )
}
