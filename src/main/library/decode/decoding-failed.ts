import { MedleyError, messageOf } from '#shared/errors.ts';

/** A picture that cannot be decoded, with a reason a person understands. */
export function decodingFailed(name: string, error: unknown): MedleyError {
  if (error instanceof MedleyError) return error;
  const detail = messageOf(error).split('\n')[0];
  const truncated = /premature end|unexpected end|truncat|bad seek|read error/i.test(detail);
  const reason = truncated ? 'The file is cut short.' : 'The file is damaged.';
  return new MedleyError('image-corrupt', `${name} cannot be decoded. ${reason} (${detail})`, {
    subject: name,
    cause: error,
  });
}
