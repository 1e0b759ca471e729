import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { desktopChannels, photoScheme, type DesktopBridge } from '#shared/desktop.ts';
import type { Transport } from '#shared/rpc/messages.ts';

const bridge: DesktopBridge = {
  connect: () => {
    const { port1, port2 } = new MessageChannel();
    ipcRenderer.postMessage(desktopChannels.connect, null, [port2]);
    return portTransport(port1);
  },
  photoUrl: (rendition, id, version) =>
    `${photoScheme}://${rendition}/${id}${version === null ? '' : `?v=${version}`}`,
  chooseFolder: async () => {
    const folder: unknown = await ipcRenderer.invoke(desktopChannels.chooseFolder);
    return typeof folder === 'string' ? folder : null;
  },
  pathOf: (dropped) => webUtils.getPathForFile(dropped),
};

function portTransport(port: MessagePort): Transport {
  return {
    send: (message) => port.postMessage(message),
    listen: (onMessage, onClose) => {
      port.addEventListener('message', (event) => onMessage(event.data));
      // Electron tells when the other end is gone; the web platform's ports do not.
      port.addEventListener('close', () => onClose());
      port.start();
    },
  };
}

contextBridge.exposeInMainWorld('medley', bridge);
