import type { BatchStatus } from '#shared/schemas/model.ts';
import { counted } from './quantity.ts';

/** How many photos the model gets at a time, as one sentence. */
export function batchWords({ embed, caption, measured }: BatchStatus): string {
  const sizes = `${counted(embed, 'photo')} at a time for search, ${counted(caption, 'photo')} for captions`;
  return measured
    ? `It takes ${sizes}, as measured here.`
    : `It takes ${sizes}, and measures what is best.`;
}
