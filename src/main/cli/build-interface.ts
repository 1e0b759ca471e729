import { spawn } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MedleyError } from '#shared/errors.ts';
import { log } from './output.ts';
import { outFolder, projectRoot } from './project-paths.ts';

/** Files whose age tells when the last build was finished: the renderer is built last. */
const built = ['main/app.js', 'main/engine.js', 'preload/preload.cjs', 'renderer/index.html'];
/** What the build is made of. */
const sources = ['src', 'electron.vite.config.ts', 'package-lock.json'];

/**
 * Builds the interface and the desktop app where they are missing or older than their sources.
 * @throws {MedleyError} `internal` when the build fails; its log has gone to stderr.
 */
export async function ensureBuilt(): Promise<void> {
  if (await isFresh()) return;
  log('Building the interface…');
  const builder = join(projectRoot, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
  const status = await run(process.execPath, [builder, 'build', '--logLevel', 'warn']);
  if (status === 0) return;
  throw new MedleyError('internal', 'The interface could not be built: see the messages above.');
}

async function isFresh(): Promise<boolean> {
  const outputs = await Promise.all(built.map((file) => timeOf(join(outFolder, file))));
  const newest = await Promise.all(sources.map((path) => newestIn(join(projectRoot, path))));
  return Math.min(...outputs) > Math.max(...newest);
}

/** When a file was written, in milliseconds since 1970; 0 where it is missing. */
async function timeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).mtimeMs;
  } catch {
    return 0;
  }
}

async function newestIn(path: string): Promise<number> {
  const isFolder = (await stat(path)).isDirectory();
  if (!isFolder) return timeOf(path);
  const entries = await readdir(path, { recursive: true });
  return Math.max(...(await Promise.all(entries.map((entry) => timeOf(join(path, entry))))));
}

function run(command: string, args: readonly string[]): Promise<number | null> {
  return new Promise((resolve, reject) => {
    // Standard output belongs to the result of the command.
    const child = spawn(command, args, {
      cwd: projectRoot,
      stdio: ['ignore', 2, 2],
      // Anything else set by the caller would make it a development build.
      env: { ...process.env, NODE_ENV: 'production' },
    });
    child.once('error', reject);
    child.once('exit', resolve);
  });
}
