/** Takes a pull back: what goes and what stays, and why, is shown before anything is done. */

import { Alert, Button, Group, Radio, Stack, Textarea } from '@mantine/core'
import { useState } from 'react'
import type { z } from 'zod'
import type { pullSchema } from '../../contract/api/pull.ts'
import { undoneSchema } from '../../contract/api/undo.ts'
import { ask, at } from '../ask.ts'
import { useWriting } from '../reading.ts'
import { numberText } from '../shared/figure.tsx'
import { FigureRows } from '../shared/figure-rows.tsx'
import { Section } from '../shared/section.tsx'
import { ServerForm, useServerForm } from '../shared/server-form.tsx'
import { TroubleNotice } from '../shared/trouble-notice.tsx'
import { useWinery } from '../winery.tsx'

type Undone = z.output<typeof undoneSchema>
type Wish = { what: Undone['what']; why: string }

export function UndoForm({ pull }: { pull: z.output<typeof pullSchema> }) {
  const { winery, hasSeveralBrands } = useWinery()
  const [shown, setShown] = useState<{ wish: Wish; look: Undone } | null>(null)
  const path = at`/wineries/${winery}/pulls/${pull.pullId}/undo`
  const isInitial = pull.kind === 'initial'
  const initialValues: Wish = { what: isInitial ? 'initial pull' : 'customers', why: '' }
  const form = useServerForm<Wish, { wish: Wish; look: Undone }>({
    initialValues,
    check: ({ why }) => (why.trim() === '' ? { why: 'Say why' } : {}),
    submit: async (wish) => ({
      wish,
      look: await ask('POST', path, undoneSchema, { body: { ...wish, dryRun: true } }),
    }),
    done: setShown,
  })
  const undo = useWriting((wish: Wish) => ask('POST', path, undoneSchema, { body: wish }))
  const change = (part: Partial<Wish>) => {
    setShown(null)
    form.fields.setValues(part)
  }
  const { values, errors } = form.fields
  return (
    <Section
      title="Take it back"
      intro="What it brought goes, but for customers who have become somebody's. Shown first; nothing of it can be brought back by a click."
    >
      <ServerForm form={form} action="Show what goes and what stays">
        {isInitial && (
          <Radio.Group
            label="What"
            value={values.what}
            onChange={(what) => change({ what: what as Wish['what'] })}
          >
            <Stack gap="xs" mt="xs">
              <Radio
                value="initial pull"
                label={`All that it and later pulls${hasSeveralBrands ? ' of this brand' : ''} brought`}
                description="For what was filed wrongly, or came too early. Nightly pulls are switched off, and another initial pull can follow."
              />
              <Radio
                value="customers"
                label="Only the customers that it created"
                description="Their reservations stay. No later pull makes them customers again."
              />
            </Stack>
          </Radio.Group>
        )}
        <Textarea
          label="Reason"
          description="It is recorded. No guest's name or address, please."
          autosize
          minRows={2}
          maxLength={500}
          value={values.why}
          onChange={({ currentTarget: { value: why } }) => change({ why })}
          error={errors.why}
        />
      </ServerForm>
      {shown && <Look look={shown.look} />}
      {shown && (
        <Group>
          <Button color="red" loading={undo.isPending} onClick={() => undo.mutate(shown.wish)}>
            {shown.wish.what === 'initial pull' ? 'Take the initial pull back' : 'Take the customers back'}
          </Button>
        </Group>
      )}
      <TroubleNotice error={undo.error} />
    </Section>
  )
}

function Look({ look }: { look: Undone }) {
  const { reservations, customers, kept, what } = look
  const stays: [number, string, string][] = [
    [kept.released, 'Released for marketing', 'They may have got mail.'],
    [kept.exported, 'Carried by an export', 'They are known elsewhere.'],
    [kept.edited, 'Edited, imported or opted out', "They are the winery's now."],
    [kept.matched, 'Guests of another brand as well', 'Its reservations lead to them.'],
  ]
  return (
    <Alert color="orange" role="status" title="This would go, and this would stay">
      <FigureRows
        rows={[
          ...(what === 'initial pull'
            ? [{ what: 'Reservations that go', value: numberText(reservations) }]
            : []),
          { what: 'Customers that go', value: numberText(customers) },
          ...stays
            .filter(([count]) => count > 0)
            .map(([count, label, why]) => ({ what: `Stay: ${label}`, why, value: numberText(count) })),
        ]}
      />
    </Alert>
  )
}
