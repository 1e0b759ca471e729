import type { Session } from 'electron';
import { photoScheme } from '#shared/desktop.ts';
import { appScheme, isOfInterface } from './interface-origin.ts';

/** What a page may load: the interface, photos, what it made itself, and the inspector. */
const localProtocols: ReadonlySet<string> = new Set([
  `${appScheme}:`,
  `${photoScheme}:`,
  'blob:',
  'data:',
  'devtools:',
]);

/**
 * Lets nothing leave the machine from a window: no permission is granted, and a request to
 * anything but our own schemes is blocked.
 * @param address where the interface is loaded from; its origin stays reachable.
 */
export function restrictSession(session: Session, address: string): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  // Its dictionaries would be downloaded.
  session.setSpellCheckerEnabled(false);
  session.webRequest.onBeforeRequest(({ url }, answer) => {
    answer({ cancel: !isLocal(url) && !isOfInterface(address, socketAsHttp(url)) });
  });
}

function isLocal(url: string): boolean {
  try {
    return localProtocols.has(new URL(url).protocol);
  } catch {
    return false;
  }
}

/** A development server reloads the page over a WebSocket on its own host and port. */
function socketAsHttp(url: string): string {
  return url.replace(/^ws(s?):/, 'http$1:');
}
