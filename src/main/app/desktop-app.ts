import { join } from 'node:path';
import { app, BrowserWindow, dialog, session } from 'electron';
import { defaultLibraryFolder } from '#main/engine/settings/default-library-folder.ts';
import {
  createEngineHost,
  type EngineHost,
  type EngineProcess,
} from '#main/engine/process/host.ts';
import type { EngineProcessOptions } from '#main/engine/process/process-arguments.ts';
import { openInterfaceFiles } from '#main/web/interface-files.ts';
import { messageOf } from '#shared/errors.ts';
import { restrictContents } from './contents-rules.ts';
import { interfaceAddress } from './interface-origin.ts';
import { chooseFolder, openIpcDoor } from './ipc-door.ts';
import { LaunchArguments } from './launch-arguments.ts';
import { keepChromiumLocal } from './local-chromium.ts';
import { openMainWindow } from './main-window.ts';
import { setMenu } from './menu.ts';
import { handleInterface, handlePhotos, registerSchemes } from './protocols.ts';
import { separateProfile } from './profile-folder.ts';
import { restrictSession } from './session-rules.ts';

export interface DesktopAppOptions {
  /** The folder with the bundled `preload` and `renderer`. */
  readonly out: string;
  /** The picture of the window, where the system takes it from the window. */
  readonly icon: string;
  readonly launch: LaunchArguments;
  /** The address of the bundler's development server, if one runs. */
  readonly developmentServer: string | undefined;
  startEngine(options: EngineProcessOptions): EngineProcess;
}

/**
 * Runs the desktop app: one window on one library. Where it runs already, hands its request over
 * and quits.
 */
export async function runDesktopApp(options: DesktopAppOptions): Promise<void> {
  const { out, icon, launch, developmentServer } = options;
  separateProfile();
  if (!app.requestSingleInstanceLock(launch)) return app.quit();
  const address = interfaceAddress(developmentServer);
  keepChromiumLocal(developmentServer);
  registerSchemes();
  restrictContents(address);
  await app.whenReady();

  const libraryFolder = launch.libraryFolder ?? defaultLibraryFolder();
  const engine = createEngineHost(() => options.startEngine({ libraryFolder }));
  closeBeforeQuit(engine);
  restrictSession(session.defaultSession, address);
  handlePhotos(session.defaultSession, engine);
  if (developmentServer === undefined) {
    handleInterface(session.defaultSession, await openInterfaceFiles(join(out, 'renderer')));
  }
  openIpcDoor(engine, address);
  setMenu({
    platform: process.platform,
    development: !app.isPackaged,
    addFolder: () => void addFolder(engine),
  });
  const showWindow = () => openOrFocus({ address, out, icon });
  showWindow();
  importFolder(engine, launch);

  app.on('activate', showWindow);
  app.on('second-instance', (_event, _argv, _folder, data) => {
    showWindow();
    const asked = LaunchArguments.safeParse(data);
    if (!asked.success) return;
    const { libraryFolder: other } = asked.data;
    if (other !== undefined && other !== libraryFolder) tellOfOtherLibrary(libraryFolder, other);
    else importFolder(engine, asked.data);
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
}

function openOrFocus({ address, out, icon }: { address: string; out: string; icon: string }): void {
  const [window] = BrowserWindow.getAllWindows();
  if (!window) {
    openMainWindow({
      address,
      icon,
      preload: join(out, 'preload', 'preload.cjs'),
      stateFile: join(app.getPath('userData'), 'window.json'),
    });
    return;
  }
  if (window.isMinimized()) window.restore();
  window.focus();
}

async function addFolder(engine: EngineHost): Promise<void> {
  const folder = await chooseFolder(BrowserWindow.getFocusedWindow());
  if (folder !== null) importFolder(engine, { importFolder: folder });
}

function importFolder(engine: EngineHost, asked: LaunchArguments): void {
  if (asked.importFolder === undefined) return;
  engine.invoke('library/import', { folder: asked.importFolder }).catch((error: unknown) => {
    console.error(`${asked.importFolder} was not imported: ${messageOf(error)}`);
  });
}

/** Medley runs once, on one library: whoever starts it again with another hears so. */
function tellOfOtherLibrary(open: string, asked: string): void {
  const message = {
    type: 'info' as const,
    message: 'Medley is open on another library',
    detail:
      `Open now: ${open}\nAsked for: ${asked}\n\n` +
      'Nothing was imported. Quit Medley first, then start it with the library you want.',
  };
  const [window] = BrowserWindow.getAllWindows();
  void (window ? dialog.showMessageBox(window, message) : dialog.showMessageBox(message));
}

/**
 * Lets the engine finish its writes before the app is gone. Electron takes no notice of `quit` while
 * it is still telling of `will-quit`, which is when an engine that is down has closed already:
 * hence the turn of the loop in between.
 */
function closeBeforeQuit(engine: EngineHost): void {
  let closed = false;
  app.on('will-quit', (event) => {
    if (closed) return;
    event.preventDefault();
    void engine.close().finally(() => {
      closed = true;
      setImmediate(() => app.quit());
    });
  });
}
