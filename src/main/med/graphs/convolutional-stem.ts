import type { Value } from '#main/onnx/graph.ts';
import { add, clip } from '#main/onnx/operators/elementwise.ts';
import { concat, reshape, transpose } from '#main/onnx/operators/layout.ts';
import { conv } from '#main/onnx/operators/linear.ts';
import type { Parameters } from '../checkpoint/parameters.ts';
import { knownSize } from './layers.ts';

/** An inverted residual: 1 x 1 to a multiple of the channels, depthwise, 1 x 1 to fewer. */
export interface Block {
  readonly expansion: number;
  readonly channels: number;
  readonly stride: number;
  /** Side of the depthwise kernel. */
  readonly kernel: number;
}

const FIRST_CHANNELS = 32;
const LAST_CHANNELS = 1280;
/** Every tapped map is brought to this fraction of the input's side. */
const REDUCTION = 32;

/** Blocks of one shape, of which only the first strides. */
export function stage(count: number, block: Block): Block[] {
  return Array.from({ length: count }, (_, index) =>
    index === 0 ? block : { ...block, stride: 1 },
  );
}

/**
 * The feature layers of a mobile network as a stem: `pixels [B, 3, S, S]` -> tokens
 * `[B, (S / 32)^2, width]`, the tapped maps side by side. Layer 0 is a convolution of stride 2, then
 * come the blocks, then a convolution of 1 x 1. Batch norm is folded into the weights; padding is
 * TensorFlow's SAME, which at stride 2 pads right and bottom by one more than left and top.
 */
export function convolutionalStem(
  p: Parameters,
  prefix: string,
  pixels: Value,
  blocks: readonly Block[],
  taps: readonly number[],
): Value {
  const maps = new Map<number, Value>();
  const deepest = Math.max(...taps);
  const last = blocks.length + 1;
  const first = { outputs: FIRST_CHANNELS, kernel: 3, stride: 2 };
  let x = relu6(convolution(p, `${prefix}.features.0`, pixels, first));
  blocks.slice(0, deepest).forEach((block, index) => {
    x = invertedResidual(p, `${prefix}.features.${index + 1}`, x, block);
    maps.set(index + 1, x);
  });
  if (deepest === last) {
    const shape = { outputs: LAST_CHANNELS, kernel: 1, stride: 1 };
    maps.set(last, relu6(convolution(p, `${prefix}.features.${last}`, x, shape)));
  }
  const side = knownSize(pixels, 2) / REDUCTION;
  // The maps come in network order, whatever order the taps are listed in.
  const tapped = [...maps].filter(([index]) => taps.includes(index)).map(([, map]) => map);
  return tokensOf(
    concat(
      tapped.map((map) => fold(map, knownSize(map, 2) / side)),
      1,
    ),
  );
}

interface ConvolutionShape {
  readonly outputs: number;
  readonly kernel: number;
  readonly stride: number;
  readonly groups?: number;
}

function convolution(p: Parameters, name: string, x: Value, shape: ConvolutionShape): Value {
  const { outputs, kernel, stride, groups = 1 } = shape;
  const weight = p.get(`${name}.weight`, [outputs, knownSize(x, 1) / groups, kernel, kernel]);
  const before = Math.floor((kernel - stride) / 2);
  const after = Math.floor(kernel / 2);
  const bias = p.get(`${name}.bias`, [outputs]);
  return conv(x, weight, bias, { stride, groups, pads: [before, before, after, after] });
}

function relu6(x: Value): Value {
  return clip(x, 0, 6);
}

function invertedResidual(
  p: Parameters,
  name: string,
  x: Value,
  { expansion, channels: outputs, stride, kernel }: Block,
): Value {
  const inputs = knownSize(x, 1);
  const groups = inputs * expansion;
  let y = x;
  if (expansion > 1) {
    y = relu6(convolution(p, `${name}.expand`, y, { outputs: groups, kernel: 1, stride: 1 }));
  }
  y = relu6(convolution(p, `${name}.depthwise`, y, { outputs: groups, kernel, stride, groups }));
  y = convolution(p, `${name}.project`, y, { outputs, kernel: 1, stride: 1 });
  return stride === 1 && inputs === outputs ? add(x, y) : y;
}

/** Space to depth with the channel outermost: `[B, C, H, W] -> [B, C * f * f, H / f, W / f]`. */
function fold(map: Value, factor: number): Value {
  if (factor === 1) return map;
  const [batch] = map.shape;
  const [channels, height, width] = [1, 2, 3].map((axis) => knownSize(map, axis));
  const cells = reshape(map, [batch, channels, height / factor, factor, width / factor, factor]);
  return reshape(transpose(cells, [0, 1, 3, 5, 2, 4]), [
    batch,
    channels * factor * factor,
    height / factor,
    width / factor,
  ]);
}

/** `[B, C, H, W] -> [B, H * W, C]` */
export function tokensOf(map: Value): Value {
  const [batch] = map.shape;
  const [channels, height, width] = [1, 2, 3].map((axis) => knownSize(map, axis));
  return transpose(reshape(map, [batch, channels, height * width]), [0, 2, 1]);
}
