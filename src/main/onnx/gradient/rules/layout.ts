import { concat, pad, transpose } from '../../operators/layout.ts';
import { splitLike, trim } from '../../operators/open-axes.ts';
import type { Dim } from '../../shape.ts';
import { constantIntegers, intOf, intsOf } from '../attributes.ts';
import { productParts, transposedProduct } from '../products.ts';
import type { Rules } from '../rule.ts';
import { reshapeLike } from '../shapes.ts';

/** Rules of operators that move elements and change none. */
export const layoutRules: Rules = {
  Reshape: ({ inputs: [x], gradientOf }) => [() => reshapeLike(gradientOf(), x), null],
  Expand: ({ gradientOf }) => [gradientOf, null],
  Transpose: ({ node, gradientOf }) => [
    () => {
      const order = intsOf(node, 'perm');
      const isMatrix = order.join() === '1,0';
      const product = isMatrix ? transposedProduct(gradientOf()) : null;
      return product ?? transpose(gradientOf(), inverse(order));
    },
  ],
  Concat: ({ node, inputs, gradientOf }) => {
    const axis = intOf(node, 'axis', 0);
    let parts: ReturnType<typeof splitLike> | undefined;
    return inputs.map((_, i) => () => {
      const gradient = gradientOf();
      parts ??= productParts(gradient, inputs, axis) ?? splitLike(gradient, inputs, axis);
      return parts[i];
    });
  },
  Split: ({ node, outputs, gradientOf }) => [
    () =>
      concat(
        outputs.map((_, i) => gradientOf(i)),
        intOf(node, 'axis', 0),
      ),
    null,
  ],
  Pad: ({ inputs: [x, pads], gradientOf }) => [
    () => {
      const amounts = constantIntegers(pads);
      const rank = x.shape.length;
      return x.shape.reduce((gradient, size, axis) => {
        const [before, after] = [amounts[axis], amounts[axis + rank]];
        const isWhole = before === 0 && after === 0 && gradient.shape[axis] === size;
        return isWhole ? gradient : trim(gradient, axis, before, after, size);
      }, gradientOf());
    },
    null,
  ],
  Slice: ({ inputs: [x, starts, ends, axes], gradientOf }) => [
    () => {
      const [[start], [end], [axis]] = [starts, ends, axes].map(constantIntegers);
      const size = x.shape[axis];
      return pad(gradientOf(), axis, start, afterEnd(size, end), size);
    },
    null,
    null,
    null,
  ],
};

function inverse(order: readonly number[]): number[] {
  return order.map((_, axis) => order.indexOf(axis));
}

/** How many elements lie behind the end of a slice; an end below 0 counts from the back. */
function afterEnd(size: Dim, end: number): number {
  if (end < 0) return -end;
  return typeof size === 'number' ? Math.max(0, size - end) : 0;
}
