import vue from 'eslint-plugin-vue';
import tseslint from 'typescript-eslint';

/** Which room may import which: arrows point one way (README, "How it is built"). */
const rooms = {
  app: ['engine', 'web', 'files'],
  web: ['engine', 'files'],
  cli: [
    'engine',
    'web',
    'search',
    'library',
    'evaluation',
    'capfilt',
    'alttext',
    'captions',
    'training',
    'bootstrap',
    'models',
    'med',
    'store',
    'runtime',
    'files',
  ],
  engine: [
    'search',
    'capfilt',
    'alttext',
    'training',
    'library',
    'models',
    'med',
    'store',
    'runtime',
    'files',
  ],
  search: ['med', 'store'],
  capfilt: ['med'],
  alttext: ['files'],
  library: ['med', 'store', 'files'],
  evaluation: ['search', 'library', 'captions', 'capfilt', 'med', 'store'],
  training: ['evaluation', 'med', 'onnx', 'runtime', 'files'],
  bootstrap: ['training', 'evaluation', 'med', 'runtime', 'files'],
  models: ['med', 'files'],
  med: ['runtime', 'onnx'],
  captions: ['files'],
  store: ['files'],
  runtime: [],
  onnx: [],
  files: [],
};
const names = Object.keys(rooms);

/** The ways to the network that Node has, and the rooms that may use one. */
const networkModules = ['dgram', 'dns', 'http', 'http2', 'https', 'net', 'tls', 'undici'];
const networkRooms = ['models', 'web'];
const offline = 'Only a model download (src/main/models/hub) speaks to the network.';
const networkImports = { regex: `^(node:)?(${networkModules.join('|')})(/|$)`, message: offline };

/** However it is written, naming ONNX Runtime's package is loading it. */
const onnxRuntimePackage = '/^onnxruntime-(node|common)(?!.*json$)/';
const onnxRuntimeElsewhere = [
  `Literal[value=${onnxRuntimePackage}]`,
  `TemplateElement[value.raw=${onnxRuntimePackage}]`,
].map((selector) => ({
  selector,
  message: 'Import #main/runtime/onnx-runtime.ts, which switches its telemetry off first.',
}));

/**
 * Rules against imports whose name matches, however they are written: `import ... from`, `import()`
 * and `require()`. A name that is put together while the program runs matches nothing, so none may be.
 */
function noImports(...patterns) {
  const called = patterns.flatMap(({ regex, message }) => {
    // A regular expression of esquery holds no slash.
    const value = `value=/${regex.replaceAll('/', '\\u002F')}/`;
    return [
      { selector: `ImportExpression[source.${value}]`, message },
      { selector: `CallExpression[callee.name="require"][arguments.0.${value}]`, message },
    ];
  });
  return {
    'no-restricted-imports': ['error', { patterns }],
    'no-restricted-syntax': [
      'error',
      ...called,
      {
        selector: 'ImportExpression[source.type!="Literal"]',
        message: 'Import by a written name, so that the layering rule sees it.',
      },
      ...onnxRuntimeElsewhere,
    ],
  };
}

/** The same for globals, of Node and of the browser. */
const networkGlobals = ['EventSource', 'WebSocket', 'XMLHttpRequest', 'fetch'];
const noNetwork = {
  files: ['src/**/*.{ts,vue}'],
  ignores: [
    'src/main/models/hub/web-request.ts',
    // Electron itself, before Medley runs.
    'src/main/cli/electron-binary.ts',
    // The page's way to the engine that served it.
    'src/renderer/src/connection/web-socket-transport.ts',
  ],
  rules: {
    'no-restricted-globals': [
      'error',
      ...networkGlobals.map((name) => ({ name, message: offline })),
    ],
    'no-restricted-properties': [
      'error',
      ...['globalThis', 'window', 'self'].flatMap((object) =>
        networkGlobals.map((property) => ({ object, property, message: offline })),
      ),
      { object: 'navigator', property: 'sendBeacon', message: offline },
      { object: 'process', property: 'getBuiltinModule', message: 'Import it.' },
    ],
  },
};

const layering = names.map((room) => {
  const closed = names.filter((other) => other !== room && !rooms[room]?.includes(other));
  return {
    files: [`src/main/${room}/**/*.ts`],
    rules: noImports(
      ...(networkRooms.includes(room) ? [] : [networkImports]),
      {
        regex: `^#main/(${closed.join('|')})/`,
        message: `${room}/ may import only: shared, ${rooms[room]?.join(', ') ?? ''}.`,
      },
      {
        regex: `(^|/)\\.\\./(${names.join('|')})/`,
        message: 'Import other rooms as #main/ROOM/..., so that the layering rule sees it.',
      },
    ),
  };
});

export default tseslint.config(
  { ignores: ['out/', 'coverage/', 'src/main/onnx/proto/'] },
  ...tseslint.configs.strict,
  ...tseslint.configs.stylistic,
  ...vue.configs['flat/recommended'],
  {
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/no-empty-function': 'off',
      '@typescript-eslint/restrict-template-expressions': 'off',
    },
  },
  {
    // What is promised is waited for, or given up in so many words (`void`).
    files: ['**/*.{ts,vue}'],
    languageOptions: {
      parserOptions: {
        parser: tseslint.parser,
        projectService: true,
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.vue'],
      },
    },
    rules: {
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
    },
  },
  {
    files: ['**/*.vue'],
    rules: {
      // Prettier decides the layout of templates.
      'vue/html-self-closing': 'off',
      'vue/max-attributes-per-line': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/multiline-html-element-content-newline': 'off',
      'vue/html-indent': 'off',
      'vue/html-closing-bracket-newline': 'off',
    },
  },
  ...layering,
  noNetwork,
  {
    files: ['tests/**/*.ts', 'tools/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', ...onnxRuntimeElsewhere] },
  },
  {
    files: ['src/main/runtime/onnx-runtime.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    files: ['src/shared/**/*.ts', 'src/preload/**/*.ts', 'src/renderer/**/*.{ts,vue}'],
    rules: noImports(networkImports, {
      regex: '(^#main/|/main/)',
      message: 'Only doors and rooms import src/main.',
    }),
  },
);
