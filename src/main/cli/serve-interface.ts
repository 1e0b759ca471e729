import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { forkEngine } from '#main/engine/process/child-engine.ts';
import { createEngineHost } from '#main/engine/process/host.ts';
import type { EngineProcessOptions } from '#main/engine/process/process-arguments.ts';
import { openWebDoor, type WebDoor, type WebDoorOptions } from '#main/web/web-door.ts';
import { MedleyError, messageOf } from '#shared/errors.ts';
import { log } from './output.ts';
import { outFolder, projectRoot } from './project-paths.ts';

/** Always the same one, where it is free, so that a bookmark and the browser's cache hold. */
const usualPort = 6335;

export interface ServeOptions {
  readonly engine: EngineProcessOptions;
  /** Left out: the usual port, or any that is free. */
  readonly port?: number | undefined;
  /** A folder of photos to import at once. */
  readonly importFolder?: string | undefined;
  /** Tells the person the address, which opens the interface once. */
  announce(url: string): Promise<void> | void;
}

/** Runs the engine as a child process and serves the interface until `signal` is aborted. */
export async function serveInterface(options: ServeOptions, signal: AbortSignal): Promise<void> {
  const entry = join(projectRoot, 'src', 'main', 'engine', 'process', 'process.ts');
  const engine = createEngineHost(() => forkEngine(entry, options.engine));
  engine.on('notice', ({ message }) => log(message));
  try {
    const door = await openDoor({
      engine,
      interfaceFolder: join(outFolder, 'renderer'),
      sessionsFile: join(options.engine.libraryFolder, 'web-sessions.json'),
      port: options.port,
    });
    try {
      await options.announce(door.newLink());
      offerNewLinks(door);
      importFolder(engine, options.importFolder);
      await aborted(signal);
    } finally {
      await door.close();
    }
  } finally {
    await engine.close();
  }
}

async function openDoor(
  options: Omit<WebDoorOptions, 'port'> & { port: number | undefined },
): Promise<WebDoor> {
  const { port, ...rest } = options;
  if (port !== undefined) return openWebDoor({ ...rest, port });
  try {
    return await openWebDoor({ ...rest, port: usualPort });
  } catch (error) {
    const taken = error instanceof MedleyError && error.code === 'port-in-use';
    if (!taken) throw error;
    return openWebDoor({ ...rest, port: 0 });
  }
}

function importFolder(
  engine: ReturnType<typeof createEngineHost>,
  folder: string | undefined,
): void {
  if (folder === undefined) return;
  engine.invoke('library/import', { folder }).catch((error: unknown) => {
    log(`medley: ${folder} was not imported: ${messageOf(error)}`);
  });
}

/** A link works once, so Enter gives another: for a second browser, or after closing the first. */
function offerNewLinks(door: WebDoor): void {
  if (!process.stdin.isTTY) return;
  log('Press Enter for a new link, Ctrl+C to stop.');
  const lines = createInterface({ input: process.stdin });
  lines.on('line', () => log(door.newLink()));
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
