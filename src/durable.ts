import { open, rename } from 'node:fs/promises'

/**
 * Puts a file with `text`, which only its owner reads, in the place of `path`: whoever opens `path` sees all of the old
 * file or all of the new one, also after a crash. The new name lasts once `syncDirectory` has run. `temporary` is a
 * path in the same directory.
 * @throws an error of node:fs; `path` is then as it was
 */
export async function replaceFile(path: string, temporary: string, text: string): Promise<void> {
  const file = await open(temporary, 'w', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(temporary, path)
}

/**
 * Makes renames and new names in a directory survive a crash.
 * @throws an error of node:fs
 */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}
