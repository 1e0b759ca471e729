/** The scheme and origin of the interface. A scheme of its own avoids the powers of file:. */
export const appScheme = 'app';
export const appOrigin = `${appScheme}://medley`;

/**
 * Where the window loads the interface from.
 * @param developmentServer the address of the bundler's development server, if one runs.
 */
export function interfaceAddress(developmentServer: string | undefined): string {
  return developmentServer ?? `${appOrigin}/`;
}

/** Whether an address belongs to the interface at `address`. */
export function isOfInterface(address: string, url: string): boolean {
  return originOf(url) !== null && originOf(url) === originOf(address);
}

/** `URL.origin` is "null" for schemes the URL standard does not know. */
function originOf(url: string): string | null {
  try {
    const { protocol, host } = new URL(url);
    return `${protocol}//${host}`;
  } catch {
    return null;
  }
}
