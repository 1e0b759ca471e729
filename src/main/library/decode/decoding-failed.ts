import { MedleyError, messageOf } from '#shared/errors.ts';

/** What the decoder says of a way of writing that it lacks, in any of its lines. */
const unread =
  /not configured|not been built in|unsupported|not supported|not implement|can ?not handle/i;
/** What it says of damage: the format is known to be one it reads, as are its markers. */
const damage = /contains unsupported image format|unsupported marker type/gi;
/** It looks for the end of a file by trial, and tells of each. */
const trial = /^(?:Input buffer has corrupt header: )?source: bad seek/;

/** A picture that cannot be decoded, with a reason a person understands. */
export function decodingFailed(name: string, error: unknown): MedleyError {
  if (error instanceof MedleyError) return error;
  const lines = messageOf(error).split('\n');
  const detail = lines.find((line) => !trial.test(line)) ?? lines[0];
  if (unread.test(messageOf(error).replace(damage, ''))) {
    return new MedleyError(
      'image-unsupported',
      `${name} is written in a way that Medley does not read. (${detail})`,
      { subject: name, cause: error },
    );
  }
  const truncated = /premature end|unexpected end|truncat|bad seek|seek error|read error/i.test(
    detail,
  );
  const reason = truncated ? 'The file is cut short.' : 'The file is damaged.';
  return new MedleyError('image-corrupt', `${name} cannot be decoded. ${reason} (${detail})`, {
    subject: name,
    cause: error,
  });
}
