import { onTestFinished } from 'vitest';
import { openStore, type Store } from '#main/store/store.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** An open library, new if no folder is given, that is closed when the test ends. */
export async function openLibrary(folder = temporaryFolder()): Promise<Store> {
  const store = await openStore(folder);
  onTestFinished(() => store.close().catch(() => undefined));
  return store;
}
