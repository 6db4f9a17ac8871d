/** Codes of an authenticator app: turn on (password, then a first code), turn off. */

import { Anchor, Box, Code, List, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { QRCodeSVG } from 'qrcode.react'
import { useState } from 'react'
import { auth } from '../session.ts'
import { ServerForm, useServerForm } from '../shared/server-form.tsx'

type Enabling = { totpURI: string; backupCodes: string[] }

export function TwoFactor({ isOn }: { isOn: boolean }) {
  const [enabling, setEnabling] = useState<Enabling | null>(null)
  if (enabling) return <FirstCode enabling={enabling} done={() => setEnabling(null)} />
  return isOn ? <TurnOff /> : <TurnOn begin={setEnabling} />
}

function TurnOn({ begin }: { begin: (enabling: Enabling) => void }) {
  const form = useServerForm({
    initialValues: { password: '' },
    check: needsPassword,
    submit: ({ password }) => auth<Enabling>('/two-factor/enable', { password }),
    done: begin,
  })
  return (
    <ServerForm form={form} action="Turn it on">
      <Text>
        With it, signing in also asks for a code of an app on your phone. Support and winery admins should
        turn it on.
      </Text>
      <PasswordInput
        label="Your password, to turn it on"
        autoComplete="current-password"
        {...form.fields.getInputProps('password')}
      />
    </ServerForm>
  )
}

function FirstCode({ enabling, done }: { enabling: Enabling; done: () => void }) {
  const secret = new URL(enabling.totpURI).searchParams.get('secret') ?? ''
  const form = useServerForm({
    initialValues: { code: '' },
    check: ({ code }) => (code.trim() === '' ? { code: 'The first code is needed' } : {}),
    submit: ({ code }) => auth('/two-factor/verify-totp', { code: code.replaceAll(' ', '') }),
    done,
  })
  return (
    <ServerForm form={form} action="It works: turn it on">
      <Stack gap={4}>
        <Text>
          In your authenticator app, scan this code. Or add an account with the key below it, or{' '}
          <Anchor href={enabling.totpURI}>open the app</Anchor> on this device.
        </Text>
        {/* Dark on white in both colour schemes: cameras do not read it the other way round. */}
        <Box bg="white" p="sm" w="fit-content" bdrs="sm">
          <QRCodeSVG value={enabling.totpURI} size={180} title="The key, for the camera of your phone" />
        </Box>
        <Code fz="md">{secret.replaceAll(/(.{4})/g, '$1 ').trim()}</Code>
      </Stack>
      <Stack gap={4}>
        <Text>
          Keep these backup codes where you find them without the phone. Each is good once; they are shown
          this once.
        </Text>
        <List listStyleType="none">
          {enabling.backupCodes.map((code) => (
            <List.Item key={code}>
              <Code>{code}</Code>
            </List.Item>
          ))}
        </List>
      </Stack>
      <TextInput
        label="First code of the app"
        inputMode="numeric"
        autoComplete="one-time-code"
        maw={240}
        {...form.fields.getInputProps('code')}
      />
    </ServerForm>
  )
}

function TurnOff() {
  const form = useServerForm({
    initialValues: { password: '' },
    check: needsPassword,
    submit: ({ password }) => auth('/two-factor/disable', { password }),
  })
  return (
    <ServerForm form={form} action="Turn it off" actionColor="red">
      <Text>It is on: signing in asks for a code of your app.</Text>
      <PasswordInput
        label="Your password, to turn it off"
        autoComplete="current-password"
        {...form.fields.getInputProps('password')}
      />
    </ServerForm>
  )
}

function needsPassword({ password }: { password: string }) {
  return password === '' ? { password: 'Your password is needed' } : {}
}
