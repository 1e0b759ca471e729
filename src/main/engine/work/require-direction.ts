import { MedleyError } from '#shared/errors.ts';
import type { Outcome } from './run-batch.ts';

/** An embedding that overflowed or vanished would poison every later search. */
export function requireDirection<T extends { readonly embedding: Float32Array }>(
  outcome: Outcome<T>,
): Outcome<T> {
  if ('error' in outcome) return outcome;
  const norm = Math.hypot(...outcome.value.embedding);
  if (Number.isFinite(norm) && norm > 0) return outcome;
  return { error: new MedleyError('internal', 'The model gave an embedding without a direction.') };
}
