import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where the library lies unless the person says otherwise: the system's folder for data. */
export function defaultLibraryFolder(
  platform: NodeJS.Platform = process.platform,
  environment: NodeJS.ProcessEnv = process.env,
  home: string = homedir(),
): string {
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Medley');
  if (platform === 'win32') {
    return join(environment.APPDATA || join(home, 'AppData', 'Roaming'), 'Medley');
  }
  return join(environment.XDG_DATA_HOME || join(home, '.local', 'share'), 'Medley');
}
