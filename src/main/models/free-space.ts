import { statfs } from 'node:fs/promises';
import { MedleyError } from '#shared/errors.ts';
import { formatBytes } from '#shared/format-bytes.ts';

/** Bytes that may still be written to the disk of a folder. */
export type FreeBytes = (folder: string) => Promise<number>;

export const freeBytes: FreeBytes = async (folder) => {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
};

/** Left over for everything else on the disk. */
const reserve = 200e6;

/**
 * Makes sure that a download fits, before it fills the disk.
 *
 * @throws MedleyError `disk-full`, saying how much is missing
 */
export async function requireSpace(
  folder: string,
  needed: number,
  free: FreeBytes = freeBytes,
): Promise<void> {
  const there = await free(folder);
  const missing = needed + reserve - there;
  if (missing <= 0) return;
  throw new MedleyError(
    'disk-full',
    `${formatBytes(missing)} more are needed on the disk of ${folder}: the download takes ` +
      `${formatBytes(needed)} and ${formatBytes(reserve)} to spare, and ${formatBytes(there)} are free.`,
    { subject: folder },
  );
}
