import { resolve } from 'node:path';
import { build } from 'vite';
import config from '../../../electron.vite.config.ts';

/** Builds the interface as it ships into the folder given as the argument. */
const [outDir] = process.argv.slice(2);
if (outDir === undefined || !('renderer' in config)) throw new Error('usage: FOLDER');
await build({
  ...config.renderer,
  configFile: false,
  logLevel: 'warn',
  mode: 'production',
  build: { ...config.renderer?.build, outDir: resolve(outDir), emptyOutDir: true },
});
