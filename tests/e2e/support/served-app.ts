import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { forkEngine } from '#main/engine/process/child-engine.ts';
import { createEngineHost, type EngineHost } from '#main/engine/process/host.ts';
import { openWebDoor, type WebDoor } from '#main/web/web-door.ts';

const root = resolve(import.meta.dirname, '../../..');

export interface ServedApp {
  /** Calls the engine beside the page. */
  readonly invoke: EngineHost['invoke'];
  /** Opens the interface once. */
  link(): string;
  /** Closes the door only, as when Medley is stopped while its page is open. */
  closeDoor(): Promise<void>;
  /** Opens the door again where it was. */
  reopenDoor(): Promise<void>;
  close(): Promise<void>;
}

/**
 * The built interface behind the real web door, with a real engine.
 *
 * @param library its folder; left out, an empty one that goes again
 */
export async function serveApp(library?: string): Promise<ServedApp> {
  const folder = await mkdtemp(join(tmpdir(), 'medley-e2e-'));
  const interfaceFolder = join(folder, 'interface');
  // The engine takes this over: the models of whoever runs the tests are none of the test's.
  process.env['MEDLEY_MODELS'] = join(folder, 'models');
  const libraryFolder = library ?? join(folder, 'library');
  await buildInterface(interfaceFolder);
  const engine = createEngineHost(() =>
    forkEngine(join(root, 'src/main/engine/process/process.ts'), {
      libraryFolder,
      device: 'cpu',
    }),
  );
  const sessionsFile = join(libraryFolder, 'web-sessions.json');
  const openDoor = (port: number) => openWebDoor({ engine, interfaceFolder, sessionsFile, port });
  let door: WebDoor | null = await openDoor(0);
  const { newLink, port } = door;
  const closeDoor = async () => {
    await door?.close();
    door = null;
  };
  return {
    invoke: engine.invoke,
    link: newLink,
    closeDoor,
    reopenDoor: async () => {
      door = await openDoor(port);
    },
    close: async () => {
      await closeDoor();
      await engine.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** In a process of its own: the test's NODE_ENV would make it a development build. */
async function buildInterface(folder: string): Promise<void> {
  const script = join(import.meta.dirname, 'build-interface.ts');
  const env = { ...process.env, NODE_ENV: 'production' };
  await promisify(execFile)(process.execPath, [script, folder], { cwd: root, env });
}
