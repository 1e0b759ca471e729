import { MedleyError, messageOf } from '#shared/errors.ts';

/** What Node, and the Rust of LanceDB, say of a disk or a quota that is used up. */
const codes: readonly unknown[] = ['ENOSPC', 'EDQUOT'];
const words =
  /\bENOSPC\b|\bEDQUOT\b|no space left on device|disk quota exceeded|not enough space on the disk/i;

/** Whether a write failed for want of room, in whichever way its library says so. */
export function isDiskFull(error: unknown): boolean {
  if (!(error instanceof Error)) return words.test(messageOf(error));
  if (error instanceof MedleyError) return error.code === 'disk-full';
  return ('code' in error && codes.includes(error.code)) || words.test(error.message);
}

/**
 * The error of a failed write as a person should hear of it.
 *
 * @param what the file or folder that was written
 * @returns MedleyError `disk-full` for want of room; any other error as it is
 */
export function asDiskFull(error: unknown, what: string): unknown {
  if (error instanceof MedleyError || !isDiskFull(error)) return error;
  return new MedleyError(
    'disk-full',
    `The disk is full: ${what} could not be written. Make room on it and start again; what was done is kept.`,
    { subject: what, cause: error },
  );
}
