import { GraphError } from '../graph-error.ts';
import type { Value } from '../graph.ts';
import { formatShape } from '../shape.ts';

/** Sharpness of the cubic convolution kernel; that of PyTorch. */
const CUBIC_A = -0.75;

/**
 * `x [B, C, H, W]` f32 resized to `[B, C, height, width]` by cubic convolution without
 * antialiasing, as PyTorch's `interpolate(mode='bicubic', align_corners=False)`.
 */
export function resizeCubic(x: Value, height: number, width: number): Value {
  const [batch, channels] = x.shape;
  if (x.shape.length !== 4 || typeof batch !== 'number' || typeof channels !== 'number') {
    throw new GraphError(`Resize of ${formatShape(x.shape)}`);
  }
  const shape = [batch, channels, height, width];
  const absent = x.graph.numbers([]);
  return x.graph.apply(
    'Resize',
    [x, absent, absent, x.graph.integers(shape)],
    { type: x.type, shape },
    {
      mode: { kind: 'string', value: 'cubic' },
      cubic_coeff_a: { kind: 'float', value: CUBIC_A },
      coordinate_transformation_mode: { kind: 'string', value: 'half_pixel' },
    },
  );
}
