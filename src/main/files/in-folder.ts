import { sep } from 'node:path';

/** Whether a path lies below a folder. Both are absolute. */
export function isInFolder(folder: string, path: string): boolean {
  return path.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);
}
