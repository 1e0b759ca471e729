/** What decides how `npm start` opens the interface. */
export interface DoorFacts {
  readonly platform: NodeJS.Platform;
  readonly environment: NodeJS.ProcessEnv;
  /** The Electron program; null where it is not installed and could not be fetched. */
  readonly electron: string | null;
}

export type Door =
  | { readonly kind: 'electron'; readonly program: string }
  /** `reason` is one sentence for the person. */
  | { readonly kind: 'browser'; readonly reason: string };

/** Whether a window can be shown. Windows and macOS always have a desktop. */
export function hasDisplay({ platform, environment }: Omit<DoorFacts, 'electron'>): boolean {
  if (platform === 'win32' || platform === 'darwin') return true;
  return Boolean(environment.DISPLAY || environment.WAYLAND_DISPLAY);
}

export function chooseDoor(facts: DoorFacts): Door {
  const display = hasDisplay(facts);
  if (display && facts.electron !== null) return { kind: 'electron', program: facts.electron };
  const reason = display
    ? 'Electron is not installed and could not be fetched, so Medley opens in your browser.'
    : 'There is no display here, so Medley is served to a browser.';
  return { kind: 'browser', reason };
}
