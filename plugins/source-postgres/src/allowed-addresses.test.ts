/** A server's name can't lead where the host lets no connection go. */
import { expect, it } from 'vitest'
import { allowedAddresses } from './allowed-addresses.ts'
import source from './index.ts'

const isPublic = (_host: string, _port: number, address: string) => !address.startsWith('10.')
const resolving = (...addresses: readonly string[]) =>
  allowedAddresses(async () => addresses, { port: 5432 }, { isAddressAllowed: isPublic })

it('gives the addresses that may be used, in their order', async () => {
  expect(await resolving('192.0.2.2', '192.0.2.1')('db.example')).toEqual(['192.0.2.2', '192.0.2.1'])
})

it('refuses a name of which any address is forbidden, and says what to do', async () => {
  await expect(resolving('192.0.2.1', '10.0.0.1')('db.example')).rejects.toMatchObject({
    code: 'not_allowed',
    message: expect.stringContaining('SLUICE_ALLOW_PRIVATE_HOSTS'),
  })
})

it('asks also for an address that is given as such, before anything is connected to', async () => {
  const asked: unknown[] = []
  const settings = { host: '127.0.0.1', port: 1, database: 'd', user: 'u', tls: 'disable', schemas: [] }
  const context = {
    allowedDirectories: [],
    isAddressAllowed: (...given: readonly unknown[]) => {
      asked.push(given)
      return false
    },
  }
  await expect(source.connect(settings, { password: 'p' }, context)).rejects.toMatchObject({
    code: 'not_allowed',
  })
  expect(asked).toEqual([['127.0.0.1', 1, '127.0.0.1']])
})
