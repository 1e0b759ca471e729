import { readFileSync } from 'node:fs';
import { screen, type BrowserWindow, type Rectangle } from 'electron';
import { z } from 'zod';
import { writeWholeSync } from '#main/files/write-whole.ts';

const WindowState = z.object({
  /** Null to let the system place the window. */
  position: z.object({ x: z.int(), y: z.int() }).nullable(),
  width: z.int().min(480),
  height: z.int().min(360),
  maximized: z.boolean(),
});
export type WindowState = z.infer<typeof WindowState>;

/** How long a window manager may take to put a frame around a window that is shown. */
const settleMs = 1000;

const fresh: WindowState = { position: null, width: 1280, height: 800, maximized: false };

/** The window as it was left; placed anew where its screen is gone. */
export function readWindowState(file: string): WindowState {
  const state = parse(file);
  const { position, width, height } = state;
  if (!position) return state;
  const visible = screen
    .getAllDisplays()
    .some((display) => overlaps(display.workArea, { ...position, width, height }));
  return visible ? state : { ...state, position: null };
}

/**
 * Writes the state of `window` to `file` when it closes; to be called before it is shown.
 *
 * Window managers of X11 put the corner of the frame where a window asks to be, while Electron
 * reports the corner inside that frame: a place written as reported would wander by a title bar with
 * every start. What is kept is the place asked for, moved as the window was moved since.
 */
export function keepWindowState(window: BrowserWindow, file: string): void {
  const asked = window.getNormalBounds();
  let settled: Rectangle | null = null;
  window.once('show', () => {
    setTimeout(() => {
      if (!window.isDestroyed() && !window.isMaximized()) settled = window.getNormalBounds();
    }, settleMs);
  });
  window.on('close', () => {
    const maximized = window.isMaximized();
    const { x, y, width, height } = window.getNormalBounds();
    const from = settled ?? { x, y };
    const position = { x: asked.x + x - from.x, y: asked.y + y - from.y };
    const state: WindowState = { position, width, height, maximized };
    try {
      writeWholeSync(file, JSON.stringify(state));
    } catch (error) {
      console.warn(`The window's place could not be kept in ${file}: ${String(error)}`);
    }
  });
}

/** A missing or damaged file only costs the window its place. */
function parse(file: string): WindowState {
  try {
    return WindowState.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return fresh;
  }
}

/** Whether enough of the window shows to take hold of it. */
function overlaps(area: Rectangle, bounds: Rectangle): boolean {
  const across =
    Math.min(area.x + area.width, bounds.x + bounds.width) - Math.max(area.x, bounds.x);
  const down =
    Math.min(area.y + area.height, bounds.y + bounds.height) - Math.max(area.y, bounds.y);
  return across >= 100 && down >= 50;
}
