import type { Value } from '#main/onnx/graph.ts';
import { add, clip } from '#main/onnx/operators/elementwise.ts';
import { concat, reshape, transpose } from '#main/onnx/operators/layout.ts';
import { conv } from '#main/onnx/operators/linear.ts';
import type { Parameters } from '../checkpoint/parameters.ts';
import { knownSize } from './layers.ts';

/** MobileNetV2 1.0, table 2 of its paper: expansion, output channels and stride of blocks 1 to 17. */
const blocks: readonly (readonly [expansion: number, channels: number, stride: number])[] = [
  [1, 16, 1],
  ...[[6, 24, 2] as const, [6, 24, 1] as const],
  ...[[6, 32, 2] as const, ...repeated([6, 32, 1], 2)],
  ...[[6, 64, 2] as const, ...repeated([6, 64, 1], 3)],
  ...repeated([6, 96, 1], 3),
  ...[[6, 160, 2] as const, ...repeated([6, 160, 1], 2)],
  [6, 320, 1],
];
const LAST = blocks.length + 1;
const LAST_CHANNELS = 1280;
/** Every tapped map is brought to this fraction of the input's side. */
const REDUCTION = 32;

function repeated(
  block: readonly [number, number, number],
  times: number,
): (readonly [number, number, number])[] {
  return Array.from({ length: times }, () => block);
}

/**
 * The MobileNetV2 feature layers as a stem: `pixels [B, 3, S, S]` -> tokens
 * `[B, (S / 32)^2, width]`, the tapped maps side by side. Batch norm is folded into the weights;
 * stride 2 pads right and bottom only, as TensorFlow's SAME does.
 */
export function mobilenetStem(
  p: Parameters,
  prefix: string,
  pixels: Value,
  taps: readonly number[],
) {
  const maps = new Map<number, Value>();
  const last = Math.max(...taps);
  let x = relu6(
    convolution(p, `${prefix}.features.0`, pixels, { outputs: 32, kernel: 3, stride: 2 }),
  );
  blocks.slice(0, last).forEach((block, index) => {
    x = invertedResidual(p, `${prefix}.features.${index + 1}`, x, block);
    maps.set(index + 1, x);
  });
  if (last === LAST) {
    const shape = { outputs: LAST_CHANNELS, kernel: 1, stride: 1 };
    maps.set(LAST, relu6(convolution(p, `${prefix}.features.${LAST}`, x, shape)));
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
  const before = stride === 2 ? 0 : Math.floor(kernel / 2);
  const after = stride === 2 ? 1 : before;
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
  [expansion, outputs, stride]: readonly [number, number, number],
): Value {
  const inputs = knownSize(x, 1);
  const groups = inputs * expansion;
  let y = x;
  if (expansion > 1) {
    y = relu6(convolution(p, `${name}.expand`, y, { outputs: groups, kernel: 1, stride: 1 }));
  }
  y = relu6(convolution(p, `${name}.depthwise`, y, { outputs: groups, kernel: 3, stride, groups }));
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
