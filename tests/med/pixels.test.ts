import { Tensor } from '#main/runtime/onnx-runtime.ts';
import { expect, test } from 'vitest';
import { normalisedPixels } from '#main/med/graphs/pixels.ts';
import { Graph } from '#main/onnx/graph.ts';
import { runGraph } from '../onnx/run-graph.ts';

test('levels become planes of numbers, to the last bit of torchvision', async () => {
  // The constants of the official BLIP checkpoints; every level of every channel in 16 x 16 pixels.
  const mean: [number, number, number] = [0.48145466, 0.4578275, 0.40821073];
  const std: [number, number, number] = [0.26862954, 0.26130258, 0.27577711];
  const side = 16;
  const graph = new Graph('pixels');
  const transformer = { hidden_size: 8, num_hidden_layers: 1, num_attention_heads: 1 };
  const normalised = normalisedPixels(graph, {
    stem: 'patch',
    patch_size: 4,
    image_size: side,
    image_mean: mean,
    image_std: std,
    intermediate_size: 8,
    layer_norm_eps: 1e-6,
    ...transformer,
  });
  graph.output('normalised', normalised);
  const levelOf = (pixel: number, channel: number) => (pixel * 7 + channel * 50) % 256;
  const data = Uint8Array.from({ length: side * side * 3 }, (_, i) =>
    levelOf(Math.floor(i / 3), i % 3),
  );
  const { normalised: actual } = await runGraph(graph, {
    pixels: new Tensor('uint8', data, [1, side, side, 3]),
  });
  const { fround } = Math;
  const expected = [0, 1, 2].flatMap((channel) =>
    Array.from({ length: side * side }, (_, pixel) =>
      fround(
        fround(fround(levelOf(pixel, channel) / 255) - fround(mean[channel])) /
          fround(std[channel]),
      ),
    ),
  );
  expect(actual.shape).toEqual([1, 3, side, side]);
  expect(actual.values).toEqual(expected);
});
