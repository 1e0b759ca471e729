import { MedleyError, messageOf } from '#shared/errors.ts';

/** What Node, and the Rust of LanceDB, say of a place where nothing may be changed. */
const codes: readonly unknown[] = ['EACCES', 'EPERM', 'EROFS'];
const words =
  /\bEACCES\b|\bEPERM\b|\bEROFS\b|permission denied|operation not permitted|read-only file system|access is denied/i;

/** Whether a write failed for want of the right to it, in whichever way its library says so. */
function isReadOnly(error: unknown): boolean {
  if (!(error instanceof Error)) return words.test(messageOf(error));
  return ('code' in error && codes.includes(error.code)) || words.test(error.message);
}

/**
 * The error of a failed write as a person should hear of it.
 *
 * @param folder what was written to
 * @returns MedleyError `folder-read-only` for want of the right to write; any other error as it is
 */
export function asReadOnly(error: unknown, folder: string): unknown {
  if (error instanceof MedleyError || !isReadOnly(error)) return error;
  return new MedleyError(
    'folder-read-only',
    `Medley may not write in the folder ${folder}. Give yourself the right to read and write all that is in it, or choose another folder.`,
    { subject: folder, cause: error },
  );
}
