import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Where this app runs from. */
export interface AppPlace {
  /** The folder with the bundled `main`, `preload` and `renderer`. */
  readonly out: string;
  /** The folder of resources of the packaged app; null where it runs from its project. */
  readonly resources: string | null;
  readonly platform: NodeJS.Platform;
}

/** How to start the engine. */
export interface EngineProgram {
  /** The Node to run it under. */
  readonly node: string;
  /** The bundled engine. */
  readonly entry: string;
}

/**
 * The engine runs under a Node of its own, not in a process of Electron: on Linux, Electron links
 * GLib, which clashes with the one inside sharp's libvips (lovell/sharp#4522). On every system the
 * engine of the app is then the very one that the web door and the tests run. A plain Node reads no
 * archive, so the package holds the engine beside its archive.
 */
export function engineProgram({ out, resources, platform }: AppPlace): EngineProgram {
  const name = platform === 'win32' ? 'node.exe' : 'node';
  if (resources === null) {
    const packageFile = createRequire(import.meta.url).resolve('node/package.json');
    return {
      node: join(dirname(packageFile), 'bin', name),
      entry: join(out, 'main', 'engine.js'),
    };
  }
  return {
    node: join(resources, 'node', name),
    entry: join(resources, 'app.asar.unpacked', 'out', 'main', 'engine.js'),
  };
}
