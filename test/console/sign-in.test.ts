/** Sign-in, in a real browser. */

import { describe, expect, it } from 'vitest'
import { expectAccessible, picture, useConsole } from './console-for-tests.ts'

const world = useConsole({ simulator: { wineries: [] } })

describe('the sign-in', () => {
  it('comes first, says what is wrong, and leads to the page that was wanted', async () => {
    await world.as({ role: 'support' }, '/')
    const page = await world.open('/?from=mail')
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await expectAccessible(page)
    await picture(page, 'sign-in')
    await page.getByLabel('E-mail address').fill('robin-0@example.com')
    await page.getByLabel('Password', { exact: true }).fill('not the password')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('Address or password is wrong.').waitFor()
    await page.getByLabel('Password', { exact: true }).fill('correct horse battery')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Wineries' }).waitFor()
    expect(new URL(page.url()).pathname).toBe('/')
    await expectAccessible(page)
    await picture(page, 'wineries')
  })
})

describe('your account', () => {
  it('changes the own name, and the menu has it at once', async () => {
    const page = await world.as({ role: 'support' }, '/account')
    await page.getByLabel('Your name').fill('Robin Redbreast')
    await page.getByRole('button', { name: 'Change the name' }).click()
    await page.getByText('Your name is changed.').waitFor()
    await page.getByRole('button', { name: /Robin Redbreast/ }).waitFor()
    await picture(page, 'account')
  })
})
