import { app, type WebContents } from 'electron';
import { isOfInterface } from './interface-origin.ts';

/** Keeps every page where it is: no navigation away, no new windows, no embedded pages. */
export function restrictContents(address: string): void {
  app.on('web-contents-created', (_event, contents) => restrict(contents, address));
}

function restrict(contents: WebContents, address: string): void {
  contents.on('will-navigate', (event) => {
    if (!isOfInterface(address, event.url)) event.preventDefault();
  });
  contents.on('will-redirect', (event) => {
    if (!isOfInterface(address, event.url)) event.preventDefault();
  });
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame || !isOfInterface(address, event.url)) event.preventDefault();
  });
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}
