import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { Graph } from '#main/onnx/graph.ts';
import { resizeCubic } from '#main/onnx/operators/resize.ts';
import { floats, runGraph } from './run-graph.ts';

const Cases = z.array(
  z.object({
    from: z.int(),
    to: z.int(),
    width: z.int(),
    grid: z.array(z.number()),
    resized: z.array(z.number()),
  }),
);
const cases = Cases.parse(
  JSON.parse(readFileSync(join(import.meta.dirname, '../fixtures/interpolate.json'), 'utf8')),
);

describe('cubic resizing', () => {
  test.each(cases)(
    '$from to $to a side is that of PyTorch',
    async ({ from, to, width, ...rows }) => {
      const graph = new Graph('resize');
      const x = graph.input('x', 'f32', [1, width, from, from]);
      graph.output('y', resizeCubic(x, to, to));
      // The fixture keeps a row of channels a place, the operator a plane a channel.
      const planes = (values: number[], places: number) =>
        Array.from(
          { length: width * places },
          (_, i) => values[(i % places) * width + Math.floor(i / places)],
        );
      const { y } = await runGraph(graph, {
        x: floats(planes(rows.grid, from * from), [1, width, from, from]),
      });
      expect(y.shape).toEqual([1, width, to, to]);
      planes(rows.resized, to * to).forEach((value, i) => {
        expect(y.values[i]).toBeCloseTo(value, 5);
      });
    },
  );
});
