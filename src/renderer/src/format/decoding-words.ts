import type { Decoding } from '#shared/schemas/photos.ts';

/** How a model came to its words, for people. */
export function decodingWords({ method, beams, seed }: Decoding): string {
  switch (method) {
    case 'greedy':
      return 'always the likeliest word';
    case 'beam':
      return `the best of ${beams ?? 1} drafts`;
    case 'nucleus':
      return `drawn from the likely words, number ${seed ?? 0}`;
  }
}
