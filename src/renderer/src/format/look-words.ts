import type { FolderLook } from '#shared/schemas/library.ts';
import { timeToTheSecond } from './dates.ts';
import { counted } from './quantity.ts';

/** What looking through a folder came to: `Looked through at 14:05:09: 2 photos new, 1 photo gone.` */
export function lookWords({ at, fresh, changed, back, gone }: FolderLook): string {
  const found = [
    [fresh, 'new'],
    [changed, 'changed'],
    [back, 'back'],
    [gone, 'gone'],
  ] as const;
  const said = found.flatMap(([files, what]) =>
    files === 0 ? [] : `${counted(files, 'photo')} ${what}`,
  );
  const words = said.length === 0 ? 'no photo is new, changed or gone' : said.join(', ');
  return `Looked through at ${timeToTheSecond(new Date(at))}: ${words}.`;
}
