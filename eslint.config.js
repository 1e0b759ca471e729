import vue from 'eslint-plugin-vue';
import tseslint from 'typescript-eslint';

/** Which room may import which: arrows point one way (README, "How it is built"). */
const rooms = {
  app: ['engine', 'web'],
  web: ['engine'],
  cli: ['engine', 'web', 'search', 'library', 'evaluation', 'med', 'store', 'runtime'],
  engine: ['search', 'library', 'med', 'store', 'runtime'],
  search: ['med', 'store'],
  library: ['med', 'store'],
  evaluation: ['library', 'med'],
  med: ['runtime', 'onnx'],
  store: [],
  runtime: [],
  onnx: [],
};
const names = Object.keys(rooms);

const layering = names.map((room) => {
  const closed = names.filter((other) => other !== room && !rooms[room]?.includes(other));
  return {
    files: [`src/main/${room}/**/*.ts`],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: `^#main/(${closed.join('|')})/`,
              message: `${room}/ may import only: shared, ${rooms[room]?.join(', ') ?? ''}.`,
            },
            {
              regex: `(^|/)\\.\\./(${names.join('|')})/`,
              message: 'Import other rooms as #main/ROOM/..., so that the layering rule sees it.',
            },
          ],
        },
      ],
    },
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
    files: ['**/*.vue'],
    languageOptions: { parserOptions: { parser: tseslint.parser } },
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
  {
    files: ['src/shared/**/*.ts', 'src/preload/**/*.ts', 'src/renderer/**/*.{ts,vue}'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            { regex: '(^#main/|/main/)', message: 'Only doors and rooms import src/main.' },
          ],
        },
      ],
    },
  },
);
