import type { Dirent } from 'node:fs';
import fs from 'node:fs/promises';
import { join } from 'node:path';

/** What Medley uses in Electron's main process that Node 18.15 lacks. */

Promise.withResolvers ??= withResolvers;

function withResolvers<T>(): PromiseWithResolvers<T> {
  let resolve: PromiseWithResolvers<T>['resolve'] = () => {};
  let reject: PromiseWithResolvers<T>['reject'] = () => {};
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}

/** `readdir` with `recursive` and `withFileTypes`, the one way it is called: it knew no `recursive`. */
async function readTree(folder: string): Promise<Dirent[]> {
  const entries = await readFolder(folder, { withFileTypes: true });
  const below = entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => readTree(join(folder, name)));
  for (const entry of entries) Object.assign(entry, { parentPath: folder });
  return [...entries, ...(await Promise.all(below)).flat()];
}

const readFolder = fs.readdir;
Object.assign(fs, {
  readdir: readTree,
});
