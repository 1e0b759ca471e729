import type { Transport } from '#shared/rpc/messages.ts';
import type { PhotoId, Rendition } from '#shared/schemas/photos.ts';
import { openWebSocket } from './web-socket-transport.ts';

/** What differs between the desktop window and a browser tab. */
export interface Doorway {
  open(): Promise<Transport>;
  /** @param version of the picture, as the timeline tells it; null while that is not known. */
  photoUrl(rendition: Rendition, id: PhotoId, version: string | null): string;
  /** The system's folder dialog; null in a browser, which has none that gives a path. */
  readonly chooseFolder: (() => Promise<string | null>) | null;
  /** The absolute path of a dropped file or folder; null in a browser, which does not tell. */
  readonly pathOf: ((dropped: File) => string) | null;
}

/** The way to the engine from here: the preload's bridge in Electron, else the web door. */
export function findDoorway(): Doorway {
  const desktop = window.medley;
  if (desktop) {
    return {
      open: async () => desktop.connect(),
      photoUrl: (rendition, id, version) => desktop.photoUrl(rendition, id, version),
      chooseFolder: () => desktop.chooseFolder(),
      pathOf: (dropped) => desktop.pathOf(dropped),
    };
  }
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  return {
    open: () => openWebSocket(`${scheme}://${location.host}/api`),
    photoUrl: (rendition, id, version) =>
      `/photo/${rendition}/${id}${version === null ? '' : `?v=${version}`}`,
    chooseFolder: null,
    pathOf: null,
  };
}
