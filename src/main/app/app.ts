import { join } from 'node:path';
import { app } from 'electron';
import { messageOf } from '#shared/errors.ts';
import { runDesktopApp } from './desktop-app.ts';
import { parseLaunchArguments } from './launch-arguments.ts';

runDesktopApp({
  out: join(import.meta.dirname, '..'),
  launch: parseLaunchArguments(process.argv.slice(1)),
  developmentServer: app.isPackaged ? undefined : process.env.ELECTRON_RENDERER_URL,
}).catch((error: unknown) => {
  console.error(messageOf(error));
  app.exit(1);
});
