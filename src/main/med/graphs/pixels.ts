import type { Graph, Value } from '#main/onnx/graph.ts';
import { cast, div, sub } from '#main/onnx/operators/elementwise.ts';
import { reshape, transpose } from '#main/onnx/operators/layout.ts';
import type { VisionConfig } from '../checkpoint/config.ts';

/**
 * The input `pixels` u8 `[photos, S, S, 3]` as f32 `[photos, 3, S, S]`: levels over 255, minus the
 * mean, over the standard deviation, each step in f32 as torchvision's ToTensor and Normalize take
 * it. A byte a level is a quarter of what would cross the bus after this.
 */
export function normalisedPixels(
  graph: Graph,
  { image_size: side, image_mean: mean, image_std: std }: VisionConfig,
): Value {
  const levels = cast(graph.input('pixels', 'u8', ['photos', side, side, 3]), 'f32');
  const perChannel = (values: readonly number[]) => reshape(graph.numbers(values), [3, 1, 1]);
  const unit = div(transpose(levels, [0, 3, 1, 2]), graph.scalar('f32', 255));
  return div(sub(unit, perChannel(mean)), perChannel(std));
}
