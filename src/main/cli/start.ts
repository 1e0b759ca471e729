import { Command } from 'commander';
import { requireFolder } from '#main/engine/handlers/list-folder.ts';
import { defaultLibraryFolder } from '#main/engine/settings/default-library-folder.ts';
import { ensureBuilt } from './build-interface.ts';
import { chooseDoor, hasDisplay } from './choose-door.ts';
import { wholeNumber } from './command-options.ts';
import { fetchElectron, findElectron } from './electron-binary.ts';
import { openBrowser } from './open-browser.ts';
import { log, print } from './output.ts';
import { givenPath } from './project-paths.ts';
import { runCommand } from './run-command.ts';
import { runElectron } from './run-electron.ts';
import { serveInterface } from './serve-interface.ts';
import { usageError } from './usage-error.ts';

interface Options {
  readonly library: string;
  readonly port?: number;
}

const { platform, env: environment } = process;

/** What `npm start` does: the desktop app where it can run, else the interface in a browser. */
async function start(
  folder: string | undefined,
  { library, port }: Options,
  signal: AbortSignal,
): Promise<void> {
  // A mistyped folder is told before anything opens.
  if (folder !== undefined) await requireFolder(folder);
  await ensureBuilt();
  const wantsWindow = hasDisplay({ platform, environment });
  const electron = wantsWindow ? (findElectron() ?? (await fetchElectron())) : null;
  const door = chooseDoor({ platform, environment, electron });
  if (door.kind === 'electron') {
    const args = ['--library', library, ...(folder === undefined ? [] : ['--import', folder])];
    if (await runElectron(door.program, args, signal)) return;
  }
  log(door.kind === 'browser' ? door.reason : 'Electron did not start: Medley opens in a browser.');
  await serveInterface(
    {
      engine: { libraryFolder: library },
      port,
      importFolder: folder,
      announce: async (url) => {
        await print(url);
        // The address stands in the terminal too.
        if (wantsWindow) await openBrowser(url).catch(() => {});
      },
    },
    signal,
  );
}

await new Command('medley')
  .description('Opens Medley; with a folder of photos, imports it.')
  .configureOutput({ outputError: usageError })
  .argument('[folder]', 'a folder of photos', givenPath)
  .option('--library <folder>', 'library folder', givenPath, defaultLibraryFolder())
  .option('--port <port>', 'port for the browser, where that is used', wholeNumber(0, 65_535))
  .action((folder: string | undefined, options: Options) =>
    runCommand((signal) => start(folder, options, signal)),
  )
  .parseAsync();
