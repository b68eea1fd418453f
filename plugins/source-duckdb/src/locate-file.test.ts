// Which files may be opened.
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { connectTo, readTable, scratchFolder } from '../testing/scratch.ts'

async function folders(): Promise<{ inside: string; outside: string }> {
  const folder = await scratchFolder()
  const [inside, outside] = [`${folder}/allowed`, `${folder}/allowed-not`]
  await mkdir(inside)
  await mkdir(outside)
  await writeFile(`${inside}/in.csv`, 'id\n1\n')
  await writeFile(`${outside}/out.csv`, 'id\n2\n')
  return { inside, outside }
}

describe('the allowed folders', () => {
  it('a file below one of them is opened, through a link inside too', async () => {
    const { inside, outside } = await folders()
    await mkdir(`${inside}/deep/er`, { recursive: true })
    await writeFile(`${inside}/deep/er/d.csv`, 'id\n3\n')
    await symlink(`${inside}/deep/er/d.csv`, `${inside}/link.csv`)
    const allowed = [outside, inside]
    expect(await readTable(await connectTo(`${inside}/deep/er/d.csv`, { allowed }), 'd')).toEqual([[3]])
    expect(await readTable(await connectTo(`${inside}/deep/../in.csv`, { allowed }), 'in')).toEqual([[1]])
    expect(await readTable(await connectTo(`${inside}/link.csv`, { allowed }), 'link')).toEqual([[3]])
  })

  it('a file elsewhere, a path that climbs out, and links that lead out are refused alike', async () => {
    const { inside, outside } = await folders()
    await symlink(`${outside}/out.csv`, `${inside}/link.csv`)
    await symlink(outside, `${inside}/linked-folder`)
    const paths = [
      `${outside}/out.csv`,
      `${outside}/missing.csv`,
      `${inside}/../allowed-not/out.csv`,
      `${inside}/link.csv`,
      `${inside}/linked-folder/out.csv`,
      `${inside}/linked-folder/missing.csv`,
    ]
    for (const path of paths) {
      await expect(connectTo(path, { allowed: [inside] }), path).rejects.toMatchObject({
        code: 'not_allowed',
        message: expect.stringContaining('SLUICE_SOURCE_DIRS'),
      })
    }
    await expect(connectTo(`${inside}/in.csv`, { allowed: [] })).rejects.toMatchObject({
      code: 'not_allowed',
    })
  })

  it('a missing file is not found, and only its base name is told', async () => {
    const { inside } = await folders()
    const failure = connectTo(`${inside}/no/such.csv`, { allowed: [inside] })
    await expect(failure).rejects.toMatchObject({ code: 'not_found' })
    await expect(failure).rejects.not.toThrow(inside)
    await expect(failure).rejects.toThrow('such.csv')
  })

  it('an unknown ending and settings out of range are bad settings', async () => {
    const { inside } = await folders()
    await writeFile(`${inside}/sheet.xlsx`, 'x')
    for (const path of [`${inside}/sheet.xlsx`, `${inside}/.csv`]) {
      await expect(connectTo(path), path).rejects.toMatchObject({ code: 'bad_settings' })
    }
    await expect(connectTo(`${inside}/in.csv`, { memoryLimitMiB: 1 })).rejects.toMatchObject({
      code: 'bad_settings',
      message: expect.stringContaining('memoryLimitMiB'),
    })
  })

  it.skipIf(process.getuid?.() === 0)('a file that may not be read is refused', async () => {
    const { inside } = await folders()
    await chmod(`${inside}/in.csv`, 0)
    await expect(connectTo(`${inside}/in.csv`)).rejects.toMatchObject({ code: 'not_allowed' })
  })
})
