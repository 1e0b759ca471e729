import { BrowserWindow, nativeTheme, type BrowserWindowConstructorOptions } from 'electron';
import { keepWindowState, readWindowState } from './window-state.ts';

export interface MainWindowOptions {
  /** Where the interface is loaded from. */
  readonly address: string;
  /** A PNG for the window; macOS and Windows take theirs from the program. */
  readonly icon: string;
  /** The bundled preload. */
  readonly preload: string;
  /** Where the window's place is kept. */
  readonly stateFile: string;
}

/** Opens the window: a sandboxed page that has the preload's bridge and nothing else. */
export function openMainWindow(options: MainWindowOptions): BrowserWindow {
  const { position, width, height, maximized } = readWindowState(options.stateFile);
  const window = new BrowserWindow({
    ...position,
    width,
    height,
    minWidth: 480,
    minHeight: 360,
    show: false,
    title: 'Medley',
    icon: options.icon,
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#16171a' : '#ffffff',
    webPreferences: webPreferences(options.preload),
  });
  keepWindowState(window, options.stateFile);
  window.once('ready-to-show', () => {
    if (maximized) window.maximize();
    window.show();
  });
  void window.loadURL(options.address);
  return window;
}

/** Most of these are Electron's defaults; they are stated because everything rests on them. */
function webPreferences(
  preload: string,
): NonNullable<BrowserWindowConstructorOptions['webPreferences']> {
  return {
    preload,
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    webviewTag: false,
    navigateOnDragDrop: false,
    spellcheck: false,
  };
}
