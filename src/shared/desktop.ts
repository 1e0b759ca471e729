import type { Transport } from './rpc/messages.ts';
import type { PhotoId, Rendition } from './schemas/photos.ts';

/** What the preload gives the interface in the desktop window, as `window.medley`. */
export interface DesktopBridge {
  /** A new connection to the engine. */
  connect(): Transport;
  /** @param version of the picture, as the timeline tells it; null while that is not known. */
  photoUrl(rendition: Rendition, id: PhotoId, version: string | null): string;
  /** The system's dialog for a folder: its absolute path, null when the person backs out. */
  chooseFolder(): Promise<string | null>;
  /** The absolute path of a file or folder that was dropped; empty where it lies on no disk. */
  pathOf(dropped: File): string;
}

declare global {
  interface Window {
    /** Absent in a browser. */
    readonly medley?: DesktopBridge;
  }
}

/** The IPC channels between preload and main process. */
export const desktopChannels = {
  connect: 'medley:connect',
  chooseFolder: 'medley:choose-folder',
} as const;

/** The scheme under which the desktop window finds photos: `photo://RENDITION/ID?v=VERSION`. */
export const photoScheme = 'photo';
