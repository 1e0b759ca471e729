import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { log } from './output.ts';
import { projectRoot } from './project-paths.ts';

const electronFolder = join(projectRoot, 'node_modules', 'electron');
const releases = 'https://github.com/electron/electron/releases/download/';
/** How long to look whether the releases can be reached, and to fetch one from a local cache. */
const reachMs = 4000;
/** How long a download may take once they can. */
const downloadMs = 180_000;

/** The Electron program that is installed here; null where there is none. */
export function findElectron(environment: NodeJS.ProcessEnv = process.env): string | null {
  const named = environment.ELECTRON_EXEC_PATH;
  if (named) return existsSync(named) ? named : null;
  try {
    const relative = readFileSync(join(electronFolder, 'path.txt'), 'utf8').trim();
    const folder = environment.ELECTRON_OVERRIDE_DIST_PATH || join(electronFolder, 'dist');
    const program = join(folder, relative);
    return existsSync(program) ? program : null;
  } catch {
    return null;
  }
}

/**
 * Has Electron's own installer fetch its program, within a few seconds unless the releases can be
 * reached. It says nothing of a failure: there is another way to open the interface.
 */
export async function fetchElectron(): Promise<string | null> {
  const reachable = await canReach(process.env.ELECTRON_MIRROR ?? releases);
  if (reachable) log('Fetching Electron (once, about 120 MB)…');
  await install(reachable ? downloadMs : reachMs);
  return findElectron();
}

async function canReach(url: string): Promise<boolean> {
  try {
    await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(reachMs) });
    return true;
  } catch {
    return false;
  }
}

function install(limitMs: number): Promise<void> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(electronFolder, 'install.js')], {
      stdio: 'ignore',
      timeout: limitMs,
    });
    child.once('error', () => resolve());
    child.once('exit', () => resolve());
  });
}
