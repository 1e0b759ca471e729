import { join } from 'node:path';
import { app } from 'electron';
import { forkEngine } from '#main/engine/process/child-engine.ts';
import { messageOf } from '#shared/errors.ts';
import { runDesktopApp } from './desktop-app.ts';
import { engineProgram } from './engine-program.ts';
import { developmentServer, parseLaunchArguments } from './launch-arguments.ts';

const out = join(import.meta.dirname, '..');
const { node, entry } = engineProgram({
  out,
  resources: app.isPackaged ? process.resourcesPath : null,
  platform: process.platform,
});
const args = process.argv.slice(1);

runDesktopApp({
  out,
  icon: join(out, '..', 'resources', 'icons', '256x256.png'),
  launch: parseLaunchArguments(args, process.cwd()),
  developmentServer: app.isPackaged ? undefined : developmentServer(args, process.env),
  startEngine: (options) => forkEngine(entry, options, node),
}).catch((error: unknown) => {
  console.error(messageOf(error));
  app.exit(1);
});
