import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * The checkpoint folder that ships with Medley: `resources/models/starter` of the nearest folder
 * above this file that has one, whether this runs from its source or bundled.
 */
export function starterModelFolder(): string {
  const below = join('resources', 'models', 'starter');
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, below)) && folder !== dirname(folder)) folder = dirname(folder);
  return join(folder, below);
}
