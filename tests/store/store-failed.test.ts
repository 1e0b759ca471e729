import { expect, test } from 'vitest';
import { storeFailed } from '#main/store/store-failed.ts';

/** As LanceDB 0.39 says it. */
const said = [
  [
    'library-damaged',
    'lance error: LanceError(IO): file size is too small, /usr/local/cargo/registry/src/index.crates.io-1949cf8c6b5b557f/lance-table-12.0.0/src/io/manifest.rs:53:9',
  ],
  ['library-damaged', 'Panic in async function'],
] as const;

test.each(said)('%s is told in words of its own', (code, message) => {
  const error = storeFailed('captions', new Error(message));
  expect(error).toMatchObject({ code, subject: 'captions' });
  expect(error.message).toContain('captions');
  expect(error.message).not.toMatch(/cargo|\.rs\b|Lance|anic/);
});
