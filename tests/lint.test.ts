import { join } from 'node:path';
import { ESLint } from 'eslint';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const eslint = new ESLint({ cwd: root });

/** The rules that a file of this content would break. Types are known of files that exist only. */
async function broken(file: string, text: string): Promise<(string | null)[]> {
  const [{ messages }] = await eslint.lintText(text, { filePath: join(root, file) });
  return messages.filter(({ severity }) => severity === 2).map(({ ruleId }) => ruleId);
}

const med = 'src/main/med/text/tokenizer.ts';
const page = 'src/renderer/src/stores/search.ts';
const component = 'src/renderer/src/App.vue';
const inComponent = (script: string) =>
  `<script setup lang="ts">\n${script}\n</script>\n<template><p /></template>\n`;

/** Loading the types of both halves of Medley takes a while. */
const slow = { timeout: 180_000 };

test.each([
  [med, "await import('node:http');"],
  [med, "await import('dns/promises');"],
  [med, "import dns from 'node:dns/promises';\nexport default dns;"],
  [med, "export * from 'node:net';"],
  [med, "await import('#main/store/store.ts');"],
  [med, "await import('../../store/store.ts');"],
  [med, "const name: string = '#main/store/store.ts';\nawait import(name);"],
  [med, "declare const require: (name: string) => unknown;\nrequire('node:http');"],
  [med, "process.getBuiltinModule('node:http');"],
  ['src/shared/errors.ts', "import http from 'node:http';\nexport default http;"],
  ['src/preload/preload.ts', "await import('node:http');"],
  [page, "await import('../../../main/store/store.ts');"],
])('in %s, what leads out of its room is an error: %s', slow, async (file, text) => {
  const rules = await broken(file, text);
  expect(rules.filter((rule) => rule?.startsWith('no-restricted'))).toHaveLength(1);
});

test.each([
  [med, "await import('#main/onnx/graph.ts');"],
  ['src/main/web/web-door.ts', "await import('node:http');"],
  ['src/main/cli/medley.ts', "await import('#main/engine/index-folder.ts');"],
])('in %s, a way that is open stays open: %s', slow, async (file, text) => {
  expect(await broken(file, text)).toEqual([]);
});

const promise = 'async function load(): Promise<void> {}\n';
test.each([
  [med, `${promise}load();`, 'no-floating-promises'],
  [page, `${promise}load();`, 'no-floating-promises'],
  [component, inComponent(`${promise}load();`), 'no-floating-promises'],
  [med, `${promise}if (load()) process.exit();`, 'no-misused-promises'],
  [component, inComponent(`${promise}[1].forEach(load);`), 'no-misused-promises'],
  [med, 'const one = 1;\nawait one;', 'await-thenable'],
])('in %s, a dropped promise is an error: %s', slow, async (file, text, rule) => {
  expect(await broken(file, text)).toContain(`@typescript-eslint/${rule}`);
});
