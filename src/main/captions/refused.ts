import { MedleyError } from '#shared/errors.ts';

/**
 * The error of a caption file that cannot be taken as it is.
 *
 * @param reason what is wrong where, and what to do
 * @returns MedleyError `bad-request`
 */
export function refused(file: string, reason: string, cause?: unknown): MedleyError {
  return new MedleyError('bad-request', `Captions file ${file}: ${reason}`, {
    subject: file,
    cause,
  });
}
