import type { ModelInfo } from '#shared/schemas/model.ts';

/** What a model does for the library, and what it leaves alone. */
export function usedFor({ roles }: Pick<ModelInfo, 'roles'>): string {
  if (roles.matching && roles.captioning) return 'Search and captions';
  return roles.matching
    ? 'Search; it writes no captions'
    : 'Captions; it cannot search, nor check captions';
}
