import { join, resolve } from 'node:path';

/** The folder that holds package.json. */
export const projectRoot = join(import.meta.dirname, '..', '..', '..');

/** The model that ships with Medley. */
export const starterModelFolder = join(projectRoot, 'resources', 'models', 'starter');

/** What `npm run build` writes. */
export const outFolder = join(projectRoot, 'out');

/**
 * A path as the person meant it: npm runs scripts in the project's folder and tells in INIT_CWD
 * where it was called.
 */
export function givenPath(path: string): string {
  return resolve(process.env.INIT_CWD ?? process.cwd(), path);
}
