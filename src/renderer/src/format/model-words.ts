import type { ModelRoles } from '#shared/schemas/model.ts';
import type { ListedModel } from '#shared/schemas/models.ts';

/** What a model can do: `Search and captions`. */
export function rolesInWords({ matching, captioning }: ModelRoles): string {
  if (matching) return captioning ? 'Search and captions' : 'Search';
  return 'Captions';
}

/** The name in a model's id, `name@fingerprint`. */
export function nameOfModel(id: string): string {
  return id.replace(/@.*$/, '');
}

/** What uses a model now: the folders that are chosen for both roles. */
export interface ChosenFolders {
  readonly matching: string;
  readonly captioning: string;
}

type Usable = Pick<ListedModel, 'folder' | 'facts' | 'problem'>;

function usesOf({ folder, facts }: Usable, chosen: ChosenFolders) {
  return {
    search: chosen.matching === folder && facts.roles.matching,
    captions: chosen.captioning === folder && facts.roles.captioning,
  };
}

/** The state of a model in words, and how good it is. */
export function modelState(
  model: Usable,
  chosen: ChosenFolders,
): { readonly words: string; readonly tone: 'used' | 'ready' | 'broken' } {
  if (model.problem !== null) return { words: 'Broken', tone: 'broken' };
  const { search, captions } = usesOf(model, chosen);
  if (search && captions) return { words: 'In use', tone: 'used' };
  if (search) return { words: 'In use for search', tone: 'used' };
  if (captions) return { words: 'In use for captions', tone: 'used' };
  return { words: 'Ready', tone: 'ready' };
}

/** What a model can be put to that it is not used for now; null where there is nothing. */
export function useWords(model: Usable, chosen: ChosenFolders): string | null {
  const { matching, captioning } = model.facts.roles;
  const { search, captions } = usesOf(model, chosen);
  const more = { search: matching && !search, captions: captioning && !captions };
  if (model.problem !== null || (!more.search && !more.captions)) return null;
  if (more.search && more.captions) return 'Use';
  return more.search ? 'Use for search' : 'Use for captions';
}

/** What whoever uses the model that ships should know (its card, "Weaknesses"). */
export const starterLimits =
  'The model that comes with Medley is small. It describes people and dogs outdoors; its captions of food, things, rooms and writing are mostly wrong.';
