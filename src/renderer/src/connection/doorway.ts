import type { Transport } from '#shared/rpc/messages.ts';
import type { PhotoId, Rendition } from '#shared/schemas/photos.ts';
import { openWebSocket } from './web-socket-transport.ts';

/** What differs between the desktop window and a browser tab. */
export interface Doorway {
  open(): Promise<Transport>;
  photoUrl(rendition: Rendition, id: PhotoId): string;
  /** The system's folder dialog; null in a browser, which has none that gives a path. */
  readonly chooseFolder: (() => Promise<string | null>) | null;
}

/** The way to the engine from here: the preload's bridge in Electron, else the web door. */
export function findDoorway(): Doorway {
  const desktop = window.medley;
  if (desktop) {
    return {
      open: async () => desktop.connect(),
      photoUrl: (rendition, id) => desktop.photoUrl(rendition, id),
      chooseFolder: () => desktop.chooseFolder(),
    };
  }
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  return {
    open: () => openWebSocket(`${scheme}://${location.host}/api`),
    photoUrl: (rendition, id) => `/photo/${rendition}/${id}`,
    chooseFolder: null,
  };
}
