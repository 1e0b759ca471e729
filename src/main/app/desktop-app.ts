import { join } from 'node:path';
import { app, BrowserWindow, session } from 'electron';
import { defaultLibraryFolder } from '#main/engine/settings/default-library-folder.ts';
import { createEngineHost, type EngineHost } from '#main/engine/process/host.ts';
import { openInterfaceFiles } from '#main/web/interface-files.ts';
import { messageOf } from '#shared/errors.ts';
import { restrictContents } from './contents-rules.ts';
import { interfaceAddress } from './interface-origin.ts';
import { chooseFolder, openIpcDoor } from './ipc-door.ts';
import { LaunchArguments } from './launch-arguments.ts';
import { openMainWindow } from './main-window.ts';
import { setMenu } from './menu.ts';
import { handleInterface, handlePhotos, registerSchemes } from './protocols.ts';
import { restrictSession } from './session-rules.ts';
import { startUtilityEngine } from './utility-engine.ts';

export interface DesktopAppOptions {
  /** The folder with the bundled `main`, `preload` and `renderer`. */
  readonly out: string;
  readonly launch: LaunchArguments;
  /** The address of the bundler's development server, if one runs. */
  readonly developmentServer: string | undefined;
}

/**
 * Runs the desktop app: one window on one library. Where it runs already, hands its request over
 * and quits.
 */
export async function runDesktopApp(options: DesktopAppOptions): Promise<void> {
  const { out, launch, developmentServer } = options;
  if (!app.requestSingleInstanceLock(launch)) return app.quit();
  const address = interfaceAddress(developmentServer);
  // Nothing here may look up a name, whatever a page manages to ask for. The engine, where model
  // downloads run, is a process of Node and looks names up itself.
  if (!developmentServer) app.commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND');
  registerSchemes();
  restrictContents(address);
  await app.whenReady();

  const engine = createEngineHost(() =>
    startUtilityEngine(join(out, 'main', 'engine.js'), {
      libraryFolder: launch.libraryFolder ?? defaultLibraryFolder(),
    }),
  );
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
  const showWindow = () => openOrFocus(address, out);
  showWindow();
  importFolder(engine, launch);

  app.on('activate', showWindow);
  app.on('second-instance', (_event, _argv, _folder, data) => {
    showWindow();
    const asked = LaunchArguments.safeParse(data);
    if (asked.success) importFolder(engine, asked.data);
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
}

function openOrFocus(address: string, out: string): void {
  const [window] = BrowserWindow.getAllWindows();
  if (!window) {
    openMainWindow({
      address,
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

/** Lets the engine finish its writes before the app is gone. */
function closeBeforeQuit(engine: EngineHost): void {
  let closed = false;
  app.on('will-quit', (event) => {
    if (closed) return;
    event.preventDefault();
    void engine.close().finally(() => {
      closed = true;
      app.quit();
    });
  });
}
