/**
 * Makes an app of Medley that runs on Electron 25 (Node 18.15, Chromium 114), the one real Electron
 * that comes as an npm package. Electron's main process becomes CommonJS with what that Node lacks;
 * the engine runs under a Node of its own and stays as it is.
 *
 *     node tools/electron25/build.ts        # after npm run build; prints the app's folder
 */
import { cp, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'vite';

const root = join(import.meta.dirname, '..', '..');

/** @returns the app's folder, for `electron FOLDER`. It needs the `out` of `npm run build`. */
export async function buildForElectron25(): Promise<string> {
  const app = join(root, 'out', 'electron25');
  const out = join(app, 'out');
  await rm(app, { recursive: true, force: true });
  await mkdir(app, { recursive: true });
  for (const part of ['main', 'preload', 'renderer']) {
    await cp(join(root, 'out', part), join(out, part), { recursive: true });
  }
  await cp(join(root, 'resources', 'icons'), join(app, 'resources', 'icons'), { recursive: true });
  await writeFile(
    join(app, 'package.json'),
    JSON.stringify({ productName: 'Medley', type: 'module', main: 'out/main/app.cjs' }),
  );
  await bundleApp(join(out, 'main'));
  await mendPage(join(out, 'renderer', 'assets'));
  return app;
}

/** Everything in one file: that Node cannot `require` packages of modules. */
async function bundleApp(folder: string): Promise<void> {
  await build({
    configFile: false,
    root,
    logLevel: 'warn',
    resolve: { alias: { '#shared': join(root, 'src/shared'), '#main': join(root, 'src/main') } },
    ssr: { noExternal: true, external: ['electron'] },
    build: {
      ssr: true,
      target: 'node18',
      outDir: folder,
      emptyOutDir: false,
      rolldownOptions: {
        input: { app: join(import.meta.dirname, 'app.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
      },
    },
  });
}

/** That Chromium also lacks `light-dark()`: the page is always light. */
async function mendPage(assets: string): Promise<void> {
  const polyfills = await readFile(join(import.meta.dirname, 'page-polyfills.js'), 'utf8');
  for (const name of await readdir(assets)) {
    const file = join(assets, name);
    if (!/\.(css|js)$/.test(name)) continue;
    const text = await readFile(file, 'utf8');
    const mended = name.endsWith('.js')
      ? polyfills + text
      : text.replaceAll(/light-dark\(([^(),]+),[^(),]+\)/g, '$1');
    await writeFile(file, mended);
  }
}

if (import.meta.main) console.log(await buildForElectron25());
