/** What can be done with a saved segment: export, rename, remove. */

import { Button, List, Modal, Text, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { useNavigate } from '@tanstack/react-router'
import { z } from 'zod'
import { savedSegmentSchema } from '../../contract/api/segment.ts'
import { leavesOf } from '../../contract/segment.ts'
import { ask, at } from '../ask.ts'
import { useWriting } from '../reading.ts'
import { ConfirmDialog } from '../shared/confirm-dialog.tsx'
import { ServerForm, useServerForm } from '../shared/server-form.tsx'
import { useWinery } from '../winery.tsx'
import type { SegmentCount } from './asking.ts'
import { ExportOnDemand } from './export-on-demand.tsx'
import type { SavedSegment } from './use-segments.ts'

export function SegmentActions(props: {
  segment: SavedSegment
  all: SavedSegment[]
  count: SegmentCount | undefined
}) {
  const { segment, all, count } = props
  const { may } = useWinery()
  const [isRenaming, renaming] = useDisclosure(false)
  const [isRemoving, removing] = useDisclosure(false)
  return (
    <>
      {may('exports.make') && (
        <ExportOnDemand
          asked={{ segment: segment.name }}
          count={count}
          isReady={count !== undefined}
          name={segment.name}
          variant="filled"
        />
      )}
      {may('segments.write') && (
        <>
          <Button variant="default" onClick={renaming.open}>
            Rename
          </Button>
          <Button variant="default" onClick={removing.open}>
            Remove
          </Button>
          <RenameDialog segment={segment} opened={isRenaming} close={renaming.close} />
          <RemoveDialog segment={segment} all={all} opened={isRemoving} close={removing.close} />
        </>
      )}
    </>
  )
}

type Dialog = { segment: SavedSegment; opened: boolean; close: () => void }

function RenameDialog({ segment, opened, close }: Dialog) {
  const { winery } = useWinery()
  const form = useServerForm({
    initialValues: { newName: segment.name },
    check: ({ newName }) => (newName.trim() === '' ? { newName: 'Give it a name' } : {}),
    submit: ({ newName }) =>
      ask('POST', at`/wineries/${winery}/segments/rename`, savedSegmentSchema, {
        body: { name: segment.name, newName: newName.trim() },
      }),
    done: close,
  })
  return (
    <Modal
      opened={opened}
      onClose={close}
      title="Rename the segment"
      centered
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <ServerForm form={form} action="Rename">
        <TextInput label="Name" maxLength={100} data-autofocus {...form.fields.getInputProps('newName')} />
      </ServerForm>
    </Modal>
  )
}

function RemoveDialog({ segment, all, opened, close }: Dialog & { all: SavedSegment[] }) {
  const { winery } = useWinery()
  const navigate = useNavigate()
  const remove = useWriting(async () => {
    const { removed } = await ask(
      'POST',
      at`/wineries/${winery}/segments/remove`,
      z.object({ removed: z.string() }),
      {
        body: { name: segment.name },
      },
    )
    notifications.show({ message: `“${removed}” is removed.` })
    // Before the lists are read anew: then this page would be of nothing.
    await navigate({ to: '/wineries/$winery/segments', params: { winery } })
  })
  const users = usersOf(segment, all)
  return (
    <ConfirmDialog
      opened={opened}
      close={close}
      title={`Remove “${segment.name}”?`}
      action="Remove"
      isDangerous
      isBusy={remove.isPending}
      error={remove.error}
      confirm={() => remove.mutate(undefined)}
    >
      <Text size="sm">
        The segment goes, with its history. No customer changes, and past exports stay remembered.
      </Text>
      {users.length > 0 && (
        <>
          <Text size="sm" fw={600}>
            It is used:
          </Text>
          <List size="sm">
            {users.map((text) => (
              <List.Item key={text}>{text}</List.Item>
            ))}
          </List>
        </>
      )}
    </ConfirmDialog>
  )
}

/** Who would miss it. */
function usersOf(segment: SavedSegment, all: SavedSegment[]): string[] {
  const { segmentId, campaignName, schedules = 0 } = segment
  const others = all.filter(
    ({ definition }) =>
      definition !== null &&
      leavesOf(definition.where).some((leaf) => leaf.kind === 'listed' && leaf.segmentId === segmentId),
  )
  return [
    ...(campaignName === null
      ? []
      : [`as the audience of the campaign “${campaignName}”, which nobody would be warned about any more`]),
    ...(schedules === 0
      ? []
      : [
          `by ${schedules === 1 ? 'an export on a schedule, which ends' : `${schedules} exports on a schedule, which end`}`,
        ]),
    ...others.map(({ name }) => `by the segment “${name}”, which would find nobody on this list`),
  ]
}
