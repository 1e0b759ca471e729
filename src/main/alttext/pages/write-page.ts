import { readFile, realpath, stat } from 'node:fs/promises';
import { MedleyError } from '#shared/errors.ts';
import { writeWhole } from '#main/files/write-whole.ts';

/**
 * Writes a page in the place of what it was, whole or not at all, with the same permissions. A link
 * stays one.
 *
 * @throws MedleyError `bad-request` where it changed since `before` was read; `disk-full`,
 *   `folder-read-only`; else what the file system says
 */
export async function writePage(path: string, before: Buffer, after: Buffer): Promise<void> {
  const real = await realpath(path);
  if (!(await readFile(real)).equals(before)) {
    const reason = `${path} is left as it is: It was changed since it was read. Read it again.`;
    throw new MedleyError('bad-request', reason, { subject: path });
  }
  const { mode } = await stat(real);
  await writeWhole(real, after, mode & 0o777);
}
