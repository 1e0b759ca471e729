import type { Configuration } from 'electron-builder';

const onnxRuntime = 'node_modules/onnxruntime-node-gpu/bin/napi-v*';

/** The Node that the engine runs under; `npm ci` put it there for the system it ran on. */
const node = (name: string) => ({ from: 'node_modules/node/bin', to: 'node', filter: [name] });

/** What `npm run package` makes of `out`, by electron-builder (docs/desktop.md). */
const configuration: Configuration = {
  appId: 'org.medley.app',
  productName: 'Medley',
  directories: { output: 'dist', buildResources: 'resources/icons' },
  files: [
    'package.json',
    'out/main/**',
    'out/preload/**',
    'out/renderer/**',
    'resources/models/**',
    'resources/icons/256x256.png',
    // Its package holds the libraries of every system.
    `!${onnxRuntime}/!(\${platform})/**`,
    `!${onnxRuntime}/\${platform}/!(\${arch})/**`,
    '!node_modules/**/*.map',
    // The same decoder in other wrappings.
    '!node_modules/libheif-js/libheif/**',
    '!node_modules/libheif-js/libheif-wasm/libheif-bundle.*',
  ],
  extraFiles: [{ from: '.', to: '.', filter: ['LICENSE', 'NOTICE'] }],
  // The engine is a plain Node, which reads no archive: what it runs and loads lies beside it. That
  // takes along what no archive may hold: native modules and their libraries, and exiftool's Perl.
  asar: true,
  asarUnpack: [
    'package.json',
    'out/main/engine.js',
    'out/main/import-thread.js',
    'out/main/decoder-thread.js',
    'out/main/training.js',
    'out/main/chunks/**',
    'node_modules/**',
    'resources/models/**',
  ],
  // Every native module comes prebuilt, by Node-API.
  npmRebuild: false,
  electronFuses: {
    runAsNode: false,
    enableCookieEncryption: true,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    grantFileProtocolExtraPrivileges: false,
  },
  linux: {
    target: ['AppImage', 'tar.gz'],
    category: 'Graphics',
    icon: 'resources/icons',
    extraResources: [node('node')],
  },
  win: {
    target: ['nsis'],
    icon: 'resources/icons/1024x1024.png',
    extraResources: [node('node.exe')],
  },
  mac: {
    target: [{ target: 'dmg', arch: ['arm64'] }],
    category: 'public.app-category.photography',
    icon: 'resources/icons/1024x1024.png',
    extraResources: [node('node')],
  },
};

export default configuration;
