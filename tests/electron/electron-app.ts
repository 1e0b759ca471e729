import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { _electron, type ElectronApplication } from 'playwright-core';
import { z } from 'zod';
import { ensureBuilt } from '#main/cli/build-interface.ts';
import { hasDisplay } from '#main/cli/choose-door.ts';
import { findElectron } from '#main/cli/electron-binary.ts';
import { projectRoot } from '#main/cli/project-paths.ts';
import { buildForElectron25 } from '../../tools/electron25/build.ts';

/** The first Electron whose main process may be a module. */
const firstWithModules = 28;

const program = findElectron();
const display = hasDisplay({ platform: process.platform, environment: process.env });

/** Why these tests cannot run here; null where they can. */
export const obstacle =
  program === null
    ? 'no Electron program is installed (ELECTRON_EXEC_PATH, or `npx install-electron`)'
    : display
      ? null
      : 'there is no display';

/** The folder to start Electron on: the project, or what an old one can run. */
export async function buildApp(): Promise<string> {
  await ensureBuilt();
  const version = await electronVersion();
  if (version >= firstWithModules) return projectRoot;
  console.log(`Electron ${version} is old: it runs the build of tools/electron25.`);
  return buildForElectron25();
}

/** Every release of Electron names its version in a file beside the program. */
async function electronVersion(): Promise<number> {
  const text = await readFile(join(dirname(program ?? ''), 'version'), 'utf8').catch(() => null);
  return text === null ? firstWithModules : Number.parseInt(text, 10);
}

/** Starts Medley in `folder`, which holds the profile, the library and, in `photos`, photos. */
export function launch(app: string, folder: string): Promise<ElectronApplication> {
  const photos = join(folder, 'photos');
  return _electron.launch({
    executablePath: program ?? '',
    args: [
      app,
      `--user-data-dir=${join(folder, 'profile')}`,
      '--library',
      join(folder, 'library'),
      '--import',
      photos,
    ],
  });
}

/** The process of the engine, as the lock of the library in `folder` names it. */
export async function enginePid(folder: string): Promise<number> {
  const lock: unknown = JSON.parse(await readFile(join(folder, 'library/library.lock'), 'utf8'));
  return z.object({ pid: z.int().positive() }).parse(lock).pid;
}
