/**
 * What the holder of a one-time link may: see what is asked for, submit the key, see how it fares, confirm. Nobody is
 * signed in here; the token is what lets in, and stands in bodies, never in addresses.
 */

import {
  confirmedKeys,
  handOverConfirmation,
  handOverForm,
  handOverLookingUp,
  handOverReading,
  handOverReceipt,
  handOverState,
  handOverSubmission,
} from '../contract/api/key.ts'
import { confirmByReceipt } from '../pull/key-hand-over/confirm-key.ts'
import { openHandOver, readHandOver } from '../pull/key-hand-over/read-hand-over.ts'
import { submitKey } from '../pull/key-hand-over/submit-key.ts'
import { clientGone } from './client-gone.ts'
import { keyPartsOf } from './key-parts.ts'
import type { Api, Parts } from './parts.ts'

const config = { action: 'anybody', guessable: true } as const
const tags = ['hand-over']

export function addHandOverRoutes(api: Api, parts: Parts): void {
  const { db } = parts.database

  api.post(
    '/hand-over/open',
    {
      config,
      schema: {
        tags,
        operationId: 'openHandOver',
        summary: 'What a link asks for; opening it spends nothing',
        body: handOverLookingUp,
        response: { 200: handOverForm },
      },
    },
    ({ body }) => openHandOver(db, body.token, parts.clock()),
  )

  api.post(
    '/hand-over/submit',
    {
      config,
      schema: {
        tags,
        operationId: 'submitHandOver',
        summary: 'Hand over key and ids: they are tried at Tock at once, and the link is spent',
        body: handOverSubmission,
        response: { 200: handOverReceipt },
      },
    },
    ({ body: { token, ...values } }, reply) =>
      submitKey({ ...keyPartsOf(parts), signal: clientGone(reply) }, token, values),
  )

  api.post(
    '/hand-over/state',
    {
      config,
      schema: {
        tags,
        operationId: 'readHandOver',
        summary: 'How what was submitted fares',
        body: handOverReading,
        response: { 200: handOverState },
      },
    },
    ({ body }) => readHandOver(db, body.receipt, parts.clock()),
  )

  api.post(
    '/hand-over/confirm',
    {
      config,
      schema: {
        tags,
        operationId: 'confirmHandOver',
        summary: 'Confirm that Tock names the right businesses: only then the key is used',
        body: handOverConfirmation,
        response: { 200: confirmedKeys },
      },
    },
    ({ body }) => confirmByReceipt(keyPartsOf(parts), body.receipt, body.seen),
  )
}
