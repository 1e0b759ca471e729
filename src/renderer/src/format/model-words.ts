import type { ModelRoles } from '#shared/schemas/model.ts';
import type { DownloadStatus, ListedModel, ReadingStatus } from '#shared/schemas/models.ts';
import { bytes, duration, percent } from './quantity.ts';

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

/** How the reading of a model is going: `Checking: 31 % · about 1 minute left`. */
export function readingWords({ purpose, share, secondsLeft }: ReadingStatus): string {
  const doing = purpose === 'add' ? 'Reading' : 'Checking';
  if (share === null) return `${doing}…`;
  const words = `${doing}: ${percent(share)}`;
  return secondsLeft === null ? words : `${words} · ${duration(secondsLeft)} left`;
}

/** How a download is going: `312 MB of 990 MB · 11.2 MB a second · about 1 minute left`. */
export function downloadWords(download: DownloadStatus): string {
  const { state, done, total, rate, secondsLeft } = download;
  if (state === 'listing') return 'Asking what there is to download…';
  const amount = total === null ? bytes(done) : `${bytes(done)} of ${bytes(total)}`;
  if (state === 'checking') return `Checking ${amount}…`;
  if (state === 'stopped') return total === null ? 'Stopped' : `Stopped at ${amount}`;
  return [
    amount,
    ...(rate === null ? [] : [`${bytes(rate)} a second`]),
    ...(secondsLeft === null ? [] : [`${duration(secondsLeft)} left`]),
  ].join(' · ');
}
