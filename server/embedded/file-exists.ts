// Whether there is a file.
import { stat } from 'node:fs/promises'
import { isNodeError } from './node-error.ts'

export async function fileExists(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch (error) {
    if (isNodeError(error, 'ENOENT')) return false
    throw error
  }
}
