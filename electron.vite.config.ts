import { resolve } from 'node:path';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'electron-vite';

const root = import.meta.dirname;
const alias = {
  '#shared': resolve(root, 'src/shared'),
  '#main': resolve(root, 'src/main'),
};

export default defineConfig({
  main: {
    resolve: { alias },
    build: {
      outDir: 'out/main',
      rolldownOptions: {
        input: {
          app: resolve(root, 'src/main/app/app.ts'),
          engine: resolve(root, 'src/main/engine/process/process.ts'),
          // The engine starts these by their names, beside itself.
          'import-thread': resolve(root, 'src/main/library/importer/import-thread.ts'),
          'decoder-thread': resolve(root, 'src/main/library/foreign/decoder-thread.ts'),
          training: resolve(root, 'src/main/engine/training/training-process.ts'),
        },
        output: { format: 'es', entryFileNames: '[name].js' },
      },
    },
  },
  preload: {
    resolve: { alias },
    build: {
      outDir: 'out/preload',
      // A sandboxed preload is one CommonJS file: it can require nothing but electron.
      externalizeDeps: false,
      rolldownOptions: {
        input: { preload: resolve(root, 'src/preload/preload.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: resolve(root, 'src/renderer'),
    resolve: { alias },
    plugins: [vue()],
    build: {
      outDir: resolve(root, 'out/renderer'),
      // The content security policy allows no data: addresses.
      assetsInlineLimit: 0,
      rolldownOptions: { input: resolve(root, 'src/renderer/index.html') },
    },
  },
});
