import { BrowserWindow, dialog, ipcMain, type MessagePortMain, type WebFrameMain } from 'electron';
import type { EngineHost } from '#main/engine/process/host.ts';
import { windowTransport } from '#main/engine/process/window-transport.ts';
import { desktopChannels } from '#shared/desktop.ts';
import type { Transport } from '#shared/rpc/messages.ts';
import { isOfInterface } from './interface-origin.ts';

/**
 * Answers the preload. Every message is checked to come from the top frame of the interface; a
 * port handed over by it then carries the API without further checks of its sender.
 */
export function openIpcDoor(engine: Pick<EngineHost, 'attach'>, address: string): void {
  ipcMain.on(desktopChannels.connect, (event) => {
    const [port] = event.ports;
    if (!port) return;
    if (isTrusted(event.senderFrame, address)) engine.attach(windowTransport(portTransport(port)));
    else port.close();
  });
  ipcMain.handle(desktopChannels.chooseFolder, (event) => {
    if (!isTrusted(event.senderFrame, address)) return null;
    return chooseFolder(BrowserWindow.fromWebContents(event.sender));
  });
}

/** The system's dialog for a folder: its absolute path, null when the person backs out. */
export async function chooseFolder(parent: BrowserWindow | null): Promise<string | null> {
  const options = {
    title: 'Add a folder of photos',
    buttonLabel: 'Add folder',
    properties: ['openDirectory' as const],
  };
  const { filePaths } = parent
    ? await dialog.showOpenDialog(parent, options)
    : await dialog.showOpenDialog(options);
  return filePaths[0] ?? null;
}

function isTrusted(frame: WebFrameMain | null, address: string): boolean {
  return frame !== null && frame.parent === null && isOfInterface(address, frame.url);
}

function portTransport(port: MessagePortMain): Transport {
  return {
    send: (message) => port.postMessage(message),
    listen: (onMessage, onClose) => {
      port.on('message', (event) => onMessage(event.data));
      port.once('close', onClose);
      port.start();
    },
  };
}
