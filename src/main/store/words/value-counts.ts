import type { FilterField } from '#shared/query/query.ts';
import type { WordRow } from '../tables/words.ts';
import type { Words } from './find-words.ts';
import { fold } from './terms.ts';

/** How many photos have each value that filters can ask for, by field. */
export type ValueCounts = Readonly<Record<FilterField, ReadonlyMap<string, number>>>;

const columns = ['camera', 'folders', 'keywords', 'takenText', 'traits'] as const;
type Counted = Pick<WordRow, (typeof columns)[number]>;

/** Counts the cameras, folders, keywords, years and traits of all photos on show. */
export async function countValues(words: Words): Promise<ValueCounts> {
  const counts = {
    date: new Map<string, number>(),
    camera: new Map<string, number>(),
    folder: new Map<string, number>(),
    keyword: new Map<string, number>(),
    has: new Map<string, number>(),
    is: new Map<string, number>(),
  };
  /** As keywords are written first, where their case differs. */
  const written = new Map<string, string>();
  const add = (field: FilterField, values: Iterable<string>) => {
    for (const value of new Set(values)) {
      counts[field].set(value, (counts[field].get(value) ?? 0) + 1);
    }
  };
  const count = ({ camera, folders, keywords, takenText, traits }: Counted) => {
    add('date', takenText === null ? [] : [takenText.slice(0, 4)]);
    add('camera', camera === null ? [] : [camera]);
    add('folder', folders.flatMap(withParents));
    add(
      'keyword',
      keywords.map((keyword) => {
        const first = written.get(fold(keyword)) ?? keyword;
        written.set(fold(keyword), first);
        return first;
      }),
    );
    for (const trait of traits) {
      const [field, value] = trait.split(':');
      if (field === 'has' || field === 'is') add(field, [value]);
    }
  };
  for await (const rows of words.batches(columns)) rows.forEach(count);
  return counts;
}

/** A folder as `Photos/2019`, and those that it lies in. */
function withParents(folder: string): string[] {
  const parts = folder.split('/');
  return parts.map((_, i) => parts.slice(0, i + 1).join('/'));
}
