import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { liveNodes } from '#main/onnx/live-nodes.ts';
import { runGraph } from '../run-graph.ts';
import { deepNetwork } from './deep-network.ts';

const small = { layers: 6, rows: 3, width: 4 };

describe('activations between checkpoints', () => {
  test('come out the same the second time', async () => {
    const [kept, again] = [null, 2].map((layersBetween) => deepNetwork(small, layersBetween));
    const expected = await runGraph(kept.graph, kept.feeds);
    expect(await runGraph(again.graph, again.feeds)).toEqual(expected);
  });

  test.each([
    [null, 6],
    [1, 12],
    [2, 12],
    // What lies behind the last checkpoint is kept.
    [4, 10],
  ])('every %s layers: computed %s times', (layersBetween, times) => {
    const { graph } = deepNetwork(small, layersBetween);
    expect(liveNodes(graph).filter(({ op }) => op === 'Tanh')).toHaveLength(times);
  });

  test('take no memory until their gradients are due', async () => {
    const [kept, again] = await Promise.all(
      [0, 4].map(async (layersBetween) => {
        const script = join(import.meta.dirname, 'memory-process.ts');
        const { stdout } = await promisify(execFile)(process.execPath, [
          script,
          `${layersBetween}`,
        ]);
        return Number(stdout);
      }),
    );
    expect(again).toBeLessThan(kept * 0.7);
  });
});
