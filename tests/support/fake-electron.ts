import { EventEmitter } from 'node:events';

/**
 * The part of Electron that the desktop door uses, recording what it is asked. Tests put it in
 * the place of the `electron` module.
 */

type SchemeHandler = (request: Request) => Promise<Response>;
type BeforeRequest = (
  details: { url: string },
  answer: (verdict: { cancel: boolean }) => void,
) => void;

export class FakeSession {
  readonly handlers = new Map<string, SchemeHandler>();
  readonly protocol = {
    handle: (scheme: string, handler: SchemeHandler) => this.handlers.set(scheme, handler),
  };
  permissionRequest: ((c: unknown, p: string, answer: (ok: boolean) => void) => void) | null = null;
  permissionCheck: (() => boolean) | null = null;
  devicePermission: (() => boolean) | null = null;
  beforeRequest: BeforeRequest | null = null;
  spellChecker = true;
  readonly webRequest = {
    onBeforeRequest: (listener: BeforeRequest) => (this.beforeRequest = listener),
  };

  setPermissionRequestHandler(handler: typeof this.permissionRequest): void {
    this.permissionRequest = handler;
  }

  setPermissionCheckHandler(handler: typeof this.permissionCheck): void {
    this.permissionCheck = handler;
  }

  setDevicePermissionHandler(handler: typeof this.devicePermission): void {
    this.devicePermission = handler;
  }

  setSpellCheckerEnabled(enabled: boolean): void {
    this.spellChecker = enabled;
  }
}

class FakeApp extends EventEmitter {
  isPackaged = true;
  userData = '';
  hasLock = true;
  /** Whether it has quit. */
  gone = false;
  #quitting = false;
  readonly switches: string[][] = [];
  readonly commandLine = {
    appendSwitch: (...words: string[]) => this.switches.push(words),
  };
  lockData: unknown = null;

  requestSingleInstanceLock(data: unknown): boolean {
    this.lockData = data;
    return this.hasLock;
  }

  whenReady(): Promise<void> {
    return Promise.resolve();
  }

  getPath(): string {
    return this.userData;
  }

  setPath(_name: string, path: string): void {
    this.userData = path;
  }

  /**
   * As Electron: a listener of `will-quit` may hold it up, and what calls `quit` while it is being
   * told, promises it fulfils at once included, is not heard.
   */
  quit(): void {
    if (this.#quitting || this.gone) return;
    this.#quitting = true;
    let heldUp = false;
    this.emit('will-quit', { preventDefault: () => (heldUp = true) });
    this.gone = !heldUp;
    setImmediate(() => (this.#quitting = false));
  }
}

/** A message port of the main process; the test holds the other end through `deliver`. */
export class FakePort extends EventEmitter {
  readonly sent: unknown[] = [];
  started = false;
  closed = false;

  postMessage(message: unknown): void {
    this.sent.push(message);
    this.emit('sent', message);
  }

  start(): void {
    this.started = true;
  }

  close(): void {
    this.closed = true;
  }

  deliver(data: unknown): void {
    this.emit('message', { data });
  }
}

class FakeIpcMain extends EventEmitter {
  readonly handlers = new Map<string, (event: unknown) => unknown>();

  handle(channel: string, handler: (event: unknown) => unknown): void {
    this.handlers.set(channel, handler);
  }
}

export class BrowserWindow extends EventEmitter {
  static all: BrowserWindow[] = [];
  /** What the system puts around a window. */
  static frame = { left: 0, top: 0 };
  readonly options: Record<string, unknown>;
  loaded: string | null = null;
  focused = 0;
  shown = false;
  maximized = false;
  bounds = { x: 10, y: 20, width: 900, height: 700 };

  constructor(options: { x?: number; y?: number; [name: string]: unknown }) {
    super();
    this.options = options;
    const { x = this.bounds.x, y = this.bounds.y } = options;
    this.bounds = { ...this.bounds, x, y };
    BrowserWindow.all.push(this);
  }

  static getAllWindows(): BrowserWindow[] {
    return BrowserWindow.all;
  }

  static getFocusedWindow(): BrowserWindow | null {
    return BrowserWindow.all[0] ?? null;
  }

  static fromWebContents(): BrowserWindow | null {
    return BrowserWindow.getFocusedWindow();
  }

  loadURL(url: string): Promise<void> {
    this.loaded = url;
    return Promise.resolve();
  }

  getNormalBounds() {
    return this.bounds;
  }

  isMaximized(): boolean {
    return this.maximized;
  }

  maximize(): void {
    this.maximized = true;
  }

  isMinimized(): boolean {
    return false;
  }

  isDestroyed(): boolean {
    return false;
  }

  /** As a window manager of X11, which puts a frame around the place that was asked for. */
  show(): void {
    this.shown = true;
    const { left, top } = BrowserWindow.frame;
    this.bounds = { ...this.bounds, x: this.bounds.x + left, y: this.bounds.y + top };
    this.emit('show');
  }

  focus(): void {
    this.focused++;
  }
}

export const app = new FakeApp();
export const ipcMain = new FakeIpcMain();
export const session = { defaultSession: new FakeSession() };
export const nativeTheme = { shouldUseDarkColors: false };
export const screen = {
  displays: [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }],
  getAllDisplays: () => screen.displays,
};
interface FakeScheme {
  scheme: string;
  privileges: Record<string, boolean>;
}
export const protocol = {
  schemes: [] as FakeScheme[],
  registerSchemesAsPrivileged: (schemes: FakeScheme[]) => {
    protocol.schemes = schemes;
  },
};
export const dialog = {
  answer: [] as string[],
  asked: 0,
  showOpenDialog: () => {
    dialog.asked++;
    return Promise.resolve({ filePaths: dialog.answer });
  },
  told: [] as { message: string; detail: string }[],
  showMessageBox: (_window: unknown, { message, detail }: { message: string; detail: string }) => {
    dialog.told.push({ message, detail });
    return Promise.resolve({ response: 0 });
  },
};

interface FakeMenuItem {
  label?: string;
  role?: string;
  submenu?: FakeMenuItem[];
  click?: () => void;
}
export const Menu = {
  menu: [] as FakeMenuItem[],
  buildFromTemplate: (template: FakeMenuItem[]) => template,
  setApplicationMenu: (menu: FakeMenuItem[]) => (Menu.menu = menu),
};

/** The renderer's side, for the preload. */
export const contextBridge = {
  exposed: new Map<string, unknown>(),
  exposeInMainWorld: (name: string, api: unknown) => contextBridge.exposed.set(name, api),
};
export const ipcRenderer = {
  posted: [] as { channel: string; message: unknown; ports: MessagePort[] }[],
  answer: null as unknown,
  invoked: [] as string[],
  postMessage: (channel: string, message: unknown, ports: MessagePort[]) =>
    ipcRenderer.posted.push({ channel, message, ports }),
  invoke: (channel: string) => {
    ipcRenderer.invoked.push(channel);
    return Promise.resolve(ipcRenderer.answer);
  },
};
export const webUtils = { getPathForFile: (file: File) => `/dropped/${file.name}` };
