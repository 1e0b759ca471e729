import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createSession } from '#main/runtime/session.ts';
import { Graph } from '#main/onnx/graph.ts';
import { add, cast } from '#main/onnx/operators/elementwise.ts';
import { toModelBytes } from '#main/onnx/serialize.ts';
import { floats } from './run-graph.ts';

test('initialisers are read from their place in another file, at an odd offset', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'medley-external-'));
  // 1.5 and -2 as IEEE 754 half precision, little endian, behind three other bytes.
  writeFileSync(join(folder, 'weights.bin'), Uint8Array.of(9, 9, 9, 0x00, 0x3e, 0x00, 0xc0, 9));
  const graph = new Graph('external');
  const place = { location: 'weights.bin', offset: 3, length: 4 };
  const weight = graph.external('weight', 'f16', [2], place);
  expect(graph.external('weight', 'f16', [2], place)).toBe(weight);
  graph.output('y', add(graph.input('x', 'f32', ['rows', 2]), cast(weight, 'f32')));

  const session = await createSession(toModelBytes(graph), {
    provider: 'cpu',
    weightsFolder: folder,
  });
  const { y } = await session.run({ x: floats([0, 0, 10, 20], [2, 2]) });
  expect(Array.from(y.data, Number)).toEqual([1.5, -2, 11.5, 18]);
  await session.release();
});
