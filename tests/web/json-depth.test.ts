import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isNestedDeeper } from '#main/web/json-depth.ts';

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

/** Values whose texts hold brackets, quotation marks and backslashes too. */
const values = fc.jsonValue({ maxDepth: 6, stringUnit: fc.constantFrom(...'a"\\[]{}:,') });

it('knows how deep a JSON text nests, whatever its strings hold', () => {
  fc.assert(
    fc.property(values, fc.boolean(), (value, spaced) => {
      const depth = depthOf(value);
      const text = JSON.stringify(value, null, spaced ? 1 : 0);
      expect(isNestedDeeper(text, depth)).toBe(false);
      if (depth > 0) expect(isNestedDeeper(text, depth - 1)).toBe(true);
    }),
  );
});

it('ends on any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'a"\\[]{}') }), (text) => {
      isNestedDeeper(text, 3);
    }),
  );
});
